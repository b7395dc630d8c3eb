import { monotonicMs, pause } from '../../bench/measure/clock';
import type { FaultShown } from '../count/hits';
import { isUsedByHand } from '../plan/counter-plan';
import type { GuestPlan, Guests } from '../plan/guests';
import type { Seeded } from '../plan/seeded';
import { FreeTerminals } from './free-terminals';
import { visit } from './visit';
import type { VisitParts } from './visit';

/** Guests who come each second. More than the promised ten payments, because nobody is served while everything is down. */
const guestsPerSecond = 17;

/** All guests of a run. */
export class Load {
  /** Payments whose acceptance a caller was told. */
  readonly acknowledged = new Set<string>();
  readonly shown: FaultShown[] = [];
  /** Payments whose terminal showed a fault. */
  readonly faulted = new Set<string>();
  /** Why requests were refused, with how many there were. */
  readonly refusals = new Map<string, number>();
  private readonly free: FreeTerminals;
  private readonly staying = new Set<Promise<void>>();
  private readonly failures: unknown[] = [];
  private closed = false;

  constructor(
    private readonly around: Pick<VisitParts, 'siteId' | 'caller' | 'feed' | 'counter'>,
    private readonly terminalIds: readonly string[],
    private readonly guests: Guests,
    private readonly seeded: Seeded,
  ) {
    this.free = new FreeTerminals(terminalIds);
  }

  /** Lets guests come until it is enough, whatever became of the earlier ones. Guests whom the machine kept waiting come at once. */
  async come(isEnough: () => boolean): Promise<void> {
    const beganAtMs = monotonicMs();
    for (let come = 0; !isEnough(); come += 1) {
      await pause(Math.max(0, beganAtMs + (come * 1_000) / guestsPerSecond - monotonicMs()));
      const stay = this.stay(this.guests.arrive()).catch((error: unknown) => void this.failures.push(error));
      this.staying.add(stay);
      void stay.finally(() => this.staying.delete(stay));
    }
    this.closed = true;
  }

  /** Resolves when the last guest has left. Rejects when a guest's own hands failed, which are the virtual terminal's. */
  async leave(): Promise<void> {
    while (this.staying.size > 0) await Promise.all(this.staying);
    if (this.failures.length > 0) throw this.failures[0];
  }

  private async stay(plan: GuestPlan): Promise<void> {
    if (plan.impatient) return visit(plan, this.anyTerminal(), this.parts());
    const terminalId = await this.free.take(plan.fault?.name === 'foreign_sale' ? isUsedByHand : undefined);
    if (!this.closed) await visit(plan, terminalId, this.parts());
    this.free.giveBack(terminalId);
  }

  private anyTerminal(): string {
    return this.terminalIds[this.seeded.whole(0, this.terminalIds.length - 1)] ?? '';
  }

  private parts(): VisitParts {
    return {
      ...this.around,
      accepted: ({ id }) => this.acknowledged.add(id),
      shown: ({ id }, shown) => {
        this.shown.push(shown);
        if (shown.fired) this.faulted.add(id);
        else this.guests.notFired(shown.fault);
      },
      refused: (code) => this.refusals.set(code, (this.refusals.get(code) ?? 0) + 1),
    };
  }
}
