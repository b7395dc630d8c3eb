import type { LateApproval } from '@kkm/core';
import type { PlannedSbp, SbpPlan } from './sbp-plan';
import { Seeded } from './seeded';

/** The processes of a simulation. */
export const processNames = ['gateway', 'ledger', 'worker-1', 'worker-2'] as const;
/** One of {@link processNames}, or the second ledger of a world in which SBP is paid. */
export type ProcessName = (typeof processNames)[number] | 'ledger-2';

/** Somebody who decides a payment in doubt, and may close it. */
export interface PlannedPerson {
  /** When the person first looks; without a doubt, again for a while. */
  readonly atMs: number;
  /** Whether the person decides as the bank's books say at that moment. */
  readonly rightly: boolean;
  /** Whether the person mistakes the amount of a charge. */
  readonly wrongAmount: boolean;
  /** How long after saying that nothing was charged the person asks for a redo. */
  readonly redoAfterMs: number | null;
  readonly closeAtMs: number | null;
}

/** A payment that a café asks for, and what the cashier does about it. Times are milliseconds from the beginning. */
export interface PlannedPayment {
  readonly key: string;
  readonly orderId: string;
  readonly amount: number;
  readonly terminal: number;
  readonly atMs: number;
  readonly expiresInSeconds: number;
  readonly additional: boolean;
  readonly cancelAtMs: number | null;
  readonly redoAtMs: readonly number[];
  readonly person: PlannedPerson | null;
  /** When money is to be given back, and how: a share of the charge refunded, or the terminal's last operation reversed. */
  readonly giveBack: readonly { readonly atMs: number; readonly operation: 'refund' | 'reversal'; readonly share: number }[];
  /** How it is paid by SBP; absent: by card. */
  readonly sbp?: PlannedSbp;
}

/** What goes wrong, and when. `operation`: at the n-th use of a port by that process, before or after its effect. */
export type PlannedFault =
  | { readonly kind: 'crash'; readonly process: ProcessName; readonly operation: number; readonly downMs: number }
  | { readonly kind: 'freeze'; readonly process: ProcessName; readonly atMs: number; readonly forMs: number }
  | { readonly kind: 'freeze-soon'; readonly process: ProcessName; readonly operation: number; readonly forMs: number }
  | { readonly kind: 'cut'; readonly process: ProcessName; readonly atMs: number }
  | { readonly kind: 'restart-broker'; readonly atMs: number }
  | { readonly kind: 'cable'; readonly terminal: number; readonly atMs: number; readonly forMs: number }
  | {
      readonly kind: 'terminal';
      readonly terminal: number;
      readonly atMs: number;
      readonly faults: readonly string[];
      readonly guest: 'approve' | 'decline' | 'none';
    }
  | { readonly kind: 'duplicate'; readonly what: 'command' | 'result'; readonly atMs: number }
  | { readonly kind: 'slow'; readonly atMs: number; readonly forMs: number; readonly byMs: number }
  | { readonly kind: 'database'; readonly atMs: number; readonly forMs: number }
  /** A charge is told of whose attempt the ledger does not know, as after a restore from an old backup. */
  | { readonly kind: 'stray'; readonly terminal: number; readonly atMs: number; readonly amount: number }
  /** A terminal's bank turns out to have done what the terminal refused; `faults` meet the next operation there, which may be its void. */
  | { readonly kind: 'late-approval'; readonly atMs: number; readonly faults: readonly string[] }
  /** Staff uses the terminal past the register; `amount` null: the day is settled. */
  | { readonly kind: 'by-hand'; readonly terminal: number; readonly atMs: number; readonly amount: number | null };

/** A whole history's causes; with the seed of its small choices it repeats to the last step. */
export interface Plan {
  readonly seed: number;
  readonly personality: 'plain' | 'fields';
  /** The site's setting. */
  readonly lateApproval: LateApproval;
  readonly payments: readonly PlannedPayment[];
  readonly faults: readonly PlannedFault[];
  /** Absent: nobody pays by SBP. */
  readonly sbp?: SbpPlan;
}

const spanMs = 90_000;
const terminalFaults = [
  'drop_before_ack',
  'drop_after_ack',
  'drop_after_approval',
  'drop_mid_result',
  'silent',
  'nak_once',
  'bad_crc_once',
  'split_bytes',
  'coalesce',
  'duplicate_result',
  'reboot',
  'host_unreachable',
  'foreign_sale',
  'unknown_status',
  'read_failures(1)',
  'read_failures(3)',
  'late_result(70000)',
  'slow_bank(9000)',
  'unplug(15000)',
] as const;

/** Draws a plan: at least four payments, at least three faults. */
export function drawPlan(seed: number): Plan {
  const random = new Seeded(seed);
  const payments = Array.from({ length: random.whole(4, 7) }, (_, n) => drawPayment(random, n));
  // Somebody sends the same bill again under another key.
  const [first] = payments;
  if (first && random.chance(0.4))
    payments.push({ ...first, key: 'again', amount: random.chance(0.5) ? first.amount : first.amount + 100, atMs: first.atMs + random.whole(0, 4) });
  const personality = random.chance(0.5) ? 'fields' : 'plain';
  const faults = Array.from({ length: random.whole(3, 8) }, () => drawFault(random));
  return withReturns(
    { seed, personality, lateApproval: 'keep', payments: withPeople(new Seeded(seed + 2_000_003), payments), faults },
    new Seeded(seed + 500_009),
  );
}

/** Late money and what may be given back, drawn apart: the rest of a seed's plan does not depend on it. */
function withReturns(plan: Plan, random: Seeded): Plan {
  const lateApproval = random.chance(0.5) ? 'void' : 'keep';
  const payments = plan.payments.map((payment) => ({
    ...payment,
    giveBack: random.chance(0.25) ? drawReturns(random, payment.atMs) : [],
    cancelAtMs: random.chance(0.2) ? payment.atMs + random.whole(2_500, 6_000) : payment.cancelAtMs,
  }));
  const slow = payments.filter(({ cancelAtMs }) => cancelAtMs !== null && random.chance(0.5)).map((payment) => slowBank(payment));
  const late = Array.from({ length: random.whole(0, 2) }, () => ({
    kind: 'late-approval' as const,
    atMs: random.whole(20_000, spanMs + 30_000),
    faults: random.chance(0.7) ? [random.pick(terminalFaults)] : [],
  }));
  return { ...plan, lateApproval, payments, faults: [...plan.faults, ...late, ...slow] };
}

/** The card is read and the bank thinks: a cancel that comes now is too late. */
function slowBank({ terminal, atMs }: PlannedPayment): PlannedFault {
  return { kind: 'terminal', terminal, atMs, faults: ['slow_bank(5000)'], guest: 'approve' };
}

function drawReturns(random: Seeded, paidAtMs: number): PlannedPayment['giveBack'] {
  const operation = random.chance(0.4) ? 'reversal' : 'refund';
  return Array.from({ length: random.whole(1, 3) }, () => ({ atMs: paidAtMs + random.whole(2_000, 40_000), operation, share: random.whole(20, 100) / 100 }));
}

/** People have a stream of their own, so that the causes of a seed stay what they were before there were any. */
function withPeople(random: Seeded, payments: readonly PlannedPayment[]): readonly PlannedPayment[] {
  return payments.map((payment) => {
    const closeAtMs = random.chance(0.25) ? payment.atMs + random.whole(10_000, 90_000) : null;
    const [atMs, rightly, wrongAmount] = [payment.atMs + random.whole(1_000, 30_000), random.chance(0.5), random.chance(0.2)];
    const redoAfterMs = random.chance(0.5) ? random.whole(1, 10_000) : null;
    return { ...payment, person: random.chance(0.7) ? { atMs, rightly, wrongAmount, redoAfterMs, closeAtMs } : null };
  });
}

function drawPayment(random: Seeded, n: number): PlannedPayment {
  const atMs = random.whole(0, spanMs);
  return {
    key: `key-${n}`,
    orderId: `order-${n}`,
    amount: random.whole(1, 900) * 100,
    terminal: random.whole(0, 1),
    atMs,
    expiresInSeconds: random.chance(0.25) ? random.whole(5, 20) : 180,
    additional: random.chance(0.1),
    cancelAtMs: random.chance(0.3) ? atMs + random.whole(1, 6_000) : null,
    giveBack: [],
    redoAtMs: random.chance(0.5) ? [atMs + random.whole(3_000, 30_000), atMs + random.whole(3_000, 30_000)] : [],
    person: null,
  };
}

function drawFault(random: Seeded): PlannedFault {
  const process = random.pick([...processNames, 'worker-1', 'worker-2'] as const);
  const worker = random.pick(['worker-1', 'worker-2'] as const);
  const atMs = random.whole(0, spanMs);
  switch (random.whole(0, 18)) {
    case 0:
    case 1:
    case 2:
      return { kind: 'crash', process, operation: random.whole(20, 500), downMs: random.whole(100, 30_000) };
    case 3:
      return { kind: 'freeze', process, atMs, forMs: random.whole(1_000, 60_000) };
    case 4:
    case 5:
      return { kind: 'freeze-soon', process: worker, operation: random.whole(20, 400), forMs: random.whole(5_000, 60_000) };
    case 6:
      return { kind: 'cut', process, atMs };
    case 7:
      return { kind: 'restart-broker', atMs };
    case 8:
      return { kind: 'cable', terminal: random.whole(0, 1), atMs, forMs: random.whole(500, 20_000) };
    case 9:
      return { kind: 'duplicate', what: random.pick(['command', 'result'] as const), atMs };
    case 10:
      return { kind: 'slow', atMs, forMs: random.whole(1_000, 15_000), byMs: random.whole(100, 6_000) };
    case 11:
      return { kind: 'database', atMs, forMs: random.whole(500, 20_000) };
    case 12:
      return { kind: 'late-approval', atMs: atMs + 30_000, faults: [] };
    case 14:
      return { kind: 'stray', terminal: random.whole(0, 1), atMs, amount: random.whole(1, 900) * 100 };
    case 13:
      return { kind: 'by-hand', terminal: random.whole(0, 1), atMs, amount: random.chance(0.3) ? null : random.whole(1, 900) * 100 };
    default:
      return {
        kind: 'terminal',
        terminal: random.whole(0, 1),
        atMs,
        faults: [random.pick(terminalFaults)],
        guest: random.pick(['approve', 'approve', 'decline', 'none'] as const),
      };
  }
}
