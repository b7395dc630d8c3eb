import { Indeterminate, Rejected, Unavailable } from '@kkm/core';
import type { SbpOrder, SbpRefund } from '@kkm/flow/ledger';
import { bankCalls } from './bank-calls';
import { openBank } from './open-bank';
import { ScriptedBank } from './testing/scripted-bank';
import type { Scripted } from './testing/scripted-bank';
import { tkassaToken } from './tkassa-token';

const payload = 'https://qr.nspk.ru/AD10005QAZ1234567890ABCDEFGHIJKL?type=02&bank=100000000004&sum=111011&cur=RUB&crc=C0FF';
const secret = 'password-of-club-1';
const order: SbpOrder = {
  orderId: 'att_01jdq3v9kz0123456789abcdef',
  amountMinor: 111_011,
  currency: 'RUB',
  expiresAtMs: Date.UTC(2026, 10, 26, 22, 4, 0),
  purpose: 'Заказ ic-1',
};
const qr = { orderId: order.orderId, qrId: '5003707594' };
const refund: SbpRefund = { ...qr, refundId: 'att_refund', amountMinor: 111_011, currency: 'RUB', transactionId: '5003707594' };
const good = { Success: true, ErrorCode: '0' };
const state = (Status: string): Scripted => ({ json: { ...good, TerminalKey: 'club1', Status, PaymentId: qr.qrId, OrderId: order.orderId, Amount: 111_011 } });

describe('T-Kassa', () => {
  let bank: ScriptedBank;
  const calls = bankCalls();
  const tkassa = () => openBank({ bank: 'tkassa', baseUrl: bank.url, merchantId: 'club1', secret }, calls);
  const failure = async (call: Promise<unknown>): Promise<Error> => {
    const error: unknown = await call.then(
      () => null,
      (thrown: unknown) => thrown,
    );
    if (!(error instanceof Error)) throw new RangeError('it went through');
    expect(`${String(error)}${JSON.stringify(error)}`).not.toContain(secret);
    return error;
  };
  const asked = () => bank.heard.map(({ what }) => what.replace('POST /v2/', ''));
  beforeAll(async () => {
    bank = await ScriptedBank.start();
  });
  beforeEach(() => bank.reset());
  afterAll(async () => {
    calls.close();
    await bank.stop();
  });

  it('opens a payment in kopecks and asks for the link of its QR, signed', async () => {
    bank.will({ json: { ...good, Status: 'NEW', PaymentId: qr.qrId, PaymentURL: 'https://x' } }, { json: { ...good, Data: payload, PaymentId: 5003707594 } });
    expect(await tkassa().create(order)).toEqual({ qrId: qr.qrId, payload, expiresAtMs: null });
    expect(asked()).toEqual(['Init', 'GetQr']);
    const { Token, ...init } = JSON.parse(bank.heard[0]?.text ?? '') as Record<string, unknown>;
    expect(init).toEqual({
      TerminalKey: 'club1',
      OrderId: order.orderId,
      Amount: 111_011,
      Description: 'Заказ ic-1',
      PayType: 'O',
      RedirectDueDate: '2026-11-27T01:04:00+03:00',
    });
    expect(Token).toBe(tkassaToken(init, secret));
    expect(bank.lastBody()).toMatchObject({ TerminalKey: 'club1', PaymentId: qr.qrId, DataType: 'PAYLOAD' });
    expect(bank.heard.some(({ text }) => text.includes(secret))).toBe(false);
  });

  it.each<readonly [string, readonly Scripted[], unknown]>([
    ['a refusal', [{ json: { Success: false, ErrorCode: '309', Message: 'x' } }], Rejected],
    ['a failure of its system', [{ json: { Success: false, ErrorCode: '9999' } }], Indeterminate],
    ['a lost answer to the second request', [{ json: { ...good, PaymentId: '1' } }, 'cut'], Indeterminate],
    ['a refusal of the QR', [{ json: { ...good, PaymentId: '1' } }, { json: { Success: false, ErrorCode: '3001' } }], Rejected],
    ['garbage', [{ text: 'welcome' }], Indeterminate],
    ['an image instead of a link', [{ json: { ...good, PaymentId: '1' } }, { json: { ...good, Data: '<svg/>' } }], Indeterminate],
    ['a failure', [{ status: 500, text: '' }], Indeterminate],
    ['too many requests', [{ status: 429, text: '' }], Unavailable],
  ])('knows what it means when a QR was asked for and there came %s', async (_what, steps, kind) => {
    bank.will(...steps);
    expect(await failure(tkassa().create(order))).toBeInstanceOf(kind);
  });

  it.each([
    ['NEW', { kind: 'live' }],
    ['FORM_SHOWED', { kind: 'live' }],
    ['AUTHORIZING', { kind: 'paying' }],
    ['ASYNC_REFUNDING', { kind: 'paying' }],
    ['SOMETHING_NEW', { kind: 'paying' }],
    ['CONFIRMED', { kind: 'paid', amountMinor: 111_011, transactionId: qr.qrId }],
    ['PARTIAL_REFUNDED', { kind: 'paid', amountMinor: 111_011, transactionId: qr.qrId }],
    ['CANCELED', { kind: 'cancelled' }],
    ['REFUNDED', { kind: 'cancelled' }],
    ['DEADLINE_EXPIRED', { kind: 'expired' }],
    ['REJECTED', { kind: 'declined', message: null }],
  ])('reads %s', async (status, at) => {
    bank.will(state(status));
    expect(await tkassa().status(qr)).toEqual(at);
  });

  it('makes no state of another order’s payment, nor of a failure', async () => {
    bank.will(
      { json: { ...good, Status: 'CONFIRMED', OrderId: 'att_another', Amount: 111_011 } },
      { status: 502, text: '' },
      { json: { Success: false, ErrorCode: '9999' } },
    );
    for (let tries = 0; tries < 3; tries += 1) expect(await failure(tkassa().status(qr))).toBeInstanceOf(Unavailable);
  });

  it('cancels only what nobody has begun to pay: the cancel of what was paid would be a refund', async () => {
    bank.will(state('NEW'), { json: { ...good, Status: 'CANCELED' } });
    await tkassa().cancel(qr);
    expect(asked()).toEqual(['GetState', 'Cancel']);
    for (const status of ['AUTHORIZING', 'CONFIRMED', 'REFUNDED']) {
      bank.reset();
      bank.will(state(status));
      await tkassa().cancel(qr);
      expect(asked()).toEqual(['GetState']);
    }
  });

  it('gives the whole amount back, and asks about that instead of doing it again', async () => {
    bank.will(state('CONFIRMED'), { json: { ...good, Status: 'ASYNC_REFUNDING', OriginalAmount: 111_011, NewAmount: 0 } });
    expect(await tkassa().refund(refund)).toEqual({ kind: 'working' });
    expect(bank.lastBody()).toMatchObject({ PaymentId: qr.qrId, Amount: 111_011 });
    bank.reset();
    bank.will(state('ASYNC_REFUNDING'), state('REFUNDED'), state('REFUNDED'), state('CONFIRMED'));
    expect(await tkassa().refund(refund)).toEqual({ kind: 'working' });
    expect(await tkassa().refund(refund)).toEqual({ kind: 'done', amountMinor: 111_011, transactionId: qr.qrId });
    expect(await tkassa().refundStatus(refund)).toEqual({ kind: 'done', amountMinor: 111_011, transactionId: qr.qrId });
    expect(await tkassa().refundStatus(refund)).toEqual({ kind: 'unknown' });
    expect(asked()).toEqual(Array(4).fill('GetState'));
  });

  it('gives no part back, because its repeat could not be told from a second one', async () => {
    bank.will(state('CONFIRMED'), state('PARTIAL_REFUNDED'));
    expect(await failure(tkassa().refund({ ...refund, amountMinor: 29 }))).toMatchObject({ code: 'sbp.refused', detail: 'PARTIAL_REFUND_NOT_OFFERED' });
    expect(await failure(tkassa().refund(refund))).toMatchObject({ code: 'sbp.refused' });
    expect(asked()).toEqual(['GetState', 'GetState']);
  });

  it('is indeterminate when the answer to a refund is lost', async () => {
    bank.will(state('CONFIRMED'), 'cut');
    expect(await failure(tkassa().refund(refund))).toBeInstanceOf(Indeterminate);
  });

  describe('notifications', () => {
    const said = {
      TerminalKey: 'club1',
      OrderId: order.orderId,
      Success: true,
      Status: 'CONFIRMED',
      PaymentId: 5003707594,
      ErrorCode: '0',
      Amount: 111_011,
      Pan: '1',
    };
    const read = (body: object, password = secret) => tkassa().readNotification({}, JSON.stringify({ ...body, Token: tkassaToken({ ...body }, password) }));

    it('are read when the bank signed them, and answered with OK', () => {
      expect(read({ ...said, Data: { x: 1 } })).toEqual({
        orderId: order.orderId,
        qrId: qr.qrId,
        status: { kind: 'paid', amountMinor: 111_011, transactionId: qr.qrId },
      });
      expect(read({ ...said, Status: 'REFUNDED' })).toMatchObject({ status: { kind: 'paying' } });
      expect(tkassa().notificationReply).toBe('OK');
    });

    it('are refused when they were signed with another password, changed, or are for another terminal', () => {
      const invalid = expect.objectContaining({ code: 'sbp.signature_invalid' }) as Error;
      const changed = JSON.stringify({ ...said, Amount: 1, Token: tkassaToken(said, secret) });
      expect(() => read(said, 'guessed')).toThrow(invalid);
      expect(() => tkassa().readNotification({}, changed)).toThrow(invalid);
      expect(() => read({ ...said, TerminalKey: 'club2' })).toThrow(invalid);
      expect(() => tkassa().readNotification({}, JSON.stringify(said))).toThrow(expect.objectContaining({ code: 'request.malformed' }) as Error);
    });
  });
});
