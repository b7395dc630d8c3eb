import { decidePermit, permitTimes, type PermitFacts } from './permit';

const request = { workerId: 'worker-2', siteId: 'club-1', terminalId: 'pax-1', attemptId: 'att-1', nonce: 'nonce-2' };

/** The attempt was begun by worker 1, whose lease lapsed; worker 2 holds the terminal now. */
function begunElsewhere(permit: { readonly nonce: string; readonly recovering: boolean; readonly leaseUntilMs: number }): PermitFacts {
  return {
    nowMs: 100_000,
    request,
    attempt: { attemptId: 'att-1', status: 'granted', grantedAtMs: 50_000, expiresAtMs: 200_000, ...permit },
    cancelRequested: null,
    occupant: null,
    leaseHolder: 'worker-2',
  };
}

describe('a repeated permit request after its answer was lost', () => {
  it('stays a recovery when the first one took recovery over', () => {
    const first = decidePermit(begunElsewhere({ nonce: 'nonce-1', recovering: false, leaseUntilMs: 70_000 }), permitTimes);
    expect(first).toMatchObject({ answer: { kind: 'already-granted' }, effect: 'take-over-recovery' });

    const repeated = decidePermit(begunElsewhere({ nonce: 'nonce-2', recovering: true, leaseUntilMs: 120_000 }), permitTimes);
    expect(repeated.answer.kind).toBe('already-granted');
  });

  it('stays a grant when the first one was granted', () => {
    const repeated = decidePermit(begunElsewhere({ nonce: 'nonce-2', recovering: false, leaseUntilMs: 120_000 }), permitTimes);
    expect(repeated).toMatchObject({ answer: { kind: 'granted' }, effect: 'none' });
  });
});
