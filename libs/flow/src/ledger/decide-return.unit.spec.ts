import { noBankFacts } from '@kkm/core';
import type { AttemptResult, AttemptStatus, Outcome } from '@kkm/core';
import { paymentOf, sampleCharge, sampleOutcomes, sampleResult, sampleSale, sampleSurroundings as around, sampleVoid } from '../testing/ledger-records';
import type { Change } from './change';
import type { ChargeRecord } from './charges';
import { decideResult } from './decide-result';
import type { ResultDecision } from './decide-result';
import { expireChange } from './grant-permit';
import { attemptOf } from './records';
import type { PaymentRecord } from './records';

const outcomes: Record<Outcome['kind'], Outcome> = {
  ...sampleOutcomes,
  approved: { kind: 'approved', chargedMinor: 15_000, facts: { ...noBankFacts, rrn: '333' } },
};

/** A charged payment whose second attempt is a void in that status. */
function voiding(status: AttemptStatus, wanted: Parameters<typeof paymentOf>[1] = {}): PaymentRecord {
  const open = status === 'queued' || status === 'granted' || status === 'unknown';
  const money = { chargedAmount: 15_000, ...wanted.shown };
  return paymentOf([sampleSale(1, 'approved'), sampleVoid(2, status)], { refundPendingMinor: open ? 15_000 : 0, ...wanted, shown: money });
}

/** A declined payment with money that surfaced, whose second attempt is a void of it. */
const voidingSurfaced = (status: AttemptStatus): PaymentRecord =>
  paymentOf([sampleSale(1, 'declined'), sampleVoid(2, status)], { refundPendingMinor: 15_000, surfacedUndecided: 1, surfacedMinor: 15_000 });

const kept = sampleCharge();
const surfaced = sampleCharge({ surfaced: true, disposition: 'undecided' });
const resultOf = (kind: Outcome['kind'], wanted: Partial<AttemptResult> = {}): AttemptResult =>
  sampleResult(outcomes[kind], { resultId: 'res-2', attemptId: 'att-2', ...wanted });
const decide = (record: PaymentRecord, result: AttemptResult, charges: readonly ChargeRecord[] = [kept]): ResultDecision =>
  decideResult({ record, result, charges }, around);

function changed(decision: ResultDecision): Change {
  if (decision.kind === 'drop' || decision.kind === 'orphan') throw new Error(`The result changed nothing: ${decision.kind}.`);
  return decision.change;
}

/** Short form of a change: the payment's status, the attempt's, what is pending, and the events. */
function gist(decision: ResultDecision): string {
  if (decision.kind === 'drop') return `drop ${decision.why}`;
  if (decision.kind === 'orphan') return 'orphan';
  const { next, events } = decision.change;
  return [decision.kind, next.shown.status, attemptOf(next, 'att-2').shown.status, next.refundPendingMinor, ...events.map((event) => event.what)].join(' ');
}

describe('the result of a return', () => {
  const table: [AttemptStatus, Record<Outcome['kind'], string>][] = [
    [
      'granted',
      {
        approved: 'record succeeded approved 0 refunded',
        declined: 'record succeeded declined 15000',
        cancelled: 'record succeeded cancelled 0 refund_failed',
        failed: 'record succeeded failed 0 refund_failed',
        unknown: 'record succeeded unknown 15000',
      },
    ],
    [
      'unknown',
      {
        approved: 'record succeeded approved 0 refunded',
        declined: 'record succeeded declined 15000',
        cancelled: 'record succeeded cancelled 0 refund_failed',
        failed: 'record succeeded failed 0 refund_failed',
        unknown: 'still-unknown succeeded unknown 15000',
      },
    ],
    [
      'queued',
      {
        approved: 'record succeeded approved 0 refunded',
        declined: 'drop no-permit',
        cancelled: 'drop no-permit',
        failed: 'drop no-permit',
        unknown: 'drop no-permit',
      },
    ],
    [
      'expired',
      {
        approved: 'surface succeeded expired 0 refunded',
        declined: 'drop already-final',
        cancelled: 'drop already-final',
        failed: 'drop already-final',
        unknown: 'drop already-final',
      },
    ],
  ];
  it.each(table)('leaves the payment succeeded whatever it is, with a void that is %s', (status, expected) => {
    for (const kind of Object.keys(outcomes) as Outcome['kind'][])
      expect([kind, gist(decide(voiding(status), resultOf(kind)))]).toEqual([kind, expected[kind]]);
  });

  it('refunds the same money at once when the terminal proves that it did not void, and only once', () => {
    const { next, added, changed: ended } = changed(decide(voiding('granted'), resultOf('declined')));
    expect([next.attempts.map(({ shown }) => `${shown.operation} ${shown.status}`), ended.length]).toEqual([
      ['sale approved', 'void declined', 'refund queued'],
      1,
    ]);
    expect([added?.shown, added?.original]).toMatchObject([
      { operation: 'refund', number: 3, amount: 15_000, terminalId: 'pax-1' },
      { chargeResultId: 'res-1', rrn: '111' },
    ]);
    const refunded = sampleVoid(3, 'failed');
    const before = { ...refunded, shown: { ...refunded.shown, operation: 'refund' } } as const;
    const again = paymentOf([sampleSale(1, 'approved'), sampleVoid(2, 'granted'), before], { refundPendingMinor: 15_000, shown: { chargedAmount: 15_000 } });
    expect(gist(decide(again, resultOf('declined')))).toBe('record succeeded declined 0 refund_failed');
  });

  it('asks for the refund where the terminal cannot void at all, and never where the void may still have happened', () => {
    const unsupported = { ...resultOf('failed'), outcome: { ...outcomes.failed, reason: 'not_supported' } as Outcome };
    expect(changed(decide(voiding('granted'), unsupported)).added?.shown.operation).toBe('refund');
    for (const kind of ['unknown', 'failed', 'cancelled', 'approved'] as const) expect(changed(decide(voiding('granted'), resultOf(kind))).added).toBeNull();
  });

  it('gives the pending amount back when the terminal was never reachable', () => {
    const unpermitted = { nonce: null, source: 'unpermitted' } as const;
    expect(gist(decide(voiding('queued'), resultOf('failed', unpermitted)))).toBe('record succeeded failed 0 refund_failed');
    expect(gist(decide(voiding('queued'), resultOf('cancelled', unpermitted)))).toBe('record succeeded failed 0 refund_failed');
  });

  it('turns the charge’s postings round and marks it returned', () => {
    const { next, postings, returned, disposed, charge } = changed(decide(voiding('granted'), resultOf('approved')));
    expect(next.shown).toMatchObject({ chargedAmount: 15_000, refundedAmount: 15_000 });
    expect(postings.map(({ account, amountMinor }) => `${account} ${amountMinor}`)).toEqual(['takings:club-1 15000', 'acquirer:club-1:pax-1 -15000']);
    expect([returned, disposed, charge]).toMatchObject([
      { chargeResultId: 'res-1', amountMinor: 15_000, surfaced: false },
      { chargeResultId: 'res-1', disposition: 'returned' },
      null,
    ]);
  });

  it('counts surfaced money as charged once it is given back', () => {
    const { next, postings, events } = changed(decide(voidingSurfaced('granted'), resultOf('approved'), [surfaced]));
    expect(next).toMatchObject({ surfacedUndecided: 0, surfacedMinor: 0, refundPendingMinor: 0, decideAtMs: null });
    expect(next.shown).toMatchObject({ status: 'succeeded', chargedAmount: 15_000, refundedAmount: 15_000 });
    expect(events.map(({ what }) => what)).toEqual(['succeeded', 'resolved', 'refunded']);
    expect(postings.map(({ account }) => account)).toEqual(['suspense:club-1', 'acquirer:club-1:pax-1']);
  });

  it('takes less than asked for as less given back', () => {
    const part = { ...resultOf('approved'), outcome: { ...outcomes.approved, chargedMinor: 4_000 } as Outcome };
    const { next, disposed } = changed(decide(voidingSurfaced('granted'), part, [surfaced]));
    expect([next.surfacedUndecided, next.surfacedMinor, next.shown.chargedAmount, next.shown.refundedAmount, disposed]).toEqual([
      1,
      11_000,
      4_000,
      4_000,
      null,
    ]);
  });

  it('makes surfaced money due again when its return gave nothing back', () => {
    for (const kind of ['cancelled', 'failed'] as const)
      expect(changed(decide(voidingSurfaced('granted'), resultOf(kind), [surfaced])).next).toMatchObject({ surfacedUndecided: 1, decideAtMs: around.nowMs() });
    expect(changed(decide(voidingSurfaced('granted'), resultOf('unknown'), [surfaced])).next.decideAtMs).toBeNull();
  });

  it('gives the pending amount back when the command expired', () => {
    const record = voiding('queued', { shown: { cancelRequested: 'too_late' } });
    const { next, events } = expireChange(record, attemptOf(record, 'att-2'), around);
    expect([next.refundPendingMinor, next.shown.cancelRequested, next.shown.status, events.map(({ what }) => what)]).toEqual([
      0,
      'too_late',
      'succeeded',
      ['refund_failed'],
    ]);
  });
});

describe('an approval for a return that had ended otherwise', () => {
  it('is written down once', () => {
    const returned = sampleCharge({ disposition: 'returned', returns: [{ resultId: 'res-2', attemptId: 'att-2', amountMinor: 15_000, rrn: '333' }] });
    expect(changed(decide(voiding('failed'), resultOf('approved'))).returned).toMatchObject({ surfaced: true });
    expect(gist(decide(voiding('failed', { shown: { refundedAmount: 15_000 } }), resultOf('approved'), [returned]))).toBe('drop duplicate');
  });

  it('takes back a further return that has not begun', () => {
    const record = paymentOf([sampleSale(1, 'approved'), sampleVoid(2, 'failed'), sampleVoid(3, 'queued')], {
      refundPendingMinor: 15_000,
      shown: { chargedAmount: 15_000 },
    });
    const { next } = changed(decide(record, resultOf('approved')));
    expect([attemptOf(next, 'att-3').shown.status, next.refundPendingMinor, next.shown.refundedAmount]).toEqual(['withdrawn', 0, 15_000]);
  });

  it('goes to a person when the books have no room for it', () => {
    const begun = paymentOf([sampleSale(1, 'approved'), sampleVoid(2, 'failed'), sampleVoid(3, 'granted')], {
      refundPendingMinor: 15_000,
      shown: { chargedAmount: 15_000 },
    });
    expect(gist(decide(begun, resultOf('approved')))).toBe('orphan');
    const other = sampleCharge({ disposition: 'returned', returns: [{ resultId: 'res-3', attemptId: 'att-3', amountMinor: 15_000, rrn: '444' }] });
    expect(gist(decide(voiding('failed', { shown: { refundedAmount: 15_000 } }), resultOf('approved'), [other]))).toBe('orphan');
  });
});
