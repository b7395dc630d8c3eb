import { Rejected } from '@kkm/core';
import type { RefundPaymentRequest } from '@kkm/core';
import { paymentOf, sampleCharge, sampleNowMs as now, sampleSale, sampleSurroundings as around, sampleVoid } from '../testing/ledger-records';
import type { ChargeRecord } from './charges';
import { commandOf } from './records';
import type { AttemptRecord, PaymentRecord } from './records';
import { decideRefund } from './refund-payment';

const request: RefundPaymentRequest = {
  idempotency: { key: 'k-1', fingerprint: 'same' },
  scope: null,
  paymentId: 'pay-1',
  amount: null,
  reason: 'one hour less',
  by: { kind: 'api_key', id: 'key_1', name: 'desk' },
};

/** A sale whose permit came then. */
function taken(grantedAtMs = now, wanted: Partial<AttemptRecord> = {}): AttemptRecord {
  const sale = sampleSale(1, 'approved');
  return { ...sale, permit: { ...sale.permit!, grantedAtMs }, ...wanted };
}

const charged = (sale = taken(), ...further: AttemptRecord[]): PaymentRecord => paymentOf([sale, ...further], { shown: { chargedAmount: 15_000 } });

function refund(record: PaymentRecord, amount: number | null = null, charges: readonly ChargeRecord[] = [sampleCharge()], clock = around) {
  return decideRefund(record, { request: { ...request, amount }, charges }, clock);
}

/** What is opened, or the code of the refusal. */
function gist(...about: Parameters<typeof refund>): string {
  try {
    const { added } = refund(...about).change;
    return `${added?.shown.operation} ${added?.shown.amount} ${added?.original?.chargeResultId}`;
  } catch (error) {
    return error instanceof Rejected ? error.code : String(error);
  }
}

describe('a refund', () => {
  it('voids a whole charge of the same day, and refunds all else', () => {
    expect(gist(charged())).toBe('void 15000 res-1');
    expect(gist(charged(), 15_000)).toBe('void 15000 res-1');
    expect(gist(charged(), 14_999)).toBe('refund 14999 res-1');
    const part = sampleCharge({ returns: [{ resultId: 'r', attemptId: 'a', amountMinor: 5_000, rrn: null }] });
    expect(gist(charged(), null, [part])).toBe('refund 10000 res-1');
  });

  it('knows the bank’s day by Moscow’s midnight', () => {
    const midnight = Date.parse('2026-03-01T21:00:00Z');
    const at = (ms: number) => ({ ...around, nowMs: () => ms });
    expect(gist(charged(taken(midnight)), null, undefined, at(midnight + 86_399_999))).toBe('void 15000 res-1');
    expect(gist(charged(taken(midnight - 1)), null, undefined, at(midnight))).toBe('refund 15000 res-1');
    expect(gist(charged(taken(midnight)), null, undefined, at(midnight + 86_400_000))).toBe('refund 15000 res-1');
  });

  it('goes through the bank where the money came through it, whatever the day, and is no worker’s', () => {
    const record = charged(taken(now, { moneyPath: 'bank_qr' }));
    expect(gist(record)).toBe('refund 15000 res-1');
    const { change, attemptId } = refund(record);
    expect([change.added?.moneyPath, commandOf(change.next, attemptId)]).toEqual(['bank_qr', null]);
    expect(change.added!.expiresAtMs - now).toBe(30 * 86_400_000);
  });

  it('holds what it may give back, leaves the status alone and is kept with its reason', () => {
    const { change, attemptId } = refund(charged(), 5_000);
    expect(change.next).toMatchObject({ refundPendingMinor: 5_000, shown: { status: 'succeeded', chargedAmount: 15_000, refundedAmount: 0 } });
    expect(change.key).toEqual({ siteId: 'club-1', key: 'k-1', fingerprint: 'same', attemptId });
    expect(change.evidence?.pieces).toMatchObject([
      { kind: 'person', asked: expect.stringContaining('to give back RUB\u00a050.00, att_') as string, said: 'desk (key_1): one hour less' },
    ]);
    expect([change.events, commandOf(change.next, attemptId)]).toMatchObject([[], { operation: 'refund', amount: 5_000, original: { rrn: '111' } }]);
  });

  it('never gives back more than is left', () => {
    const part = sampleCharge({ returns: [{ resultId: 'r', attemptId: 'a', amountMinor: 5_000, rrn: null }] });
    const whole = sampleCharge({ disposition: 'returned', returns: [{ resultId: 'r', attemptId: 'a', amountMinor: 15_000, rrn: null }] });
    expect(gist(charged(), 15_001)).toBe('payment.refund_too_large');
    expect(gist(charged(), 10_001, [part])).toBe('payment.refund_too_large');
    expect(gist(charged(), 1, [whole])).toBe('payment.refund_too_large');
    expect(gist(charged(), null, [whole])).toBe('payment.not_refundable');
  });

  it('is refused while another attempt is open or in doubt, without a charge, and without the bank’s number of it', () => {
    for (const status of ['queued', 'granted', 'unknown'] as const) expect(gist(charged(taken(), sampleVoid(2, status)), 1)).toBe('payment.not_refundable');
    expect(gist(paymentOf([sampleSale(1, 'declined')]), 1, [])).toBe('payment.not_refundable');
    expect(gist(charged(), 1, [sampleCharge({ rrn: null })])).toBe('payment.not_refundable');
    expect(() => refund(charged(), 1, [sampleCharge({ rrn: null })])).toThrow(expect.objectContaining({ detail: expect.stringContaining('bank’s number') }));
  });

  it('takes one charge at a time, and says so when the amount spans two', () => {
    const second = sampleCharge({ resultId: 'res-2', amountMinor: 20_000 });
    const both = [sampleCharge(), second];
    expect([gist(charged(), 15_000, both), gist(charged(), 15_001, both)]).toEqual(['void 15000 res-1', 'refund 15001 res-2']);
    expect(() => refund(charged(), 20_001, both)).toThrow(
      expect.objectContaining({ code: 'payment.refund_too_large', detail: expect.stringMatching(/At most RUB\u00a0200\.00.*several charges/) }),
    );
  });

  it('gives surfaced money back that was kept, and what the ledger has left to a person, but none that it still decides about', () => {
    const undecided = sampleCharge({ surfaced: true, disposition: 'undecided' });
    const late = (decideAtMs: number | null) =>
      paymentOf([{ ...taken(), ...sampleSale(1, 'declined') }], { surfacedUndecided: 1, surfacedMinor: 15_000, decideAtMs });
    expect(gist(charged(), 5_000, [sampleCharge({ surfaced: true })])).toBe('refund 5000 res-1');
    expect(gist(late(null), 5_000, [undecided])).toBe('refund 5000 res-1');
    expect(gist(late(now), 5_000, [undecided])).toBe('payment.not_refundable');
    expect(gist(charged(), 5_000, [undecided, sampleCharge({ resultId: 'res-2' })])).toBe('refund 5000 res-2');
  });
});
