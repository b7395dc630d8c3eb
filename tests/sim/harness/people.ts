import { untilAnswered } from './asking';
import type { PlannedPerson } from './plan';
import type { World } from './world';

const lookEveryMs = 1_300;
const looksMax = 60;

/** Somebody with the right to decide: waits until the payment is in doubt, looks into the bank's books, and decides what they say, or something else. */
export class Person {
  private looks = 0;

  constructor(
    private readonly world: World,
    private readonly planned: PlannedPerson,
    private readonly paymentId: string,
  ) {}

  /** Comes at the planned times; `begunMs` is when the history began. */
  come(begunMs: number): void {
    const { scheduler } = this.world;
    const { atMs, closeAtMs } = this.planned;
    scheduler.after(begunMs + atMs - scheduler.nowMs(), () => this.look());
    if (closeAtMs !== null) scheduler.after(begunMs + closeAtMs - scheduler.nowMs(), () => void this.close());
  }

  private look(): void {
    const { store, scheduler } = this.world;
    this.looks += 1;
    const doubted = store.books.record(this.paymentId)?.attempts.find(({ shown }) => shown.operation === 'sale' && shown.status === 'unknown');
    if (doubted) void this.decide(doubted.shown.id);
    else if (this.looks < looksMax) scheduler.after(lookEveryMs, () => this.look());
  }

  private async decide(attemptId: string): Promise<void> {
    const { paymentId, world, planned } = this;
    const [sale] = world.auditor.salesOf(attemptId);
    const charged = (sale !== undefined) === planned.rightly;
    const chargedAmount = charged && planned.wrongAmount ? 1 : null;
    const by = { kind: 'api_key', id: 'key_1', name: 'Manager' } as const;
    const decision = { scope: null, paymentId, attemptId: null, charged, chargedAmount, evidence: 'the bank’s list', by };
    await untilAnswered(world, (gateway) => gateway.resolve.run({ ...decision, idempotencyKey: `decide ${attemptId}`, asSent: { charged } }));
    if (!charged && planned.redoAfterMs !== null) world.scheduler.after(planned.redoAfterMs, () => void this.redo());
  }

  private async redo(): Promise<void> {
    const { paymentId } = this;
    const asked = { method: null, terminalId: null, amount: null, expiresInSeconds: 60, asSent: {} };
    await untilAnswered(this.world, (gateway) => gateway.redo.run({ ...asked, scope: null, paymentId, idempotencyKey: `redo of ${paymentId}` }));
  }

  private async close(): Promise<void> {
    await untilAnswered(this.world, (gateway) => gateway.ledger.close({ scope: null, paymentId: this.paymentId }));
  }
}
