import { Unavailable } from '@kkm/core';
import { untilAnswered } from './asking';
import type { Defect } from './defects';
import { Person } from './people';
import { saidByPeople } from './people-audit';
import type { Plan, PlannedPayment } from './plan';
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
  readonly virtualMs: number;
}

const activeMs = 150_000;
const restMs = 420_000;
const lookEveryMs = 1_000;

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
  for (let atMs = beginMs + activeMs; !broken() && atMs < beginMs + activeMs + restMs && !world.isAtRest();) await runUntil((atMs += lookEveryMs));
  if (!broken()) auditor.atRest();
  return {
    violations: auditor.violations,
    steps: scheduler.steps,
    history: (scheduler.history >>> 0).toString(16).padStart(8, '0'),
    happened: world.happened,
    statuses: [...world.store.books.heads.values()].map(({ shown }) => shown.status),
    people: saidByPeople(world.store.books.resolutions),
    returns: returnsOf(world),
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
    const { cancelAtMs, redoAtMs, giveBack } = this.planned;
    if (cancelAtMs !== null) scheduler.after(begunMs + cancelAtMs - scheduler.nowMs(), () => void this.cancel());
    for (const [n, atMs] of redoAtMs.entries()) scheduler.after(begunMs + atMs - scheduler.nowMs(), () => void this.redo(n));
    for (const wanted of giveBack) scheduler.after(begunMs + wanted.atMs - scheduler.nowMs(), () => void this.giveBack(wanted));
    await untilAnswered(this.world, async (gateway) => {
      const { key, orderId, amount, terminal, expiresInSeconds, additional } = this.planned;
      const opened = await gateway.take.run({
        idempotencyKey: key,
        scope: null,
        siteId,
        orderId,
        amount,
        currency: 'RUB',
        method: 'card',
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
      method: null,
      terminalId: null,
      amount: null,
      expiresInSeconds: 60,
      asSent: { n },
    };
    await untilAnswered(this.world, (gateway) => gateway.redo.run(request));
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
