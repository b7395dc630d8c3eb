import { decideLease, othersLeaveWithinMs, permitTimes } from '@kkm/core';
import type { HeartbeatRequest, LeaseAnswer, LeaseRequest, PermittedAttempt } from '@kkm/core';
import type { Clock } from '../worker/ports';

/** Who may connect to which terminal, and who was heard when, as the fake ledger keeps it. */
export class FakeLeases {
  private readonly held = new Map<string, { readonly workerId: string; readonly takenAtMs: number }>();
  private readonly seenMs = new Map<string, number>();

  constructor(private readonly clock: Clock) {}

  /** Who holds a terminal's lease. */
  holder(terminalId: string): string | null {
    return this.held.get(terminalId)?.workerId ?? null;
  }

  /** Gives a terminal's lease to a worker. */
  give(terminalId: string, workerId: string): void {
    if (this.holder(terminalId) !== workerId) this.held.set(terminalId, { workerId, takenAtMs: this.clock.wallMs() });
  }

  /** A worker was heard. */
  hear({ workerId, leaving, terminalIds, driving }: HeartbeatRequest): void {
    if (leaving && terminalIds.length === 0 && driving.length === 0) this.seenMs.delete(workerId);
    else this.seenMs.set(workerId, this.clock.wallMs());
  }

  /** Decides with the same functions as the real ledger. */
  ask({ workerId, terminalId, predecessors = [], upkeep = false }: LeaseRequest, occupant: PermittedAttempt | null): LeaseAnswer {
    const nowMs = this.clock.wallMs();
    const lease = this.held.get(terminalId) ?? null;
    const facts = { nowMs, workerId, holder: lease?.workerId ?? null, takenAtMs: lease?.takenAtMs ?? null, occupant, predecessors, upkeep };
    const answer = decideLease(facts, permitTimes);
    if (answer.kind === 'busy') return answer;
    this.give(terminalId, workerId);
    const others = [...this.seenMs].filter(([other]) => other !== workerId && !predecessors.includes(other));
    const takenAtMs = this.held.get(terminalId)?.takenAtMs ?? nowMs;
    return { ...answer, othersLeaveWithinMs: othersLeaveWithinMs({ nowMs, takenAtMs, othersSeenMs: others.map(([, seenMs]) => seenMs) }, permitTimes) };
  }
}
