import fc from 'fast-check';
import { decideLease, decidePermit, othersLeaveWithinMs, permitTimes } from './permit';
import type { PermitDecision, PermitFacts, PermittedAttempt } from './permit';
import type { PermitAnswer } from './work';

const request = { workerId: 'worker-1', siteId: 'club-1', terminalId: 'pax-1', attemptId: 'att-1', nonce: 'nonce-1' };
const queued = {
  attemptId: 'att-1',
  status: 'queued',
  nonce: null,
  recovering: false,
  leaseUntilMs: null,
  grantedAtMs: null,
  workerId: null,
  grantedTo: null,
  awaitsTerminal: false,
  expiresAtMs: 60_000,
} as const;
const facts = (wanted: Partial<PermitFacts> = {}): PermitFacts => ({
  nowMs: 1_000,
  request,
  attempt: queued,
  cancelRequested: null,
  occupant: null,
  leaseHolder: 'worker-1',
  ...wanted,
});
type Asked = NonNullable<PermitFacts['attempt']>;
const held = (wanted: Partial<PermittedAttempt> = {}): Asked => ({
  attemptId: 'att-1',
  status: 'granted',
  nonce: 'nonce-0',
  recovering: false,
  leaseUntilMs: 21_000,
  grantedAtMs: 500,
  workerId: 'worker-0',
  grantedTo: 'worker-0',
  awaitsTerminal: false,
  expiresAtMs: 60_000,
  ...wanted,
});
const decide = (wanted: Partial<PermitFacts>): PermitDecision => decidePermit(facts(wanted), permitTimes);

describe('decidePermit', () => {
  it('grants a queued attempt to the worker that holds the terminal', () => {
    expect(decide({})).toEqual({
      answer: { kind: 'granted', sendWithinMs: 10_000, driveWithinMs: 240_000, leaseMs: 20_000, cancelRequested: null },
      effect: 'grant',
    });
  });

  it('gives each refusal its reason', () => {
    const other = held({ attemptId: 'att-0' });
    const refusals: [Partial<PermitFacts>, PermitAnswer['kind'], PermitDecision['effect']][] = [
      [{ attempt: null }, 'unknown-attempt', 'none'],
      [{ cancelRequested: 'pending' }, 'withdrawn', 'withdraw'],
      [{ nowMs: 60_000 }, 'expired', 'expire'],
      [{ occupant: other }, 'terminal-busy', 'none'],
      [{ occupant: other, nowMs: 21_000 }, 'terminal-in-doubt', 'none'],
      [{ leaseHolder: null }, 'not-leased', 'none'],
      [{ leaseHolder: 'worker-2' }, 'not-leased', 'none'],
      [{ afterRestore: 'unasked' }, 'not-leased', 'none'],
      [{ afterRestore: 'held' }, 'terminal-busy', 'none'],
      [{ attempt: held() }, 'being-driven', 'none'],
      [{ attempt: held({ leaseUntilMs: 1_000 }) }, 'already-granted', 'take-over-recovery'],
      [{ attempt: held({ leaseUntilMs: 1_000 }), leaseHolder: 'worker-2' }, 'not-leased', 'none'],
      [{ attempt: held({ status: 'unknown', nonce: 'nonce-1' }) }, 'already-granted', 'take-over-recovery'],
      [{ attempt: { ...queued, status: 'expired' } }, 'expired', 'none'],
      [{ attempt: { ...queued, status: 'withdrawn' } }, 'withdrawn', 'none'],
      [{ attempt: held({ status: 'approved' }) }, 'already-final', 'none'],
    ];
    for (const [wanted, kind, effect] of refusals) expect([wanted, decide(wanted).answer.kind, decide(wanted).effect]).toEqual([wanted, kind, effect]);
  });
});

describe('decideLease', () => {
  const lease = (holder: string | null, occupant: PermittedAttempt | null, predecessors: readonly string[] = []) =>
    decideLease({ nowMs: 1_000, workerId: 'worker-1', holder, occupant, predecessors, takenAtMs: 1_000, upkeep: false }, permitTimes);

  it('moves an idle terminal to whoever asks', () => {
    expect(lease(null, null)).toEqual({ kind: 'leased', leaseMs: 20_000 });
    expect(lease('worker-2', null).kind).toBe('leased');
  });

  it('leaves a terminal under a live permit where it is', () => {
    expect(lease('worker-2', held())).toEqual({ kind: 'busy', attemptId: 'att-1', retryAfterMs: 500 });
    expect(lease('worker-1', held()).kind).toBe('leased');
    expect(lease('worker-2', held({ leaseUntilMs: 1_000 })).kind).toBe('leased');
    expect([lease('worker-2', held(), ['worker-2']).kind, lease('worker-2', held(), ['worker-3']).kind]).toEqual(['leased', 'busy']);
  });

  it('gives a terminal back to the worker whose permit is live there', () => {
    expect(lease('worker-2', held({ workerId: 'worker-1' })).kind).toBe('leased');
  });

  it('lets upkeep take what another worker has had for a while, not what it has just taken', () => {
    const upkeep = (holder: string, takenAtMs: number, occupant: PermittedAttempt | null = null) =>
      decideLease({ nowMs: 10_000, workerId: 'worker-1', holder, occupant, predecessors: ['worker-0'], takenAtMs, upkeep: true }, permitTimes);
    expect(upkeep('worker-2', 10_000 - permitTimes.memberMs).kind).toBe('leased');
    expect(upkeep('worker-2', 10_001 - permitTimes.memberMs)).toEqual({ kind: 'busy', attemptId: null, retryAfterMs: 500 });
    expect([upkeep('worker-1', 9_999).kind, upkeep('worker-0', 9_999).kind]).toEqual(['leased', 'leased']);
    expect(upkeep('worker-2', 9_999, held({ workerId: 'worker-1' })).kind).toBe('leased');
  });
});

describe('othersLeaveWithinMs', () => {
  const within = (...othersSeenMs: number[]): number => othersLeaveWithinMs({ nowMs: 11_000, takenAtMs: 10_000, othersSeenMs }, permitTimes);

  it('is nothing where there are no others, or all of them were heard since the lease was taken', () => {
    expect([within(), within(10_501), within(10_501, 11_000)]).toEqual([0, 0, 0]);
  });

  it('is the time until the lease of whoever was not heard since has lapsed and it has left', () => {
    expect([within(9_000), within(9_000, 8_000, 10_600)]).toEqual([21_000, 21_000]);
    expect(within(-15_000)).toBe(0);
  });

  it('takes a heartbeat in the moment of the change for one that missed it', () => {
    expect([within(10_500), within(10_501)]).toEqual([22_500, 0]);
  });
});

/** Something a worker or the terminal does, in a history that is drawn. */
type Step =
  | { readonly kind: 'ask'; readonly workerId: string; readonly nonce: string; readonly attempt: number }
  | { readonly kind: 'lease'; readonly workerId: string }
  | { readonly kind: 'beat'; readonly workerId: string }
  | { readonly kind: 'end'; readonly status: 'approved' | 'declined' | 'unknown'; readonly attempt: number }
  | { readonly kind: 'wait'; readonly ms: number };

const worker = fc.constantFrom('worker-1', 'worker-2');
const attemptIndex = fc.constantFrom(0, 0, 0, 1, 2);
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({ kind: fc.constant('ask' as const), workerId: worker, nonce: fc.constantFrom('a', 'b'), attempt: attemptIndex }),
  },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('lease' as const), workerId: worker }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('beat' as const), workerId: worker }) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('end' as const),
      status: fc.constantFrom('approved' as const, 'declined' as const, 'unknown' as const),
      attempt: attemptIndex,
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('wait' as const), ms: fc.constantFrom(1, 5_000, 20_000) }) },
);

/** The smallest ledger of one terminal that obeys the decisions. */
class SmallLedger {
  nowMs = 0;
  holder: string | null = null;
  readonly grants: { readonly attempt: number; readonly nonce: string }[] = [];
  readonly attempts: Asked[] = [0, 1, 2].map((n) => ({ ...queued, attemptId: `att-${n}` }));

  occupant(): PermittedAttempt | null {
    return this.attempts.find(({ status }) => status === 'granted' || status === 'unknown') ?? null;
  }

  take(one: Step): PermitAnswer | null {
    if (one.kind === 'wait') this.nowMs += one.ms;
    if (one.kind === 'beat') this.renew(one.workerId);
    if (
      one.kind === 'lease' &&
      decideLease(
        { nowMs: this.nowMs, workerId: one.workerId, holder: this.holder, occupant: this.occupant(), predecessors: [], takenAtMs: null, upkeep: false },
        permitTimes,
      ).kind === 'leased'
    )
      this.holder = one.workerId;
    if (one.kind === 'end') this.end(one.attempt, one.status);
    return one.kind === 'ask' ? this.ask(one.workerId, one.attempt, `${one.workerId}-${one.nonce}`) : null;
  }

  private renew(workerId: string): void {
    const index = this.attempts.findIndex((attempt) => attempt.attemptId === this.occupant()?.attemptId && attempt.workerId === workerId);
    const attempt = this.attempts[index];
    if (attempt) this.attempts[index] = { ...attempt, leaseUntilMs: this.nowMs + permitTimes.leaseMs };
  }

  private ask(workerId: string, index: number, nonce: string): PermitAnswer {
    const attempt = this.attempts[index] ?? null;
    const occupant = this.occupant();
    const asked = { ...request, workerId, nonce, attemptId: `att-${index}` };
    const other = occupant && occupant.attemptId !== asked.attemptId ? occupant : null;
    const { answer, effect } = decidePermit(
      { nowMs: this.nowMs, request: asked, attempt, cancelRequested: null, occupant: other, leaseHolder: this.holder },
      permitTimes,
    );
    const leaseUntilMs = this.nowMs + permitTimes.leaseMs;
    if (attempt && effect === 'grant')
      this.attempts[index] = { ...attempt, status: 'granted', nonce, workerId, grantedTo: workerId, leaseUntilMs, grantedAtMs: this.nowMs };
    if (attempt && effect === 'expire') this.attempts[index] = { ...attempt, status: 'expired' };
    if (attempt && effect === 'take-over-recovery') this.attempts[index] = { ...attempt, nonce, workerId, recovering: true, leaseUntilMs };
    if (answer.kind === 'granted') this.grants.push({ attempt: index, nonce });
    return answer;
  }

  private end(index: number, status: 'approved' | 'declined' | 'unknown'): void {
    const attempt = this.attempts[index];
    if (attempt?.status === 'granted' || attempt?.status === 'unknown') this.attempts[index] = { ...attempt, status };
  }
}

describe('whatever workers, clocks and terminals do', () => {
  it('grants an attempt to one handling only, and a terminal to one attempt at a time', () => {
    fc.assert(
      fc.property(fc.array(step, { minLength: 20, maxLength: 60, size: 'max' }), (history) => {
        const ledger = new SmallLedger();
        for (const one of history) {
          const before = ledger.occupant();
          const holderBefore = ledger.holder;
          const driven = before?.leaseUntilMs !== null && before?.leaseUntilMs !== undefined && before.leaseUntilMs > ledger.nowMs;
          const answer = ledger.take(one);
          expect(ledger.attempts.filter(({ status }) => status === 'granted' || status === 'unknown').length).toBeLessThanOrEqual(1);
          if (answer?.kind === 'granted' && before) expect(before.nonce).toBe(ledger.occupant()?.nonce);
          // A driven terminal keeps its handling, and its worker, or has that of its permit back.
          if (one.kind !== 'wait' && one.kind !== 'end' && driven && before.status === 'granted') {
            const back = one.kind === 'lease' && one.workerId === before.workerId;
            expect([ledger.holder, ledger.occupant()?.nonce]).toEqual([back ? before.workerId : holderBefore, before.nonce]);
          }
        }
        for (const n of [0, 1, 2]) expect(new Set(ledger.grants.filter(({ attempt }) => attempt === n).map(({ nonce }) => nonce)).size).toBeLessThanOrEqual(1);
      }),
      { numRuns: 500 },
    );
  });
});
