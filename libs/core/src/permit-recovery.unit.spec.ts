import { decidePermit, permitTimes, type PermitFacts } from './permit';

const request = { workerId: 'worker-2', siteId: 'club-1', terminalId: 'pax-1', attemptId: 'att-1', nonce: 'nonce-2' };

/** The attempt was begun by worker 1, whose lease lapsed; worker 2 holds the terminal now. */
function begunElsewhere(permit: { readonly nonce: string; readonly recovering: boolean; readonly leaseUntilMs: number }): PermitFacts {
  return {
    nowMs: 100_000,
    request,
    attempt: {
      attemptId: 'att-1',
      status: 'granted',
      workerId: 'worker-1',
      grantedTo: 'worker-1',
      awaitsTerminal: false,
      grantedAtMs: 50_000,
      expiresAtMs: 200_000,
      ...permit,
    },
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

describe('a worker that has opened a dead one’s journal', () => {
  const live = { nonce: 'nonce-1', recovering: false, leaseUntilMs: 101_000 };
  const asks = (predecessors: readonly string[], permit = live): PermitFacts => ({ ...begunElsewhere(permit), request: { ...request, predecessors } });

  it('does not wait for the dead one’s lease', () => {
    expect(decidePermit(asks(['worker-0', 'worker-1']), permitTimes)).toEqual({ answer: { kind: 'being-driven', retryAfterMs: 500 }, effect: 'lapse' });
    expect(decidePermit(asks(['worker-1'], { ...live, leaseUntilMs: 100_000 }), permitTimes)).toMatchObject({
      answer: { kind: 'already-granted', grantedTo: 'worker-1', grantedAgoMs: 50_000, sendWithinMs: 10_000 },
      effect: 'take-over-recovery',
    });
  });

  it('waits for everybody else’s', () => {
    expect(decidePermit(asks(['worker-0']), permitTimes).effect).toBe('none');
    expect(decidePermit(asks([]), permitTimes).effect).toBe('none');
  });

  it('is never granted anything when it only asks about an attempt', () => {
    const queued = { attemptId: 'att-1', status: 'queued', nonce: null, recovering: false, leaseUntilMs: null, grantedAtMs: null } as const;
    const attempt = { ...queued, workerId: null, grantedTo: null, awaitsTerminal: false, expiresAtMs: 200_000 };
    const facts: PermitFacts = { ...begunElsewhere(live), attempt };
    expect(decidePermit(facts, permitTimes).effect).toBe('grant');
    expect(decidePermit({ ...facts, request: { ...request, recoverOnly: true } }, permitTimes)).toMatchObject({
      answer: { kind: 'being-driven' },
      effect: 'none',
    });
  });
});

describe('an attempt that a person decided', () => {
  const decided = begunElsewhere({ nonce: 'nonce-1', recovering: false, leaseUntilMs: 70_000 });
  const facts = (change: Partial<PermitFacts> = {}, awaitsTerminal = true): PermitFacts => ({
    ...decided,
    request: { ...request, recoverOnly: true },
    attempt: decided.attempt && { ...decided.attempt, status: 'failed', awaitsTerminal },
    ...change,
  });

  it('is asked about until the terminal has answered', () => {
    expect(decidePermit(facts(), permitTimes)).toMatchObject({ answer: { kind: 'verify', grantedAgoMs: 50_000 }, effect: 'none' });
    expect(decidePermit(facts({}, false), permitTimes).answer.kind).toBe('already-final');
  });

  it('is over for whoever comes with its command', () => {
    expect(decidePermit(facts({ request }), permitTimes).answer.kind).toBe('already-final');
  });

  it('waits for what runs at the terminal now, and for the lease', () => {
    const occupant = {
      attemptId: 'att-2',
      status: 'granted',
      nonce: 'n',
      workerId: 'worker-3',
      recovering: false,
      leaseUntilMs: 120_000,
      grantedAtMs: 90_000,
    } as const;
    expect(decidePermit(facts({ occupant }), permitTimes).answer.kind).toBe('terminal-busy');
    expect(decidePermit(facts({ leaseHolder: 'worker-1' }), permitTimes).answer.kind).toBe('not-leased');
  });
});
