import { FakeBank } from './fake-bank';
import { FakeSbpBank } from './fake-sbp-bank';
import type { SbpQrOrder, SbpQrRow } from './fake-sbp-bank';

const startMs = 1_795_000_000_000;
const order: SbpQrOrder = { merchantId: 'MA0001', order: 'att_1', amountMinor: 15_000, expiresAtMs: startMs + 180_000 };
const refund = { merchantId: 'MA0001', order: 'att_1', refundId: 'ref_1', amountMinor: 15_000 } as const;

function open() {
  const clock = { nowMs: startMs };
  const bank = new FakeBank(() => clock.nowMs);
  const sbp = new FakeSbpBank(bank, () => clock.nowMs);
  const made = (changes: Partial<SbpQrOrder> = {}): SbpQrRow => {
    const answer = sbp.register({ ...order, ...changes });
    if (!answer.done) throw new Error(answer.code);
    return answer.value;
  };
  const statusOf = (qr: SbpQrRow) => sbp.find(qr.qrId)?.status;
  return { clock, bank, sbp, made, statusOf };
}

describe('a QR of the fake bank', () => {
  it('looks like a captured one', () => {
    const { made } = open();
    const { qrId, payload, status } = made();
    expect(qrId).toMatch(/^AD10[0-9A-Z]{28}$/);
    expect(payload).toMatch(new RegExp(`^https://qr\\.nspk\\.ru/${qrId}\\?type=02&bank=\\d{12}&sum=15000&cur=RUB&crc=[0-9A-F]{4}$`));
    expect([payload.length <= 130, status]).toEqual([true, 'NEW']);
  });

  it('is paid once, and booked once under its order', () => {
    const { bank, sbp, made, statusOf } = open();
    const qr = made();
    const heard: SbpQrRow[] = [];
    sbp.onPaid((paid) => heard.push(paid));
    expect(sbp.pay(qr.payload, { terminalId: 'pax-1' })).toMatchObject({ taken: true, qr: { status: 'PAID', terminalId: 'pax-1' } });
    expect(sbp.pay(qr.payload)).toEqual({ taken: false, why: 'paid' });
    expect(sbp.pay(qr.qrId, { late: true })).toEqual({ taken: false, why: 'paid' });
    expect(sbp.pay('https://qr.nspk.ru/other')).toEqual({ taken: false, why: 'unknown' });
    const [booked, ...more] = bank.transactions();
    expect([booked?.reference, booked?.terminalId, booked?.channel, more]).toEqual(['att_1', 'pax-1', 'sbp', []]);
    expect([statusOf(qr), heard.length, heard[0]?.transactionId]).toEqual(['PAID', 1, booked?.rrn]);
  });

  it('is refused when its order was paid, or its end has passed', () => {
    const { sbp, made } = open();
    sbp.pay(made().qrId);
    expect(sbp.register(order)).toEqual({ done: false, code: 'ORDER_NUMBER_ALREADY_REGISTERED' });
    expect(sbp.register({ ...order, merchantId: 'MA0002' }).done).toBe(true);
    expect(sbp.register({ ...order, order: 'att_2', expiresAtMs: startMs })).toEqual({ done: false, code: 'QR_EXPIRATION_DATE_NOT_VALID' });
  });

  it('is a second one when an unpaid order is registered again, and both take money', () => {
    const { bank, sbp, made } = open();
    const [first, second] = [made(), made()];
    expect(first.qrId).not.toBe(second.qrId);
    expect([sbp.pay(first.qrId).taken, sbp.pay(second.qrId).taken]).toEqual([true, true]);
    expect(bank.transactions()).toHaveLength(2);
  });

  it('expires, and takes money afterwards only from a payment that was on its way', () => {
    const { clock, sbp, made, statusOf } = open();
    const [dead, begun] = [made(), made({ order: 'att_2' })];
    expect(sbp.begin(begun.qrId).taken).toBe(true);
    clock.nowMs = order.expiresAtMs - 1;
    expect(statusOf(dead)).toBe('NEW');
    clock.nowMs = order.expiresAtMs;
    expect([statusOf(dead), statusOf(begun)]).toEqual(['EXPIRED', 'IN_PROGRESS']);
    expect(sbp.pay(dead.qrId)).toEqual({ taken: false, why: 'expired' });
    expect([sbp.complete(begun.qrId).taken, statusOf(begun)]).toEqual([true, 'PAID']);
    expect([sbp.pay(dead.qrId, { late: true }).taken, statusOf(dead)]).toEqual([true, 'PAID']);
  });

  it('can be cancelled, but the cancel loses against a payment on its way', () => {
    const { sbp, made, statusOf } = open();
    const [dead, racing] = [made(), made({ order: 'att_2' })];
    expect(sbp.cancel(dead.qrId)).toMatchObject({ done: true, value: { status: 'CANCELLED' } });
    expect(sbp.pay(dead.qrId)).toEqual({ taken: false, why: 'cancelled' });
    sbp.begin(racing.payload);
    expect(sbp.begin(racing.payload)).toEqual({ taken: false, why: 'paying' });
    expect([statusOf(racing), sbp.cancel(racing.qrId).done, statusOf(racing)]).toEqual(['IN_PROGRESS', true, 'CANCELLED']);
    expect([sbp.complete(racing.qrId).taken, statusOf(racing)]).toEqual([true, 'PAID']);
    expect(sbp.complete(racing.qrId)).toEqual({ taken: false, why: 'paid' });
    expect(sbp.complete(dead.qrId)).toEqual({ taken: false, why: 'unknown' });
    expect(sbp.cancel(racing.qrId)).toEqual({ done: false, code: 'INVALID_REQUEST' });
    expect(sbp.cancel('AD10')).toEqual({ done: false, code: 'NOT_FOUND' });
  });
});

describe('a refund of the fake bank', () => {
  function paid() {
    const opened = open();
    opened.sbp.pay(opened.made().qrId, { terminalId: 'pax-1' });
    return opened;
  }

  it('is done once, however often it is asked', () => {
    const { bank, sbp } = paid();
    expect(sbp.refund(refund)).toMatchObject({ done: true, value: { status: 'COMPLETED', amountMinor: 15_000 } });
    expect(sbp.refund(refund)).toMatchObject({ done: true, value: { status: 'COMPLETED' } });
    expect(sbp.refund({ ...refund, amountMinor: 1 })).toEqual({ done: false, code: 'INVALID_REQUEST' });
    expect(bank.transactions().map(({ kind, terminalId }) => [kind, terminalId])).toEqual([
      ['sale', 'pax-1'],
      ['refund', 'pax-1'],
    ]);
  });

  it('is never more than was paid, counting what is under way', () => {
    const { bank, sbp } = paid();
    expect(sbp.refund({ ...refund, amountMinor: 10_000, goes: { slowAnswers: 2 } })).toMatchObject({ value: { status: 'IN_PROGRESS' } });
    expect(sbp.refund({ ...refund, refundId: 'ref_2', amountMinor: 5_001 })).toEqual({ done: false, code: 'REFUND_INSUFFICIENT_FUNDS' });
    expect(sbp.refund({ ...refund, refundId: 'ref_2', amountMinor: 5_000 }).done).toBe(true);
    expect(sbp.refunds.status('MA0001', 'ref_1')).toMatchObject({ value: { status: 'IN_PROGRESS' } });
    expect(sbp.refunds.status('MA0001', 'ref_1')).toMatchObject({ value: { status: 'COMPLETED' } });
    expect(bank.totals().all).toMatchObject({ salesAmount: 15_000, returnsAmount: 15_000, net: 0 });
  });

  it('moves nothing when it is declined, and stays declined', () => {
    const { bank, sbp } = paid();
    expect(sbp.refund({ ...refund, goes: 'DECLINED' })).toMatchObject({ value: { status: 'DECLINED' } });
    expect(sbp.refund(refund)).toMatchObject({ value: { status: 'DECLINED' } });
    expect(bank.transactions()).toHaveLength(1);
    expect(sbp.refund({ ...refund, refundId: 'ref_2' })).toMatchObject({ value: { status: 'COMPLETED' } });
  });

  it('is refused where nothing was paid, and unknown where nothing was asked', () => {
    const { sbp, made } = open();
    made();
    expect(sbp.refund(refund)).toEqual({ done: false, code: 'NOT_FOUND' });
    expect(sbp.refunds.status('MA0001', 'ref_1')).toEqual({ done: false, code: 'REFUND_NOT_FOUND' });
  });
});
