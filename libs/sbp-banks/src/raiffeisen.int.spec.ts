import { createHmac } from 'node:crypto';
import { Indeterminate, Rejected, Unavailable } from '@kkm/core';
import type { SbpOrder, SbpRefund } from '@kkm/flow/ledger';
import { bankCalls } from './bank-calls';
import { openBank } from './open-bank';
import { ScriptedBank } from './testing/scripted-bank';
import type { Scripted } from './testing/scripted-bank';

/** The sample of the bank's documentation. */
const payload = 'https://qr.nspk.ru/AD100004BAL7227F9BNP6KNE007J9B3K?type=02&bank=100000000007&sum=1&cur=RUB&crc=AB75';
const secret = 'the bearer of club-1';
const order: SbpOrder = {
  orderId: 'att_01jdq3v9kz0123456789abcdef',
  amountMinor: 111_011,
  currency: 'RUB',
  expiresAtMs: Date.UTC(2026, 10, 26, 22, 4, 0),
  purpose: 'Заказ ic-1',
};
const qr = { orderId: order.orderId, qrId: 'AD100004BAL7227F9BNP6KNE007J9B3K' };
const refund: SbpRefund = { ...qr, refundId: 'att_01jdq3v9kz0000000000refund', amountMinor: 29, currency: 'RUB', transactionId: '4711' };
const info = {
  code: 'SUCCESS',
  amount: 1110.11,
  currency: 'RUB',
  order: order.orderId,
  paymentStatus: 'SUCCESS',
  transactionId: 4711,
  merchantId: 1,
  more: {},
};

describe('Raiffeisen', () => {
  let bank: ScriptedBank;
  const calls = bankCalls();
  const raiffeisen = () => openBank({ bank: 'raiffeisen', baseUrl: `${bank.url}/api/`, merchantId: 'MA100001', secret }, calls);
  const failure = async (call: Promise<unknown>): Promise<Error> => {
    const error: unknown = await call.then(
      () => null,
      (thrown: unknown) => thrown,
    );
    if (!(error instanceof Error)) throw new RangeError('it went through');
    expect(`${String(error)}${JSON.stringify(error)}`).not.toContain(secret);
    return error;
  };
  beforeAll(async () => {
    bank = await ScriptedBank.start();
  });
  beforeEach(() => bank.reset());
  afterAll(async () => {
    calls.close();
    await bank.stop();
  });

  it('asks for a dynamic QR without authorisation, in roubles, with an expiry that has an offset', async () => {
    bank.will({ json: { code: 'SUCCESS', qrId: qr.qrId, payload, qrUrl: 'https://e-commerce.raiffeisen.ru/qr', isNew: true } });
    expect(await raiffeisen().create(order)).toEqual({ qrId: qr.qrId, payload, expiresAtMs: null });
    expect(bank.heard[0]).toMatchObject({ what: 'POST /api/sbp/v1/qr/register', authorization: undefined });
    expect(bank.heard[0]?.text).toContain('"amount":1110.11,');
    expect(bank.lastBody()).toEqual({
      qrType: 'QRDynamic',
      sbpMerchantId: 'MA100001',
      order: order.orderId,
      amount: 1110.11,
      currency: 'RUB',
      additionalInfo: 'Заказ ic-1',
      qrExpirationDate: '2026-11-27T01:04:00+03:00',
    });
  });

  it.each<readonly [string, Scripted, unknown, string | undefined]>([
    ['a refusal with its code', { json: { code: 'ERROR.MERCHANT_NOT_REGISTERED', message: 'x' } }, Rejected, 'ERROR.MERCHANT_NOT_REGISTERED'],
    ['a refusal by status', { status: 400, json: { code: 'ERROR.INVALID_REQUEST' } }, Rejected, 'ERROR.INVALID_REQUEST'],
    ['a refusal whose code is a text', { json: { code: `no, ${secret}` } }, Rejected, 'a code that is none'],
    ['a failure', { status: 500, json: { code: 'ERROR.INTERNAL' } }, Indeterminate, 'HTTP 500'],
    ['a page', { text: '<html>welcome</html>' }, Indeterminate, 'HTTP 200'],
    ['a status without a code', { status: 404, text: 'nothing here' }, Indeterminate, 'HTTP 404'],
    ['a payload that is no link', { json: { code: 'SUCCESS', qrId: 'AD1', payload: 'javascript:1' } }, Indeterminate, 'HTTP 200'],
    ['too many requests', { status: 429, json: { code: 'ERROR.LIMIT' } }, Unavailable, 'HTTP 429'],
    ['a lost answer', 'cut', Indeterminate, 'ECONNRESET'],
    ['half an answer', 'half', Indeterminate, undefined],
  ])('knows what it means when a QR was asked for and there came %s', async (_what, step, kind, detail) => {
    bank.will(step);
    const error = await failure(raiffeisen().create(order));
    expect(error).toBeInstanceOf(kind);
    if (detail !== undefined) expect(error).toMatchObject({ detail });
    expect(bank.heard).toHaveLength(1);
  });

  it.each([
    ['NEW', 'live'],
    ['IN_PROGRESS', 'paying'],
    ['EXPIRED', 'expired'],
    ['CANCELLED', 'cancelled'],
  ])('reads %s as %s', async (qrStatus, kind) => {
    bank.will({ json: { qrId: qr.qrId, qrStatus, qrExpirationDate: '2026-11-27T01:04:00+03:00' } });
    expect(await raiffeisen().status(qr)).toEqual({ kind });
    expect(bank.heard[0]).toMatchObject({ what: `GET /api/sbp/v2/qrs/${qr.qrId}`, authorization: `Bearer ${secret}` });
  });

  it('asks what was paid, and by which transaction, once the bank says paid', async () => {
    bank.will({ json: { code: 'SUCCESS', qrStatus: 'PAID' } }, { json: info });
    expect(await raiffeisen().status(qr)).toEqual({ kind: 'paid', amountMinor: 111_011, transactionId: '4711' });
    expect(bank.heard[1]).toMatchObject({ what: `GET /api/sbp/v1/qr/${qr.qrId}/payment-info`, authorization: `Bearer ${secret}` });
  });

  it.each([
    ['no success yet', { ...info, paymentStatus: 'IN_PROGRESS' }],
    ['another order', { ...info, order: 'att_another' }],
  ])('takes nothing for paid while there is %s', async (_what, json) => {
    bank.will({ json: { qrStatus: 'PAID' } }, { json });
    expect(await raiffeisen().status(qr)).toEqual({ kind: 'paying' });
  });

  it.each<readonly [string, Scripted, unknown]>([
    ['fails', { status: 503, text: '' }, Unavailable],
    ['limits', { status: 429, text: '' }, Unavailable],
    ['says a state that is not listed', { json: { qrStatus: 'FROZEN' } }, Unavailable],
    ['talks of something else', { text: 'ok' }, Unavailable],
    ['refuses', { status: 401, json: { code: 'ERROR.UNAUTHORIZED' } }, Rejected],
  ])('makes no state of a bank that %s', async (_what, step, kind) => {
    bank.will(step);
    expect(await failure(raiffeisen().status(qr))).toBeInstanceOf(kind);
  });

  it('cancels, and hears a refusal', async () => {
    bank.will({ text: '' }, { status: 400, json: { code: 'ERROR.INVALID_ORDER' } }, { status: 500, text: '' });
    await raiffeisen().cancel(qr);
    expect(bank.heard[0]).toMatchObject({ what: `DELETE /api/sbp/v2/qrs/${qr.qrId}`, authorization: `Bearer ${secret}` });
    expect(await failure(raiffeisen().cancel(qr))).toBeInstanceOf(Rejected);
    expect(await failure(raiffeisen().cancel(qr))).toBeInstanceOf(Indeterminate);
  });

  it('refunds under our own id, and asks about it by that', async () => {
    const said = (refundStatus: string) => ({ json: { code: 'SUCCESS', amount: 0.29, refundStatus } });
    bank.will(said('IN_PROGRESS'), said('COMPLETED'), said('DECLINED'), { status: 404, json: { code: 'ERROR.REFUND_NOT_FOUND' } });
    expect(await raiffeisen().refund(refund)).toEqual({ kind: 'working' });
    expect(bank.lastBody()).toEqual({ order: order.orderId, refundId: refund.refundId, amount: 0.29 });
    expect(await raiffeisen().refundStatus(refund)).toEqual({ kind: 'done', amountMinor: 29, transactionId: null });
    expect(await raiffeisen().refundStatus(refund)).toEqual({ kind: 'declined', message: null });
    expect(await raiffeisen().refundStatus(refund)).toEqual({ kind: 'unknown' });
    expect(bank.heard.map(({ what }) => what)).toEqual(['POST /api/sbp/v1/refund', ...Array(3).fill(`GET /api/sbp/v1/refund/${refund.refundId}`)]);
  });

  it('does not take the "not found" of a proxy for a refund that was never made', async () => {
    bank.will({ status: 404, text: 'no route' });
    expect(await failure(raiffeisen().refundStatus(refund))).toBeInstanceOf(Unavailable);
  });

  describe('notifications', () => {
    const said = { ...info, sbpMerchantId: 'MA100001', transactionDate: '2026-11-27T01:02:03+03:00', qrId: qr.qrId };
    const signed = (body: string, text: string, key = secret) =>
      raiffeisen().readNotification({ 'x-api-signature-sha256': createHmac('sha256', key).update(text).digest('hex').toUpperCase() }, body);
    const text = `1110.11|MA100001|${order.orderId}|SUCCESS|2026-11-27T01:02:03+03:00`;

    it('are read when the bank signed them', () => {
      const paid = { kind: 'paid', amountMinor: 111_011, transactionId: '4711' };
      expect(signed(JSON.stringify(said), text)).toEqual({ orderId: order.orderId, qrId: qr.qrId, status: paid });
      expect(raiffeisen().notificationReply).toBe('');
    });

    it('are signed over the amount as the bank wrote it', () => {
      const body = JSON.stringify(said).replace('1110.11', '150.00');
      expect(signed(body, text.replace('1110.11', '150.00'))).toMatchObject({ status: { kind: 'paid', amountMinor: 15_000 } });
    });

    it('that do not say success say only that it is time to ask', () => {
      const body = JSON.stringify({ ...said, paymentStatus: 'DECLINED' });
      expect(signed(body, text.replace('SUCCESS', 'DECLINED'))).toMatchObject({ status: { kind: 'paying' } });
    });

    it.each<readonly [string, () => unknown]>([
      ['no signature', () => raiffeisen().readNotification({}, JSON.stringify(said))],
      ['another key', () => signed(JSON.stringify(said), text, 'guessed')],
      ['another amount', () => signed(JSON.stringify({ ...said, amount: 1 }), text)],
      ['another order', () => signed(JSON.stringify({ ...said, order: 'att_another' }), text)],
      ['another merchant', () => signed(JSON.stringify({ ...said, sbpMerchantId: 'MA2' }), text.replace('MA100001', 'MA2'))],
      ['a cut signature', () => raiffeisen().readNotification({ 'x-api-signature-sha256': 'ab' }, JSON.stringify(said))],
    ])('are refused with %s', (_what, read) => {
      expect(read).toThrow(expect.objectContaining({ code: 'sbp.signature_invalid' }) as Error);
    });

    it('that cannot be read are malformed, and not quoted', () => {
      for (const body of ['{"order": ', '[]', JSON.stringify({ ...said, amount: '1,5' })]) {
        expect(() => signed(body, text)).toThrow(expect.objectContaining({ code: 'request.malformed' }) as Error);
      }
    });
  });
});
