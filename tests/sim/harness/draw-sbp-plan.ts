import type { SbpWay } from '@kkm/core';
import { drawPlan } from './plan';
import type { Plan, PlannedFault, PlannedPayment } from './plan';
import type { PlannedBankFault, PlannedGuest, PlannedSbp, SbpPlan } from './sbp-plan';
import { Seeded } from './seeded';
import type { BankFault } from './sim-sbp-bank';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
/** The watcher's pauses never grow beyond an hour. */
const longNightMs = 73 * hourMs;

/** Draws a plan in which guests pay by SBP, too. The rest is that of the seed's plan without it. */
export function drawSbpPlan(seed: number): Plan {
  const plan = drawPlan(seed);
  const random = new Seeded(seed + 9_000_011);
  const isLong = random.chance(0.12);
  const nightMs = isLong ? longNightMs : random.chance(0.25) ? 40 * minuteMs : 0;
  const flights = [...(isLong ? [71 * hourMs] : []), ...(nightMs > 0 ? [10 * minuteMs] : [])];
  const sbp: SbpPlan = {
    ways: [drawWay(random), drawWay(random)],
    tellsUnderWay: random.chance(0.5),
    cancelsUnderWay: random.chance(0.8) || nightMs > 0,
    tells: random.chance(0.3) ? null : { afterMs: random.pick([0, 0, 400, 3_000, 40_000] as const), times: random.whole(1, 3) },
    faults: Array.from({ length: random.whole(1, 3) }, () => drawBankFault(random)),
    nightMs,
  };
  const payments = plan.payments.map((payment) => drawSbp(random, payment, flights));
  const crashes = Array.from({ length: random.whole(0, 2) }, () => drawCrash(random));
  const switched = withSwitches(new Seeded(seed + 11_000_017), payments);
  return withGuestSwitches(new Seeded(seed + 13_000_027), { ...plan, sbp, payments: switched, faults: [...plan.faults, ...crashes] });
}

/** Every refund that is asked for within the first minutes is declined by the bank. */
export function refusing(seed: number): Plan {
  const plan = drawSbpPlan(seed);
  const declined: PlannedBankFault = { kind: 'behaviour', atMs: 0, forMs: 3 * minuteMs, what: 'refund-declined' };
  return plan.sbp ? { ...plan, sbp: { ...plan.sbp, faults: [declined] } } : plan;
}

/** Guests who change over once or, having thought about it, twice; drawn apart, so that the rest of a plan does not depend on it. */
function withSwitches(random: Seeded, payments: readonly PlannedPayment[]): readonly PlannedPayment[] {
  return payments.map((payment) => {
    const first = { afterMs: random.whole(300, 8_000), to: 'sbp_qr' } as const;
    const back = { afterMs: first.afterMs + random.whole(1_000, 15_000), to: 'card' } as const;
    const switches = random.chance(0.8) ? [first, ...(random.chance(0.4) ? [back] : [])] : [];
    return payment.sbp?.method === 'card_or_sbp_qr' ? { ...payment, sbp: { ...payment.sbp, switches } } : payment;
  });
}

/** Terminals whose cancel key lets the guest change over, and guests who press it: at the card, and at the code. Drawn apart like the rest. */
function withGuestSwitches(random: Seeded, plan: Plan & { readonly sbp: SbpPlan }): Plan {
  const ways = plan.sbp.ways.map((way) => (way.by === 'bank_qr' && random.chance(0.6) ? { ...way, guestSwitch: 'cancel_key' as const } : way));
  const payments = plan.payments.map((payment) => {
    const leaves = [random.chance(0.6) ? random.whole(10, 2_500) : null, random.chance(0.3) ? random.whole(10, 2_500) : null];
    const presses = [random.chance(0.4), random.chance(0.2)].map((isPressed) => (isPressed ? random.whole(300, 12_000) : null));
    const { sbp } = payment;
    if (sbp?.method !== 'card_or_sbp_qr') return payment;
    const guests = sbp.guests.map((guest, n) => ({ ...guest, pressesAfterMs: presses[n] ?? guest.pressesAfterMs }));
    return { ...payment, sbp: { ...sbp, guests, leavesCard: leaves } };
  });
  return { ...plan, payments, sbp: { ...plan.sbp, ways } };
}

/** Every third seed has guests who pay by SBP. */
export function planOf(seed: number): Plan {
  return seed % 3 === 0 ? drawSbpPlan(seed) : drawPlan(seed);
}

/** Either ledger dies at some step, or a worker does that may be showing a code. */
function drawCrash(random: Seeded): PlannedFault {
  const process = random.pick(['ledger', 'ledger-2', 'ledger-2', 'worker-1', 'worker-2'] as const);
  return { kind: 'crash', process, operation: random.whole(100, process.startsWith('ledger') ? 2_500 : 600), downMs: random.whole(100, 15_000) };
}

function drawWay(random: Seeded): SbpWay {
  if (random.chance(0.12)) return { by: 'terminal' };
  return { by: 'bank_qr', windowSeconds: random.whole(30, 45) };
}

function drawSbp(random: Seeded, payment: PlannedPayment, flights: readonly number[]): PlannedPayment {
  const method = random.pick(['sbp_qr', 'sbp_qr', 'sbp_qr', 'sbp_qr', 'card_or_sbp_qr', 'card_or_sbp_qr', 'card_or_sbp_qr', 'card'] as const);
  if (method === 'card') return payment;
  const refunds = random.chance(0.4)
    ? Array.from({ length: random.whole(1, 2) }, () => ({
        afterMs: random.whole(8_000, 50_000),
        share: random.whole(20, 100) / 100,
        askers: random.chance(0.15) ? 16 : 1,
      }))
    : [];
  const redos = [random.pick(['sbp_qr', 'card', method] as const), random.pick(['sbp_qr', 'card'] as const)];
  const sbp: PlannedSbp = { method, redos, switches: [], refunds, guests: [drawGuest(random, flights), drawGuest(random, flights)], leavesCard: [] };
  const cancelAtMs = random.chance(0.35) ? payment.atMs + random.whole(1_500, 20_000) : null;
  return { ...payment, sbp, cancelAtMs, giveBack: [], person: null };
}

function drawGuest(random: Seeded, flights: readonly number[]): PlannedGuest {
  const confirms = drawConfirmation(random);
  const isSlow = flights.length > 0 && random.chance(0.6);
  const slowMs = flights[random.whole(0, flights.length - 1)] ?? 0;
  return {
    confirms: isSlow ? { from: 'end', afterMs: -random.whole(100, 4_000) } : confirms,
    flightMs: isSlow ? slowMs : random.chance(0.3) ? random.whole(2_000, 12_000) : random.whole(50, 1_500),
    isRefused: !isSlow && random.chance(0.08),
    pressesAfterMs: random.chance(0.1) ? random.whole(500, 20_000) : null,
  };
}

function drawConfirmation(random: Seeded): PlannedGuest['confirms'] {
  const kind = random.whole(0, 9);
  if (kind <= 4) return { from: 'seen', afterMs: random.whole(300, 15_000) };
  if (kind === 5) return { from: 'end', afterMs: -1_000 };
  if (kind === 6) return { from: 'end', afterMs: 1_000 };
  if (kind === 7) return { from: 'end', afterMs: random.whole(-2_000, 3_000) };
  return kind === 8 ? null : { from: 'seen', afterMs: random.whole(10_000, 40_000) };
}

function drawBankFault(random: Seeded): PlannedBankFault {
  const atMs = random.whole(0, 100_000);
  const call = (fault: Omit<BankFault, 'untilMs'>, forMs: number): PlannedBankFault => ({ kind: 'call', atMs, forMs, fault });
  switch (random.whole(0, 9)) {
    case 0:
      return call({ call: 'create', how: 'lost-before', once: true }, 100_000);
    case 1:
    case 2:
      return call({ call: 'create', how: 'lost-after', once: true }, 100_000);
    case 3:
      return call({ call: 'any', how: 'down', once: false }, random.whole(3_000, random.chance(0.8) ? 40_000 : 4 * minuteMs));
    case 4:
      return call({ call: 'any', how: 'slow', once: false }, random.whole(5_000, 40_000));
    case 5:
      return call({ call: random.pick(['status', 'cancel', 'refund', 'refund-status'] as const), how: 'lost-after', once: random.chance(0.5) }, 60_000);
    case 6:
      return call({ call: random.pick(['refund', 'refund-status'] as const), how: 'lost-before', once: true }, 100_000);
    case 7:
      return { kind: 'behaviour', atMs, forMs: random.whole(20_000, 90_000), what: 'cancel-ignored' };
    case 8:
      return { kind: 'behaviour', atMs, forMs: random.whole(20_000, 60_000), what: random.pick(['refund-declined', 'refund-slow'] as const) };
    default:
      return { kind: 'forged', atMs };
  }
}
