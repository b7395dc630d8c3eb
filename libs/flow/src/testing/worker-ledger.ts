import { check, decidePermit, isFinalAttempt, nextAttemptStatus, permitTimes, Unavailable } from '@kkm/core';
import type {
  AttemptResult,
  AttemptStatus,
  BaselineAnswer,
  BaselineRequest,
  EndBaselineAnswer,
  EndBaselineRequest,
  HeartbeatAnswer,
  HeartbeatRequest,
  KnowledgeRequest,
  LeaseAnswer,
  LeaseRequest,
  PaymentCommand,
  PermitAnswer,
  PermitDecision,
  PermitRequest,
  QrAnswer,
  QrRequest,
  TerminalKnowledge,
  TerminalStanding,
} from '@kkm/core';
import type { Clock, ResultPublisher, WorkerLedger } from '../worker/ports';
import { happeningOf, knowledgeOf, type FakeBaseline, type KnownAttempt } from './fake-knowledge';
import { FakeLeases } from './worker-leases';

/** What happens to the next call of a kind: nothing comes back, after or before it had its effect. */
type Fault = 'lose-answer' | 'lose-request';

/** A ledger in memory that decides with the same functions as the real one. Results are recorded when published; with `recording` off they wait, as in a queue. */
export class FakeLedger implements WorkerLedger, ResultPublisher {
  down = false;
  brokerDown = false;
  recording = true;
  members: string[] = [];
  /** Workers whose heartbeats and lease requests are lost on the way. */
  readonly unheard = new Set<string>();
  readonly published: AttemptResult[] = [];
  readonly asked: PermitRequest[] = [];
  readonly grants: PermitRequest[] = [];
  private readonly attempts = new Map<string, KnownAttempt>();
  private readonly leases: FakeLeases;
  private readonly faults: Fault[] = [];
  private readonly inbox = new Set<string>();
  private readonly baselines = new Map<string, FakeBaseline>();
  /** Terminals that are to be asked since the books were restored. */
  private readonly unasked = new Set<string>();

  constructor(private readonly clock: Clock) {
    this.leases = new FakeLeases(clock);
  }

  /** Opens an attempt. */
  open(command: PaymentCommand): void {
    this.attempts.set(command.attemptId, {
      command,
      status: 'queued',
      nonce: null,
      workerId: null,
      grantedTo: null,
      awaitsTerminal: false,
      recovering: false,
      leaseUntilMs: null,
      grantedAtMs: null,
      cancelRequested: null,
    });
  }

  /** The next permit requests meet these faults, in order. */
  failNextPermits(...faults: Fault[]): void {
    this.faults.push(...faults);
  }

  /** Forgets an attempt, as after a restore from an old backup. */
  forget(attemptId: string): void {
    this.attempts.delete(attemptId);
  }

  /** The books were restored from a backup: the terminal is to be asked before anything is granted there. */
  restore(terminalId: string): void {
    this.baselines.delete(terminalId);
    this.unasked.add(terminalId);
  }

  requestCancel(attemptId: string): void {
    this.attempt(attemptId).cancelRequested = 'pending';
  }

  /** A person ends a doubt; the terminal's own answer is still awaited. */
  decideByPerson(attemptId: string, status: 'approved' | 'failed'): void {
    Object.assign(this.attempt(attemptId), { status, awaitsTerminal: true });
  }

  /** When the recorded report of a terminal begins; null when there is none. */
  baselineSince(terminalId: string): string | null {
    return this.baselines.get(terminalId)?.since ?? null;
  }

  statusOf(attemptId: string): AttemptStatus {
    return this.attempt(attemptId).status;
  }

  setStatus(attemptId: string, status: AttemptStatus): void {
    this.attempt(attemptId).status = status;
  }

  /** Grants an attempt to another worker, whose lease runs from now. */
  grantTo(workerId: string, attemptId: string, nonce = 'foreign-nonce'): void {
    const attempt = this.attempt(attemptId);
    this.leases.give(attempt.command.terminalId, workerId);
    const now = this.clock.wallMs();
    Object.assign(attempt, {
      status: 'granted',
      nonce,
      workerId,
      grantedTo: workerId,
      recovering: false,
      grantedAtMs: now,
      leaseUntilMs: now + permitTimes.leaseMs,
    });
  }

  /** Gives a terminal's idle lease to another worker. */
  giveLease(terminalId: string, workerId: string): void {
    this.leases.give(terminalId, workerId);
  }

  /** What workers asked about QRs, and what they are told. */
  readonly qrRequests: QrRequest[] = [];
  qr: (request: QrRequest) => QrAnswer | null = () => ({ kind: 'ended', status: 'cancelled', reason: 'qr_expired' });

  lease(request: LeaseRequest): Promise<LeaseAnswer> {
    return this.answer(() => {
      if (this.unheard.has(request.workerId)) throw new Unavailable('ledger.unavailable');
      const answer = this.leases.ask(request, this.occupant(request.terminalId));
      return answer.kind === 'busy' ? answer : { ...answer, baselined: this.baselines.has(request.terminalId) };
    });
  }

  async permit(request: PermitRequest): Promise<PermitAnswer> {
    this.asked.push(request);
    const fault = this.down ? null : (this.faults.shift() ?? null);
    if (fault === 'lose-request') throw new Unavailable('ledger.unavailable');
    const answer = await this.answer(() => this.decide(request));
    if (fault === 'lose-answer') throw new Unavailable('ledger.unavailable');
    return answer;
  }

  heartbeat(request: HeartbeatRequest): Promise<HeartbeatAnswer> {
    return this.answer(() => {
      if (this.unheard.has(request.workerId)) throw new Unavailable('ledger.unavailable');
      this.leases.hear(request);
      const inForce = request.driving.filter(
        ({ attemptId, nonce }) => this.attempts.get(attemptId)?.nonce === nonce && !isFinalAttempt(this.attempt(attemptId).status),
      );
      for (const { attemptId } of inForce) this.attempt(attemptId).leaseUntilMs = this.clock.wallMs() + permitTimes.leaseMs;
      return {
        workerIds: this.members,
        lostTerminalIds: request.terminalIds.filter((terminalId) => this.leases.holder(terminalId) !== request.workerId),
        lostAttemptIds: request.driving.filter((driving) => !inForce.includes(driving)).map(({ attemptId }) => attemptId),
        cancelAttemptIds: inForce.map(({ attemptId }) => attemptId).filter((attemptId) => this.attempt(attemptId).cancelRequested === 'pending'),
        leaseMs: permitTimes.leaseMs,
      };
    });
  }

  baseline(request: BaselineRequest): Promise<BaselineAnswer> {
    return this.answer(() => {
      if (this.leases.holder(request.terminalId) !== request.workerId) return { kind: 'not-leased' };
      if (this.occupant(request.terminalId)) return { kind: 'busy' };
      this.baselines.set(request.terminalId, { ...request, readAtMs: this.clock.wallMs() });
      this.unasked.delete(request.terminalId);
      return { kind: 'kept', found: request.operations.length };
    });
  }

  endBaseline({ terminalId, workerId }: EndBaselineRequest): Promise<EndBaselineAnswer> {
    return this.answer(() => {
      if (this.leases.holder(terminalId) !== workerId) return { kind: 'not-leased' };
      if (this.occupant(terminalId)) return { kind: 'busy' };
      this.baselines.delete(terminalId);
      return { kind: 'ended' };
    });
  }

  knowledge({ terminalId, attemptId, rrns }: KnowledgeRequest): Promise<TerminalKnowledge> {
    return this.answer(() => {
      const results = this.published.filter((result) => result.attemptId !== attemptId);
      return knowledgeOf(this.baselines.get(terminalId) ?? null, { rrns, results, grantedAtMs: this.attempt(attemptId).grantedAtMs ?? 0 });
    });
  }

  /** Answers as `qr` says; null: it is silent. */
  async showQr(request: QrRequest): Promise<QrAnswer> {
    this.qrRequests.push(request);
    await Promise.resolve();
    const attempt = this.attempt(request.attemptId);
    if (attempt.nonce !== request.nonce) return { kind: 'not-in-force' };
    const answer = this.down ? null : this.qr(request);
    if (answer === null) throw new Unavailable('ledger.unavailable');
    return answer;
  }

  standing({ siteId: _siteId, terminalId }: { readonly siteId: string; readonly terminalId: string }): Promise<TerminalStanding> {
    return this.answer(() => {
      const occupant = this.occupant(terminalId);
      return {
        terminalId,
        occupantAttemptId: occupant?.attemptId ?? null,
        inDoubt: occupant?.status === 'unknown',
        leaseHolder: this.leases.holder(terminalId),
      };
    });
  }

  async publish(result: AttemptResult): Promise<void> {
    await Promise.resolve();
    if (this.brokerDown) throw new Unavailable('broker.unavailable');
    this.published.push(result);
    if (this.recording) this.record(result);
  }

  /** Records a published result, once. */
  record(result: AttemptResult): void {
    const attempt = this.attempts.get(result.attemptId);
    if (!attempt || this.inbox.has(result.resultId)) return;
    this.inbox.add(result.resultId);
    const happening = result.source === 'unpermitted' ? 'fail-unpermitted' : happeningOf(result.outcome);
    const next = nextAttemptStatus(attempt.status, happening);
    if (next) attempt.status = next;
    if (next === 'unknown') attempt.leaseUntilMs = this.clock.wallMs();
  }

  private decide(request: PermitRequest): PermitAnswer {
    const { answer, effect } = this.decideOnce(request);
    if (effect !== 'lapse') return answer;
    this.attempt(request.attemptId).leaseUntilMs = this.clock.wallMs();
    return this.decideOnce(request).answer;
  }

  private decideOnce(request: PermitRequest): PermitDecision {
    const attempt = this.attempts.get(request.attemptId) ?? null;
    const nowMs = this.clock.wallMs();
    const occupant = this.occupant(request.terminalId);
    const decision = decidePermit(
      {
        nowMs,
        request,
        attempt: attempt ? { ...attempt, attemptId: request.attemptId, expiresAtMs: Date.parse(attempt.command.expiresAt) } : null,
        cancelRequested: attempt?.cancelRequested ?? null,
        occupant: occupant?.attemptId === request.attemptId ? null : occupant,
        leaseHolder: this.leases.holder(request.terminalId),
        afterRestore: this.unasked.has(request.terminalId) ? 'unasked' : undefined,
      },
      permitTimes,
    );
    const { effect } = decision;
    if (effect === 'grant' || effect === 'take-over-recovery') this.take(request, effect);
    else if ((effect === 'expire' || effect === 'withdraw') && attempt) attempt.status = effect === 'expire' ? 'expired' : 'withdrawn';
    return decision;
  }

  private take(request: PermitRequest, effect: 'grant' | 'take-over-recovery'): void {
    const attempt = this.attempt(request.attemptId);
    const nowMs = this.clock.wallMs();
    if (effect === 'grant') {
      check(attempt.status === 'queued', 'an attempt is granted once');
      this.grants.push(request);
      Object.assign(attempt, { status: 'granted', grantedAtMs: nowMs, grantedTo: request.workerId });
    }
    Object.assign(attempt, { nonce: request.nonce, workerId: request.workerId, recovering: effect !== 'grant', leaseUntilMs: nowMs + permitTimes.leaseMs });
  }

  private occupant(terminalId: string) {
    for (const [attemptId, attempt] of this.attempts) {
      if (attempt.command.terminalId === terminalId && (attempt.status === 'granted' || attempt.status === 'unknown')) return { ...attempt, attemptId };
    }
    return null;
  }

  private attempt(attemptId: string): KnownAttempt {
    const attempt = this.attempts.get(attemptId);
    check(attempt, `the fake ledger does not know ${attemptId}`);
    return attempt;
  }

  private async answer<A>(decide: () => A): Promise<A> {
    await Promise.resolve();
    if (this.down) throw new Unavailable('ledger.unavailable');
    return decide();
  }
}
