import type { AttemptResult, AttemptStatus, Outcome, ResolvePaymentRequest } from '@kkm/core';
import { paymentWith, sampleCharge, sampleNowMs, sampleOutcomes as outcomes, sampleResult, sampleSurroundings as around } from '../testing/ledger-records';
import type { Change } from './change';
import { decideClose } from './close-payment';
import { decideResult } from './decide-result';
import type { ResultDecision } from './decide-result';
import { attemptOf, showPayment } from './records';
import type { PaymentRecord } from './records';
import { awaitsTerminal } from './resolution';
import { decideResolution } from './resolve-payment';

const request = (charged: boolean, wanted: Partial<ResolvePaymentRequest> = {}): ResolvePaymentRequest => ({
  scope: null,
  paymentId: 'pay-1',
  attemptId: null,
  charged,
  chargedAmount: null,
  evidence: 'the bank’s list',
  by: { kind: 'api_key', id: 'key-1', name: 'Manager' },
  idempotency: null,
  ...wanted,
});

function resolved(charged: boolean, wanted: Partial<ResolvePaymentRequest> = {}, record = paymentWith('unknown')): Change {
  const change = decideResolution(record, request(charged, wanted), around);
  if (!change) throw new RangeError('the decision changed nothing');
  return change;
}

describe('decideResolution', () => {
  it('charges what the person says, with a charge of its own name and a balanced pair', () => {
    const { next, charge, postings, events, key } = resolved(true, { chargedAmount: 9_000 });
    const { resolution, chargedMinor, shown } = attemptOf(next, 'att-1');
    expect(resolution).toMatchObject({ charged: true, chargedAmount: 9_000, evidence: 'the bank’s list', terminal: null, resultId: charge?.resultId });
    expect([shown.status, shown.reason, chargedMinor, next.shown.chargedAmount]).toEqual(['approved', null, 9_000, 9_000]);
    expect(charge).toMatchObject({ attemptId: 'att-1', amountMinor: 9_000, surfaced: false, facts: { rrn: null } });
    expect(postings.map(({ account, amountMinor }) => [account, amountMinor])).toEqual([
      ['acquirer:club-1:pax-1', 9_000],
      ['takings:club-1', -9_000],
    ]);
    expect([events.map(({ what }) => what), key]).toEqual([['succeeded', 'resolved'], null]);
  });

  it('takes the whole amount where none is named, and none where nothing was charged', () => {
    expect(resolved(true).charge?.amountMinor).toBe(15_000);
    const { next, charge, postings, events } = resolved(false);
    expect([charge, postings, events.map(({ what }) => what)]).toEqual([null, [], ['failed', 'resolved']]);
    expect(attemptOf(next, 'att-1').shown).toMatchObject({ status: 'failed', reason: 'unrecognised', finishedAt: new Date(sampleNowMs).toISOString() });
    expect(showPayment(next).redoable).toBe(true);
  });

  it('writes the decision down as evidence, with who made it', () => {
    expect(resolved(false).evidence?.pieces).toMatchObject([{ kind: 'person', said: 'not charged, says Manager (key-1): the bank’s list' }]);
    expect(resolved(true).evidence?.pieces).toMatchObject([
      { asked: 'was the sale of RUB\u00a0150.00, att-1, charged?', said: expect.stringMatching(/^charged RUB\u00a0150.00/) },
    ]);
  });

  it('uses up the key it came with', () => {
    expect(resolved(true, { idempotency: { key: 'k', fingerprint: 'f' } }).key).toEqual({ siteId: 'club-1', key: 'k', fingerprint: 'f', attemptId: 'att-1' });
  });

  it('settles what a cancel came to', () => {
    const asked = paymentWith('unknown');
    const record = { ...asked, shown: { ...asked.shown, cancelRequested: 'pending' as const } };
    expect([resolved(true, {}, record), resolved(false, {}, record)].map(({ next }) => next.shown.cancelRequested)).toEqual(['too_late', 'done']);
  });

  it.each<AttemptStatus>(['queued', 'granted', 'approved', 'declined', 'cancelled', 'failed', 'expired', 'withdrawn'])(
    'decides nothing that is %s',
    (status) => {
      expect(() => decideResolution(paymentWith(status), request(false), around)).toThrow('payment.not_in_doubt');
    },
  );

  it('knows the same decision again, and no other', () => {
    const { next } = resolved(true, { chargedAmount: 9_000 });
    const again = (charged: boolean, wanted: Partial<ResolvePaymentRequest> = {}) => decideResolution(next, request(charged, wanted), around);
    expect(again(true, { chargedAmount: 9_000, evidence: 'in other words' })).toBeNull();
    expect(again(true, { chargedAmount: 9_000, attemptId: 'att-1' })).toBeNull();
    for (const wanted of [{}, { chargedAmount: 8_999 }, { chargedAmount: 9_000, attemptId: 'att-2' }])
      expect(() => again(true, wanted)).toThrow('payment.not_in_doubt');
    expect(() => again(false)).toThrow('payment.not_in_doubt');
    expect(decideResolution(resolved(false).next, request(false), around)).toBeNull();
  });

  it('means the attempt in doubt now, unless another is named', () => {
    const record = paymentWith('failed', 'unknown');
    expect(resolved(false, {}, record).changed.map(({ shown }) => shown.id)).toEqual(['att-2']);
    expect(resolved(false, { attemptId: 'att-2' }, record).resolution?.attemptId).toBe('att-2');
    expect(() => decideResolution(record, request(false, { attemptId: 'att-1' }), around)).toThrow('payment.not_in_doubt');
  });

  it('does not take a repeat about an earlier attempt for a decision about the one in doubt when it names its attempt', () => {
    const [decided] = resolved(false).next.attempts;
    const doubted = paymentWith('failed', 'unknown');
    const record = { ...doubted, attempts: [decided!, doubted.attempts[1]!] };
    expect(() => decideResolution(record, request(false, { attemptId: 'att-1' }), around)).toThrow('payment.not_in_doubt');
  });

  it('charges no more than was asked for', () => {
    expect(resolved(true, { chargedAmount: 15_000 }).charge?.amountMinor).toBe(15_000);
    expect(() => resolved(true, { chargedAmount: 15_001 })).toThrow('request.invalid');
  });
});

describe('a terminal’s answer after a person’s decision', () => {
  const recovered = (outcome: Outcome, wanted: Partial<AttemptResult> = {}): AttemptResult =>
    sampleResult(outcome, { resultId: 'res-9', source: 'recovery', nonce: null, ...wanted });
  const answer = (record: PaymentRecord, result: AttemptResult, charges = [sampleCharge({ resultId: 'res-0', rrn: null })]): ResultDecision =>
    decideResult({ record, result, charges }, around);

  function gist(decision: ResultDecision): string {
    if (decision.kind === 'drop' || decision.kind === 'orphan') return decision.kind === 'drop' ? `drop ${decision.why}` : 'orphan';
    const { next, events, charge } = decision.change;
    const { status } = attemptOf(next, 'att-1').shown;
    const word = showPayment(next).attempts[0]?.resolvedBy?.terminal;
    return [decision.kind, status, word, ...events.map(({ what }) => what), charge ? `${charge.amountMinor} ${charge.surfaced ? 'surfaced' : 'kept'}` : '']
      .join(' ')
      .trim();
  }

  const charged = resolved(true, { chargedAmount: 14_000 }).next;
  const uncharged = resolved(false).next;

  it.each<[Outcome['kind'], string, string]>([
    ['approved', 'confirm approved confirmed confirmed', 'surface failed contradicted surfaced conflict 14000 surfaced'],
    ['declined', 'conflict approved contradicted conflict', 'confirm failed confirmed confirmed'],
    ['cancelled', 'conflict approved contradicted conflict', 'confirm failed confirmed confirmed'],
    ['failed', 'conflict approved contradicted conflict', 'confirm failed confirmed confirmed'],
    ['unknown', 'still-unknown approved awaited', 'still-unknown failed awaited'],
  ])('that says %s stands beside the decision', (kind, ofCharge, ofNone) => {
    expect(gist(answer(charged, recovered(outcomes[kind])))).toBe(ofCharge);
    expect(gist(answer(uncharged, recovered(outcomes[kind]), []))).toBe(ofNone);
  });

  it('is a conflict about the amount, and no further money', () => {
    const whole = resolved(true).next;
    const decision = answer(whole, recovered(outcomes.approved));
    expect(gist(decision)).toBe('conflict approved contradicted conflict');
    if (decision.kind !== 'conflict') throw new RangeError('there is a conflict');
    const { next } = decision.change;
    expect(showPayment(next)).toMatchObject({
      chargedAmount: 15_000,
      conflicts: [{ person: { chargedAmount: 15_000 }, terminal: { charged: true, chargedAmount: 14_000 } }],
    });
    const repeated = recovered(outcomes.approved, { resultId: 'res-10' });
    expect(gist(answer(next, repeated, [sampleCharge({ rrn: null })]))).toBe('drop duplicate');
  });

  it('is told to nobody but recovery and the handling in force', () => {
    const gone = { source: 'answer', nonce: 'nonce-0' } as const;
    expect(gist(answer(charged, recovered(outcomes.declined, gone)))).toBe('drop not-in-force');
    expect(gist(answer(charged, recovered(outcomes.failed, { source: 'unpermitted' })))).toBe('drop not-in-force');
    expect(gist(answer(charged, recovered(outcomes.declined, { source: 'answer', nonce: 'nonce-1' })))).toBe('conflict approved contradicted conflict');
    expect(gist(answer(uncharged, recovered(outcomes.approved, gone), []))).toContain('surface');
  });

  it('is heard once; afterwards the usual rules hold', () => {
    const confirmed = answer(uncharged, recovered(outcomes.failed), []);
    if (confirmed.kind !== 'confirm') throw new RangeError('it is confirmed');
    const { next } = confirmed.change;
    expect(next.attempts.map(awaitsTerminal)).toEqual([false]);
    expect(gist(answer(next, recovered(outcomes.declined), []))).toBe('drop already-final');
    expect(gist(answer(next, recovered(outcomes.approved), []))).toBe('surface failed confirmed surfaced 14000 surfaced');
  });

  it('shows what it told of a charge that a person could not name, and only that', () => {
    const confirmed = answer(charged, recovered(outcomes.approved));
    if (confirmed.kind !== 'confirm') throw new RangeError('it is confirmed');
    expect(attemptOf(confirmed.change.next, 'att-1').shown.rrn).toBeNull();
    expect(showPayment(confirmed.change.next).attempts[0]?.rrn).toBe('111');
    const contradicted = answer(resolved(true).next, recovered(outcomes.approved));
    if (contradicted.kind !== 'conflict') throw new RangeError('there is a conflict');
    expect(showPayment(contradicted.change.next).attempts[0]?.rrn).toBeNull();
  });
});

describe('decideClose', () => {
  const close = (...statuses: AttemptStatus[]) => decideClose(paymentWith(...statuses), around);

  it.each<AttemptStatus>(['approved', 'declined', 'cancelled', 'failed', 'expired', 'withdrawn'])(
    'closes a payment that ended %s, without an event',
    (status) => {
      const change = close(status);
      expect([change?.next.shown.closedAt, change?.events, change?.next.shown.sequence]).toEqual([new Date(sampleNowMs).toISOString(), [], 8]);
    },
  );

  it.each<AttemptStatus>(['queued', 'granted', 'unknown'])('closes no payment that is %s', (status) => {
    expect(() => close('declined', status)).toThrow('payment.not_closable');
  });

  it('closes once', () => {
    const closed = close('declined');
    expect(closed && decideClose(closed.next, around)).toBeNull();
    expect(closed && showPayment(closed.next).redoable).toBe(false);
  });
});
