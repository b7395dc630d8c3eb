import type { IncomingMessage } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createLogger } from '@kkm/observability';
import { bankCalls, openBank } from '@kkm/sbp-banks';
import { eventually } from '@kkm/testkit';
import type { RunningCounter } from '../start-counter';
import { startCounter } from '../start-counter';
import { virtualTerminalConfig } from '../virtual-terminal.config';

const [merchantId, secret] = ['MA0001', 'the-secret-of-MA0001'];
const calls = bankCalls();
let running: RunningCounter;

beforeAll(async () => {
  const config = virtualTerminalConfig({ KKM_VT_TERMINALS: 'pax-1:0', KKM_HTTP_PORT: '0', KKM_VT_SBP_ACCOUNTS: `${merchantId}:${secret}` });
  running = await startCounter(config, createLogger({ service: 'virtual-terminal', level: 'silent' }));
});

beforeEach(() => behave({}));

afterAll(async () => {
  calls.close();
  await running.stop();
});

async function http(method: string, path: string, { body, key }: { readonly body?: unknown; readonly key?: string } = {}) {
  const headers = { ...(body !== undefined && { 'content-type': 'application/json' }), ...(key && { authorization: `Bearer ${key}` }) };
  const response = await fetch(`${running.url}${path}`, { method, headers, body: body === undefined ? null : JSON.stringify(body) });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

async function behave(behaviour: object): Promise<void> {
  expect((await http('PUT', '/bank/sbp/behaviour', { body: behaviour })).status).toBe(200);
}

const bank = (ofSecret = secret) => openBank({ bank: 'raiffeisen', baseUrl: `${running.url}/raiffeisen`, merchantId, secret: ofSecret }, calls);
let lastOrder = 0;

/** A QR of 1500.29 that the adapter has asked for. */
async function made() {
  lastOrder += 1;
  const orderId = `att_${lastOrder}`;
  const { qrId, payload } = await bank().create({ orderId, amountMinor: 150_029, currency: 'RUB', expiresAtMs: Date.now() + 60_000, purpose: 'Заказ 1' });
  return { orderId, qrId, payload };
}

const pay = (qrId: string, body: object = {}) => http('POST', `/bank/sbp/qrs/${qrId}/pay`, { body });
const refundOf = (qr: { readonly orderId: string; readonly qrId: string }, refundId: string, amountMinor = 150_029) =>
  ({ ...qr, refundId, amountMinor, currency: 'RUB', transactionId: null }) as const;
const rowsOf = (orderId: string) => running.counter.bank.transactions().filter(({ reference }) => reference === orderId);

describe('the fake bank, spoken to by the adapter', () => {
  it('makes a QR, sees it paid once, books it, and gives the money back once', async () => {
    const qr = await made();
    expect(await bank().status(qr)).toEqual({ kind: 'live' });
    expect((await pay(qr.qrId, { step: 'begin' })).body).toMatchObject({ status: 'IN_PROGRESS' });
    expect(await bank().status(qr)).toEqual({ kind: 'paying' });
    expect((await pay(qr.qrId, { step: 'complete' })).body).toMatchObject({ status: 'PAID', order: qr.orderId, amountMinor: 150_029 });
    expect((await pay(qr.qrId)).status).toBe(409);
    const [row] = rowsOf(qr.orderId);
    expect(await bank().status(qr)).toEqual({ kind: 'paid', amountMinor: 150_029, transactionId: row?.rrn });
    expect(await bank().refund(refundOf(qr, 'ref_1', 50_000))).toMatchObject({ kind: 'done', amountMinor: 50_000 });
    expect(await bank().refund(refundOf(qr, 'ref_1', 50_000))).toMatchObject({ kind: 'done' });
    await expect(bank().refund(refundOf(qr, 'ref_2'))).rejects.toMatchObject({ code: 'sbp.refused', detail: 'ERROR.REFUND_INSUFFICIENT_FUNDS' });
    expect(await bank().refundStatus(refundOf(qr, 'ref_3'))).toEqual({ kind: 'unknown' });
    expect(rowsOf(qr.orderId)).toMatchObject([
      { kind: 'sale', amount: 150_029 },
      { kind: 'refund', amount: 50_000 },
    ]);
    const { body } = await http('GET', '/bank/transactions');
    expect((body['transactions'] as { reference: string }[]).filter(({ reference }) => reference === qr.orderId)).toHaveLength(2);
  });

  it('cancels, and takes money afterwards only when it was on its way', async () => {
    const [dead, racing] = [await made(), await made()];
    await bank().cancel(dead);
    expect(await bank().status(dead)).toEqual({ kind: 'cancelled' });
    expect((await pay(dead.qrId)).status).toBe(409);
    await pay(racing.qrId, { step: 'begin' });
    await bank().cancel(racing);
    expect(await bank().status(racing)).toEqual({ kind: 'cancelled' });
    await pay(racing.qrId, { step: 'complete' });
    expect(await bank().status(racing)).toMatchObject({ kind: 'paid' });
    expect((await pay(dead.qrId, { late: true })).status).toBe(200);
    expect(await bank().status(dead)).toMatchObject({ kind: 'paid' });
  });

  it('shows a merchant nothing of another, and nothing to nobody', async () => {
    const qr = await made();
    await expect(bank('wrong-secret').status(qr)).rejects.toMatchObject({ code: 'sbp.refused', detail: 'ERROR.ACCOUNT_IS_NOT_REGISTERED' });
    expect((await http('PUT', '/bank/sbp/accounts/MA0002', { body: { secret: 'another-secret' } })).status).toBe(200);
    await expect(bank('another-secret').status(qr)).rejects.toMatchObject({ detail: 'ERROR.NOT_FOUND' });
    expect(await http('PUT', '/bank/sbp/accounts/MA0003', { body: { secret: 'another-secret' } })).toMatchObject({
      status: 422,
      body: { code: 'request.invalid' },
    });
  });
});

describe('a faulty bank', () => {
  it('loses the answer to a QR that it made, once', async () => {
    await behave({ faults: ['create_lost'] });
    const before = running.counter.sbpBank.qrs().length;
    await expect(made()).rejects.toMatchObject({ code: 'sbp.no_answer' });
    expect(running.counter.sbpBank.qrs()).toHaveLength(before + 1);
    await made();
  });

  it('refuses a QR and makes none', async () => {
    await behave({ faults: ['create_refused'] });
    const before = running.counter.sbpBank.qrs().length;
    await expect(made()).rejects.toMatchObject({ code: 'sbp.refused', detail: 'ERROR.INVALID_REQUEST' });
    expect(running.counter.sbpBank.qrs()).toHaveLength(before);
  });

  it('is down for a while', async () => {
    const qr = await made();
    await behave({ faults: ['down(300)'] });
    await expect(bank().status(qr)).rejects.toBeInstanceOf(Error);
    await eventually(async () => expect(await bank().status(qr)).toEqual({ kind: 'live' }));
  });

  it('does not answer questions, and does not do what it says it did', async () => {
    const qr = await made();
    await behave({ faults: ['status_unavailable(2)', 'cancel_ignored(1)'] });
    for (let times = 0; times < 2; times += 1) await expect(bank().status(qr)).rejects.toBeInstanceOf(Error);
    await bank().cancel(qr);
    expect(await bank().status(qr)).toEqual({ kind: 'live' });
    await bank().cancel(qr);
    expect(await bank().status(qr)).toEqual({ kind: 'cancelled' });
  });

  it('takes its time over refunds, declines them, loses the answer', async () => {
    const qr = await made();
    await pay(qr.qrId);
    await behave({ faults: ['refund_slow(2)'] });
    expect(await bank().refund(refundOf(qr, 'slow', 1))).toEqual({ kind: 'working' });
    expect(await bank().refundStatus(refundOf(qr, 'slow', 1))).toEqual({ kind: 'working' });
    expect(await bank().refundStatus(refundOf(qr, 'slow', 1))).toMatchObject({ kind: 'done' });
    await behave({ faults: ['refund_declined'] });
    expect(await bank().refund(refundOf(qr, 'declined', 1))).toMatchObject({ kind: 'declined' });
    await behave({ faults: ['refund_lost'] });
    await expect(bank().refund(refundOf(qr, 'lost', 1))).rejects.toMatchObject({ code: 'sbp.no_answer' });
    expect(await bank().refund(refundOf(qr, 'lost', 1))).toMatchObject({ kind: 'done' });
    expect(rowsOf(qr.orderId).map(({ kind }) => kind)).toEqual(['sale', 'refund', 'refund']);
  });

  it('keeps a sticky fault, and takes as long as it is told', async () => {
    await behave({ faults: ['create_refused'], sticky: true, delayMs: 50 });
    const began = Date.now();
    for (let times = 0; times < 2; times += 1) await expect(made()).rejects.toMatchObject({ code: 'sbp.refused' });
    expect(Date.now() - began).toBeGreaterThanOrEqual(100);
    expect(await http('PUT', '/bank/sbp/behaviour', { body: { faults: ['explode', 'down'] } })).toMatchObject({
      status: 422,
      body: { code: 'request.invalid', errors: [{ pointer: '#/faults/0' }, { pointer: '#/faults/1' }] },
    });
  });
});

describe('what the fake bank refuses', () => {
  const good = { qrType: 'QRDynamic', sbpMerchantId: merchantId, order: 'o-1', amount: 10.5, currency: 'RUB' };
  it.each([
    [{ amount: undefined }, 'DYNAMIC_QR_WITHOUT_AMOUNT'],
    [{ amount: 0 }, 'INVALID_REQUEST'],
    [{ amount: 1.001 }, 'INVALID_REQUEST'],
    [{ currency: 'EUR' }, 'INVALID_REQUEST'],
    [{ qrType: 'QRStatic' }, 'INVALID_REQUEST'],
    [{ order: 'a/b' }, 'INVALID_ORDER'],
    [{ sbpMerchantId: undefined }, 'SBP_MERCHANT_ID_IS_MISSING'],
    [{ sbpMerchantId: 'MA9999' }, 'MERCHANT_NOT_REGISTERED'],
    [{ qrExpirationDate: '2020-01-01T00:00:00+03:00' }, 'QR_EXPIRATION_DATE_NOT_VALID'],
    [{ qrExpirationDate: 'tomorrow' }, 'QR_EXPIRATION_DATE_NOT_VALID'],
  ])('%j is %s', async (change, code) => {
    expect((await http('POST', '/raiffeisen/sbp/v1/qr/register', { body: { ...good, ...change } })).body['code']).toBe(`ERROR.${code}`);
  });

  it('an order that was paid', async () => {
    const qr = await made();
    await pay(qr.qrId);
    expect((await http('POST', '/raiffeisen/sbp/v1/qr/register', { body: { ...good, order: qr.orderId } })).body['code']).toBe(
      'ERROR.ORDER_NUMBER_ALREADY_REGISTERED',
    );
  });

  it('nothing that is right: a link to a picture comes with the QR', async () => {
    const { status, body } = await http('POST', '/raiffeisen/sbp/v1/qr/register', { body: { ...good, order: 'o-2' } });
    expect([status, body['code']]).toEqual([200, 'SUCCESS']);
    const picture = await fetch(`${running.url}${String(body['qrUrl'])}`);
    expect([picture.status, picture.headers.get('content-type')]).toEqual([200, 'image/png']);
  });
});

describe('the notification of a payment', () => {
  interface Heard {
    readonly body: string;
    readonly headers: IncomingMessage['headers'];
  }

  /** Listens as a merchant does; answers as told, and 200 when nothing is told. */
  async function listening(statuses: number[]) {
    const heard: Heard[] = [];
    const server = createServer((request, response) => {
      let body = '';
      request.setEncoding('utf8').on('data', (text: string) => (body += text));
      request.on('end', () => {
        heard.push({ body, headers: request.headers });
        response.writeHead(statuses.shift() ?? 200).end();
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const callbackUrl = `http://127.0.0.1:${port}/hook`;
    expect(await http('POST', '/raiffeisen/settings/v1/callback', { key: secret, body: { callbackUrl } })).toEqual({ status: 200, body: { callbackUrl } });
    const close = async (): Promise<void> => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    };
    return { heard, close };
  }

  const read = ({ body, headers }: Heard) => bank().readNotification({ 'x-api-signature-sha256': String(headers['x-api-signature-sha256']) }, body);

  it('is signed so that the adapter believes it, and comes again until it is answered 200', async () => {
    const merchant = await listening([500, 204]);
    const qr = await made();
    await pay(qr.qrId);
    await eventually(() => expect(merchant.heard).toHaveLength(3), 8_000);
    expect(new Set(merchant.heard.map(({ body }) => body)).size).toBe(1);
    for (const heard of merchant.heard)
      expect(read(heard)).toMatchObject({ orderId: qr.orderId, qrId: qr.qrId, status: { kind: 'paid', amountMinor: 150_029 } });
    const [first] = merchant.heard;
    expect(() => read({ headers: first?.headers ?? {}, body: first?.body.replace('1500.29', '1500.3') ?? '' })).toThrow();
    await merchant.close();
  });

  it('can be missing, and can come twice', async () => {
    const merchant = await listening([]);
    const [silent, loud] = [await made(), await made()];
    await behave({ faults: ['notifications_off'] });
    await pay(silent.qrId);
    await behave({ faults: ['notify_twice'] });
    await pay(loud.qrId);
    await eventually(() => expect(merchant.heard.map((heard) => read(heard).orderId)).toEqual([loud.orderId, loud.orderId]));
    await merchant.close();
  });

  it('needs to be asked for by a merchant, at an address', async () => {
    expect((await http('POST', '/raiffeisen/settings/v1/callback', { body: { callbackUrl: 'http://a' } })).status).toBe(401);
    expect((await http('POST', '/raiffeisen/settings/v1/callback', { key: secret, body: { callbackUrl: 'ftp://a' } })).status).toBe(400);
  });
});
