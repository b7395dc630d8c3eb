import { Rejected } from '@kkm/core';
import type { AttemptResult, AttemptStatus, Outcome, RedoPaymentRequest } from '@kkm/core';
import { paymentWith, sampleCharge, sampleOutcomes as outcomes, sampleResult, sampleSurroundings as around } from '../testing/ledger-records';
import { decideCancel } from './cancel-payment';
import type { Change } from './change';
import type { ChargeRecord } from './charges';
import { decideResult } from './decide-result';
import type { ResultDecision } from './decide-result';
import { happen } from './end-attempt';
import { attemptOf, commandOf, openSaleOf, showPayment } from './records';
import type { PaymentRecord } from './records';
import { decideRedo } from './redo-payment';

const resultOf = (kind: Outcome['kind'], wanted: Partial<AttemptResult> = {}): AttemptResult => sampleResult(outcomes[kind], wanted);

const decide = (record: PaymentRecord, result: AttemptResult, charges: readonly ChargeRecord[] = []): ResultDecision =>
  decideResult({ record, result, charges }, around);

/** Short form of a decision: what is done, the attempt's status after it, and the events. */
function gist(decision: ResultDecision): string {
  if (decision.kind === 'drop') return `drop ${decision.why}`;
  if (decision.kind === 'orphan') return 'orphan';
  const { next, events } = decision.change;
  return [decision.kind, attemptOf(next, 'att-1').shown.status, ...events.map((event) => event.what)].join(' ');
}

function changed(decision: ResultDecision): Change {
  if (decision.kind === 'drop' || decision.kind === 'orphan') throw new Error(`The result changed nothing: ${decision.kind}.`);
  return decision.change;
}

describe('decideResult', () => {
  const table: [AttemptStatus, Record<Outcome['kind'], string>][] = [
    [
      'granted',
      {
        approved: 'record approved succeeded',
        declined: 'record declined declined',
        cancelled: 'record cancelled cancelled',
        failed: 'record failed failed',
        unknown: 'record unknown in_doubt',
      },
    ],
    [
      'unknown',
      {
        approved: 'record approved succeeded resolved',
        declined: 'record declined declined resolved',
        cancelled: 'record cancelled cancelled resolved',
        failed: 'record failed failed resolved',
        unknown: 'still-unknown unknown',
      },
    ],
    [
      'queued',
      { approved: 'record approved succeeded', declined: 'drop no-permit', cancelled: 'drop no-permit', failed: 'drop no-permit', unknown: 'drop no-permit' },
    ],
    [
      'declined',
      {
        approved: 'surface declined surfaced',
        declined: 'drop duplicate',
        cancelled: 'drop already-final',
        failed: 'drop already-final',
        unknown: 'drop already-final',
      },
    ],
    [
      'expired',
      {
        approved: 'surface expired surfaced',
        declined: 'drop already-final',
        cancelled: 'drop already-final',
        failed: 'drop already-final',
        unknown: 'drop already-final',
      },
    ],
    [
      'withdrawn',
      {
        approved: 'surface withdrawn surfaced',
        declined: 'drop already-final',
        cancelled: 'drop already-final',
        failed: 'drop already-final',
        unknown: 'drop already-final',
      },
    ],
  ];
  it.each(table)('takes every outcome of an attempt that is %s', (status, expected) => {
    for (const kind of Object.keys(outcomes) as Outcome['kind'][])
      expect([kind, gist(decide(paymentWith(status), resultOf(kind)))]).toEqual([kind, expected[kind]]);
  });

  it('listens to a nonce that is not in force only when it brings an approval', () => {
    const stale = { nonce: 'nonce-0' };
    expect(gist(decide(paymentWith('granted'), resultOf('declined', stale)))).toBe('drop not-in-force');
    expect(gist(decide(paymentWith('granted'), resultOf('unknown', stale)))).toBe('drop not-in-force');
    expect(gist(decide(paymentWith('granted'), resultOf('approved', stale)))).toBe('record approved succeeded');
  });

  it('ends a queued attempt that a worker could not begin', () => {
    const unpermitted = { nonce: null, source: 'unpermitted' } as const;
    expect(gist(decide(paymentWith('queued'), resultOf('failed', unpermitted)))).toBe('record failed failed');
    expect(gist(decide(paymentWith('queued'), resultOf('cancelled', unpermitted)))).toBe('record withdrawn cancelled');
    expect(gist(decide(paymentWith('queued'), resultOf('declined', unpermitted)))).toBe('drop no-permit');
  });

  it('records what was charged, which may differ from what was asked for, with a balanced pair', () => {
    const { next, charge, postings, resultId } = changed(decide(paymentWith('granted'), resultOf('approved')));
    expect([next.shown.chargedAmount, next.shown.amount, resultId]).toEqual([14_000, 15_000, 'res-1']);
    expect(charge).toMatchObject({ amountMinor: 14_000, surfaced: false });
    expect(postings.map((posting) => posting.amountMinor)).toEqual([14_000, -14_000]);
    expect(attemptOf(next, 'att-1').shown).toMatchObject({ rrn: '111', readFailures: 1, reason: null });
  });

  it('ends the lease of an attempt in doubt, so that recovery need not wait for it', () => {
    expect(changed(decide(paymentWith('granted'), resultOf('unknown'))).permit).toEqual({
      kind: 'lapse',
      attemptId: 'att-1',
      nonce: 'nonce-1',
      leaseUntilMs: 1_700_000_000_000,
    });
  });

  it('knows the same charge again, and never takes another for it', () => {
    const final = paymentWith('declined');
    const after = (charge: { amountMinor: number; rrn: string | null }): string =>
      gist(decide(final, resultOf('approved'), [sampleCharge({ ...charge, surfaced: true, disposition: 'undecided' })]));
    expect(after({ amountMinor: 14_000, rrn: '111' })).toBe('drop duplicate');
    expect(after({ amountMinor: 14_000, rrn: null })).toBe('drop duplicate');
    expect(after({ amountMinor: 14_000, rrn: '222' })).toBe('surface declined surfaced');
    expect(after({ amountMinor: 13_000, rrn: '111' })).toBe('surface declined surfaced');
  });

  it('holds surfaced money in suspense and takes a queued redo back', () => {
    const { next, postings, charge } = changed(decide(paymentWith('declined', 'queued'), resultOf('approved')));
    expect(postings.map((posting) => posting.account)).toEqual(['acquirer:club-1:pax-1', 'suspense:club-1']);
    expect([charge?.surfaced, next.surfacedUndecided, showPayment(next).redoable, attemptOf(next, 'att-2').shown.status]).toEqual([
      true,
      1,
      false,
      'withdrawn',
    ]);
  });

  it('leaves a redo that has begun to its own end when money surfaces', () => {
    const { next } = changed(decide(paymentWith('declined', 'granted'), resultOf('approved')));
    expect(attemptOf(next, 'att-2').shown.status).toBe('granted');
  });

  it('notes the terminal’s own answer as evidence, and what a result brings besides', () => {
    const said = { kind: 'report', asked: 'the report', said: 'EMPTY', rrn: null, at: '' } as const;
    const { evidence } = changed(decide(paymentWith('granted'), resultOf('approved', { evidence: [said, said] })));
    const answer = { kind: 'answer', asked: 'sale of RUB\u00a0150.00, att-1', said: 'approved RUB\u00a0140.00 · RRN 111', rrn: '111', at: '' };
    expect(evidence).toEqual({ attemptId: 'att-1', pieces: [answer, said], keptMax: null });
  });

  it('takes what recovery heard for its evidence, and bounds what changes nothing', () => {
    const said = { kind: 'last-result', asked: 'the last receipt', said: 'nothing', rrn: null, at: '' } as const;
    const recovery = { source: 'recovery', evidence: [said] } as const;
    expect(changed(decide(paymentWith('unknown'), resultOf('unknown', recovery))).evidence).toMatchObject({ pieces: [said], keptMax: 60 });
    expect(changed(decide(paymentWith('unknown'), resultOf('failed', recovery))).evidence).toMatchObject({ pieces: [said], keptMax: null });
    const wordless = changed(decide(paymentWith('unknown'), resultOf('unknown', { source: 'recovery' }))).evidence;
    expect(wordless?.pieces).toMatchObject([{ kind: 'last-result', said: 'unknown (unrecognised)' }]);
  });

  it('says with every change that nobody else may have changed the payment', () => {
    const { expectedSequence, next } = changed(decide(paymentWith('granted'), resultOf('declined')));
    expect([expectedSequence, next.shown.sequence]).toEqual([7, 8]);
  });
});

describe('decideCancel', () => {
  const cancel = (record: PaymentRecord) => decideCancel(record, around);

  it('withdraws what has not begun and only asks for what has', () => {
    const withdrawn = cancel(paymentWith('queued'));
    expect([withdrawn?.next.shown.cancelRequested, withdrawn?.events.map((event) => event.what)]).toEqual(['done', ['cancelled']]);
    for (const status of ['granted', 'unknown'] as const) {
      const asked = cancel(paymentWith(status));
      expect([asked?.next.shown.cancelRequested, asked?.events, asked?.changed]).toEqual(['pending', [], []]);
    }
  });

  it('refuses what has ended', () => {
    for (const status of ['approved', 'declined', 'failed', 'expired', 'cancelled'] as const) expect(() => cancel(paymentWith(status))).toThrow(Rejected);
  });
});

describe('decideRedo', () => {
  const request = (wanted: Partial<RedoPaymentRequest> = {}) => ({
    path: { method: 'card', moneyPath: 'terminal', qr: null, guestQr: null } as const,
    idempotency: { key: 'key-1', fingerprint: 'f' },
    scope: null,
    paymentId: 'pay-1',
    method: null,
    terminalId: null,
    amount: null,
    expiresInSeconds: 60,
    ...wanted,
  });

  it('makes attempt n+1 with the key of the request', () => {
    const { change, attemptId } = decideRedo(paymentWith('declined', 'failed'), request({ amount: 100 }), around);
    expect(change.added?.shown).toMatchObject({ number: 3, amount: 100, status: 'queued', id: attemptId });
    expect(change.key).toEqual({ siteId: 'club-1', key: 'key-1', fingerprint: 'f', attemptId });
    expect(commandOf(change.next, attemptId)).toMatchObject({ amount: 100, expiresAt: new Date(1_700_000_060_000).toISOString() });
    expect(openSaleOf(change.next)?.shown.id).toBe(attemptId);
  });

  it('refuses while anything may still charge, and while surfaced money waits', () => {
    for (const status of ['queued', 'granted', 'unknown', 'approved'] as const)
      expect(() => decideRedo(paymentWith('declined', status), request(), around)).toThrow('payment.not_redoable');
    expect(() => decideRedo({ ...paymentWith('declined'), surfacedUndecided: 1 }, request(), around)).toThrow('payment.not_redoable');
    expect(() => decideRedo(paymentWith('declined'), request({ amount: 15_001 }), around)).toThrow('payment.amount_not_lower');
  });
});

describe('happen', () => {
  it('does nothing that the machine does not allow', () => {
    const [attempt] = paymentWith('declined').attempts;
    if (!attempt) throw new Error('There is an attempt.');
    expect(() => happen(attempt, 'approve', 1)).toThrow('approve cannot happen');
  });
});
