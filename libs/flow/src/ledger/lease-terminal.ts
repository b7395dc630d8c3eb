import { decideLease, othersLeaveWithinMs } from '@kkm/core';
import type { HeartbeatAnswer, HeartbeatRequest, LeaseAnswer, LeaseRequest, TerminalStanding } from '@kkm/core';
import type { LeaseRecord, LedgerStore } from './ledger-store';
import type { LedgerSurroundings } from './surroundings';
import { stale, untilSaved } from './until-saved';

/** Says which worker may connect to a terminal. Two never may: the lease moves only while no live permit stands under it. */
export class LeaseTerminal {
  constructor(
    private readonly store: LedgerStore,
    private readonly around: LedgerSurroundings,
  ) {}

  /** `busy` names the attempt that another worker drives there. */
  async execute(request: LeaseRequest): Promise<LeaseAnswer> {
    const { siteId, terminalId, workerId } = request;
    return untilSaved(async () => {
      const { lease, occupant, baselined } = await this.store.terminal(siteId, terminalId);
      const nowMs = this.around.nowMs();
      const answer = decideLease({ nowMs, occupant, ...askOf(request, lease) }, this.around.times);
      if (answer.kind === 'busy') return answer;
      const takenAtMs = lease?.workerId === workerId ? lease.takenAtMs : nowMs;
      if (lease?.workerId !== workerId) {
        const seen = { version: lease?.version ?? null, drivenUntilMs: occupant?.leaseUntilMs ?? null };
        if (!(await this.store.takeLease({ siteId, terminalId, workerId, ...seen, nowMs }))) return stale;
      }
      return { ...answer, baselined, othersLeaveWithinMs: await this.othersLeaveWithinMs(request, takenAtMs) };
    });
  }

  /** The dead are not waited for: their connections are closed. */
  private async othersLeaveWithinMs({ siteId, workerId, predecessors = [] }: LeaseRequest, takenAtMs: number): Promise<number> {
    const { nowMs, times } = this.around;
    const seen = await this.store.workersSeen(siteId, takenAtMs - times.leaseMs);
    const others = seen.filter((worker) => worker.workerId !== workerId && !predecessors.includes(worker.workerId));
    return othersLeaveWithinMs({ nowMs: nowMs(), takenAtMs, othersSeenMs: others.map(({ seenMs }) => seenMs) }, times);
  }
}

function askOf({ workerId, predecessors = [], upkeep = false }: LeaseRequest, lease: LeaseRecord | null) {
  return { workerId, predecessors, upkeep, holder: lease?.workerId ?? null, takenAtMs: lease?.takenAtMs ?? null };
}

/** Keeps a worker's leases alive, tells it who shares the site and whose cancel is asked for (design-money, clauses 2, 13 and 23). */
export class Heartbeat {
  constructor(
    private readonly store: LedgerStore,
    private readonly around: LedgerSurroundings,
  ) {}

  /** A lease whose nonce is no longer in force is not renewed and is told as lost. */
  async execute(request: HeartbeatRequest): Promise<HeartbeatAnswer> {
    const nowMs = this.around.nowMs();
    const { leaseMs, memberMs } = this.around.times;
    const outcome = await this.store.heartbeat(request, { nowMs, leaseUntilMs: nowMs + leaseMs, memberSinceMs: nowMs - memberMs });
    const renewed = new Set(outcome.renewed.map((driven) => driven.attemptId));
    return {
      workerIds: outcome.memberIds,
      lostTerminalIds: request.terminalIds.filter((terminalId) => !outcome.heldTerminalIds.includes(terminalId)),
      lostAttemptIds: request.driving.map((driven) => driven.attemptId).filter((attemptId) => !renewed.has(attemptId)),
      cancelAttemptIds: outcome.renewed.filter((driven) => driven.cancelPending).map((driven) => driven.attemptId),
      leaseMs,
    };
  }
}

/** Tells what unfinished work a terminal has, asked before its equipment changes (design-money, clause 6). */
export class ReadTerminalStanding {
  constructor(private readonly store: LedgerStore) {}

  /** A terminal the ledger never heard of has nothing unfinished. */
  async execute({ siteId, terminalId }: { readonly siteId: string; readonly terminalId: string }): Promise<TerminalStanding> {
    const { lease, occupant } = await this.store.terminal(siteId, terminalId);
    return { terminalId, occupantAttemptId: occupant?.attemptId ?? null, inDoubt: occupant?.status === 'unknown', leaseHolder: lease?.workerId ?? null };
  }
}
