import { Unavailable } from '@kkm/core';
import { untilAnswered } from './asking';
import type { Defect } from './defects';
import { Person } from './people';
import { saidByPeople } from './people-audit';
import type { Plan, PlannedPayment } from './plan';
import type { PlannedSbp } from './sbp-plan';
import { siteId } from './sim-worker';
import { beginMs, World } from './world';

/** What came of one history. */
export interface RunReport {
  readonly violations: readonly string[];
  readonly steps: number;
  /** The fingerprint of the whole history. */
  readonly history: string;
  readonly happened: readonly string[];
  readonly statuses: readonly string[];
  /** What people decided and what the terminals said to it. */
  readonly people: readonly string[];
  /** What became of every return, and of money that surfaced. */
  readonly returns: readonly string[];
  /** What became of the codes of SBP. */
  readonly sbp: readonly string[];
  readonly virtualMs: number;
}

const activeMs = 150_000;
const restMs = 420_000;
const lookEveryMs = 1_000;
/** How often the ledger looks at what is due in a night, however long it is. */
const looksOfNight = 400;

/** Runs a history to rest, or to the first thing that is broken. */
export async function runPlan(plan: Plan, defect: Defect = {}): Promise<RunReport> {
  const world = new World(plan, defect);
  const { scheduler, auditor } = world;
  world.begin();
  for (const { orderId } of plan.payments) auditor.expectOrder(orderId);
  for (const payment of plan.payments) scheduler.after(payment.atMs, () => void new Caller(world, payment).pay());
  const broken = (): boolean => auditor.violations.length > 0;
  const runUntil = async (atMs: number): Promise<void> => {
    while (!broken() && (await scheduler.step(atMs)));
    if (!broken()) scheduler.arrive(atMs);
  };
  await runUntil(beginMs + activeMs);
  world.heal();
  const comeToRest = async (isNightAhead: boolean): Promise<void> => {
    const fromMs = scheduler.nowMs();
    for (let atMs = fromMs; !broken() && atMs < fromMs + restMs && !world.isAtRest(isNightAhead);) await runUntil((atMs += lookEveryMs));
  };
  const nightMs = plan.sbp?.nightMs ?? 0;
  await comeToRest(nightMs > 0);
  if (nightMs > 0) {
    world.fallAsleep(Math.ceil(nightMs / looksOfNight));
    await runUntil(scheduler.nowMs() + nightMs);
    world.wakeUp();
    await comeToRest(false);
  }
  if (!broken()) auditor.atRest();
  return {
    violations: auditor.violations,
    steps: scheduler.steps,
    history: (scheduler.history >>> 0).toString(16).padStart(8, '0'),
    happened: world.happened,
    statuses: [...world.store.books.heads.values()].map(({ shown }) => shown.status),
    people: saidByPeople(world.store.books.resolutions),
    returns: returnsOf(world),
    sbp: world.sbp?.audit.said ?? [],
    virtualMs: scheduler.nowMs() - beginMs,
  };
}

function returnsOf({ store: { books } }: World): readonly string[] {
  const returns = [...books.attempts.values()].filter(({ shown }) => shown.operation !== 'sale');
  const surfaced = [...books.charges.values()].filter((charge) => charge.surfaced);
  return [...returns.map(({ shown }) => `${shown.operation} ${shown.status}`), ...surfaced.map(({ disposition }) => `surfaced ${disposition}`)];
}

/** iCafeCloud and the cashier: asks, asks again with the same key when no answer comes, cancels and redoes. */
class Caller {
  private paymentId: string | null = null;
  private called = false;

  constructor(
    private readonly world: World,
    private readonly planned: PlannedPayment,
  ) {}

  async pay(): Promise<void> {
    const { scheduler } = this.world;
    const begunMs = scheduler.nowMs() - this.planned.atMs;
    const { cancelAtMs, redoAtMs, giveBack, sbp } = this.planned;
    if (cancelAtMs !== null) scheduler.after(begunMs + cancelAtMs - scheduler.nowMs(), () => void this.cancel());
    for (const [n, atMs] of redoAtMs.entries()) scheduler.after(begunMs + atMs - scheduler.nowMs(), () => void this.redo(n));
    for (const wanted of giveBack) scheduler.after(begunMs + wanted.atMs - scheduler.nowMs(), () => void this.giveBack(wanted));
    for (const { afterMs, to } of sbp?.switches ?? []) scheduler.after(afterMs, () => void this.switch(to));
    for (const [n, wanted] of (sbp?.refunds ?? []).entries()) scheduler.after(wanted.afterMs, () => void this.refund(n, wanted));
    await untilAnswered(this.world, async (gateway) => {
      const { key, orderId, amount, terminal, expiresInSeconds, additional } = this.planned;
      const opened = await gateway.take.run({
        idempotencyKey: key,
        scope: null,
        siteId,
        orderId,
        amount,
        currency: 'RUB',
        method: sbp?.method ?? 'card',
        registerId: null,
        terminalId: `pax-${terminal + 1}`,
        expiresInSeconds,
        additional,
        metadata: {},
        asSent: { orderId, amount },
      });
      this.paymentId = opened.payment.id;
      this.called ||= this.callPerson(begunMs, opened.payment.id);
    });
  }

  private callPerson(begunMs: number, paymentId: string): boolean {
    if (this.planned.person) new Person(this.world, this.planned.person, paymentId).come(begunMs);
    return true;
  }

  private async cancel(): Promise<void> {
    const { paymentId } = this;
    if (paymentId !== null) await untilAnswered(this.world, (gateway) => gateway.cancel.run({ scope: null, paymentId }));
  }

  private async redo(n: number): Promise<void> {
    const { paymentId } = this;
    if (paymentId === null) return;
    const request = {
      idempotencyKey: `${this.planned.key}-redo-${n}`,
      scope: null,
      paymentId,
      method: this.planned.sbp?.redos[n] ?? null,
      terminalId: null,
      amount: null,
      expiresInSeconds: 60,
      asSent: { n },
    };
    await untilAnswered(this.world, (gateway) => gateway.redo.run(request));
  }

  /** The guest wants to pay the other way. */
  private async switch(method: 'card' | 'sbp_qr'): Promise<void> {
    const { paymentId } = this;
    if (paymentId !== null) await untilAnswered(this.world, (gateway) => gateway.switch.run({ scope: null, paymentId, method }));
  }

  /** As many as planned ask at once, each under a key of its own. */
  private async refund(nth: number, { share, askers }: PlannedSbp['refunds'][number]): Promise<void> {
    const { paymentId, world } = this;
    if (paymentId === null) return;
    const amount = Math.max(1, Math.floor(this.planned.amount * share));
    const by = { kind: 'api_key', id: 'key_1', name: 'Manager' } as const;
    const ask = (asker: number): Promise<void> =>
      untilAnswered(world, (gateway) =>
        gateway.refund.run({
          idempotencyKey: `${this.planned.key}-back-${nth}-${asker}`,
          scope: null,
          paymentId,
          amount,
          reason: null,
          by,
          asSent: { amount },
        }),
      );
    await Promise.all(Array.from({ length: askers }, (_, asker) => ask(asker)));
  }

  /** Asks once: whoever gets no answer looks at the payment. */
  private async giveBack({ operation, share }: PlannedPayment['giveBack'][number]): Promise<void> {
    const { paymentId, world } = this;
    if (paymentId === null || (operation === 'reversal' && !world.terminalsKnowTheirLast)) return;
    await world.ledger?.giveBack({ paymentId, operation, share }).catch((error: unknown) => {
      if (!(error instanceof Unavailable)) throw error;
    });
  }
}
