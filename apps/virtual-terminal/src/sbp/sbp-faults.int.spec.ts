import { createHmac } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createLogger } from '@kkm/observability';
import { eventually } from '@kkm/testkit';
import type { RunningCounter } from '../start-counter';
import { startCounter } from '../start-counter';
import { virtualTerminalConfig } from '../virtual-terminal.config';

const [merchantId, secret] = ['MA0001', 'the-secret-of-MA0001'];
let running: RunningCounter;

beforeAll(async () => {
  const config = virtualTerminalConfig({ KKM_VT_TERMINALS: 'pax-1:0', KKM_HTTP_PORT: '0', KKM_VT_SBP_ACCOUNTS: `${merchantId}:${secret}` });
  running = await startCounter(config, createLogger({ service: 'virtual-terminal', level: 'silent' }));
});

beforeEach(() => behave({}));

afterAll(async () => {
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

/** A merchant's calls; a refusal is its code. */
const bank = (key = secret) => {
  const ask = async (method: string, path: string, body?: object) => {
    const answer = await http(method, `/raiffeisen/sbp/${path}`, { key, ...(body && { body }) });
    return answer.status === 200 ? answer.body : String(answer.body['code'] ?? answer.status);
  };
  const word = async (member: string, answer: ReturnType<typeof ask>) => {
    const told = await answer;
    return typeof told === 'string' ? told : String(told[member]);
  };
  return {
    register: (order: string) => ask('POST', 'v1/qr/register', { qrType: 'QRDynamic', sbpMerchantId: merchantId, order, amount: 1500.29, currency: 'RUB' }),
    status: ({ qrId }: Qr) => word('qrStatus', ask('GET', `v2/qrs/${qrId}`)),
    paid: ({ qrId }: Qr) => ask('GET', `v1/qr/${qrId}/payment-info`),
    info: ({ qrId }: Qr) => ask('GET', `v1/qr/${qrId}/info`),
    cancel: ({ qrId }: Qr) => ask('DELETE', `v2/qrs/${qrId}`),
    refund: ({ order }: Qr, refundId: string, amount: number) => word('refundStatus', ask('POST', 'v1/refund', { order, refundId, amount })),
    refundStatus: (refundId: string) => word('refundStatus', ask('GET', `v1/refund/${refundId}`)),
  };
};

interface Qr {
  readonly order: string;
  readonly qrId: string;
}

let lastOrder = 0;

/** A QR of 1500.29. */
async function made(): Promise<Qr> {
  const order = `att_${(lastOrder += 1)}`;
  const answer = await bank().register(order);
  if (typeof answer === 'string') throw new RangeError(answer);
  return { order, qrId: String(answer['qrId']) };
}

const pay = (qrId: string, body: object = {}) => http('POST', `/bank/sbp/qrs/${qrId}/pay`, { body });
const rowsOf = ({ order }: Qr) => running.counter.bank.transactions().filter(({ reference }) => reference === order);

describe('the fake bank', () => {
  it('lets a payment be on its way, books it once, and gives the money back once', async () => {
    const qr = await made();
    expect(await bank().status(qr)).toBe('NEW');
    expect(await bank().info(qr)).toMatchObject({ code: 'SUCCESS', qrId: qr.qrId });
    expect((await pay(qr.qrId, { step: 'begin' })).body).toMatchObject({ status: 'IN_PROGRESS' });
    expect(await bank().paid(qr)).toMatchObject({ paymentStatus: 'IN_PROGRESS' });
    expect((await pay(qr.qrId, { step: 'complete' })).body).toMatchObject({ status: 'PAID', order: qr.order, amountMinor: 150_029 });
    expect((await pay(qr.qrId)).status).toBe(409);
    expect(await bank().paid(qr)).toMatchObject({ paymentStatus: 'SUCCESS', amount: 1500.29, transactionId: rowsOf(qr)[0]?.rrn });
    expect([await bank().refund(qr, 'ref_1', 500), await bank().refund(qr, 'ref_1', 500)]).toEqual(['COMPLETED', 'COMPLETED']);
    expect(await bank().refund(qr, 'ref_2', 1000.3)).toBe('ERROR.REFUND_INSUFFICIENT_FUNDS');
    expect(await bank().refundStatus('ref_3')).toBe('ERROR.REFUND_NOT_FOUND');
    const { body } = await http('GET', '/bank/transactions');
    expect((body['transactions'] as { reference: string }[]).filter(({ reference }) => reference === qr.order)).toMatchObject([
      { kind: 'sale', channel: 'sbp', amount: 150_029 },
      { kind: 'refund', channel: 'sbp', amount: 50_000 },
    ]);
  });

  it('cancels, and takes money afterwards only when it was on its way', async () => {
    const [dead, racing] = [await made(), await made()];
    await bank().cancel(dead);
    expect([await bank().status(dead), (await pay(dead.qrId)).status]).toEqual(['CANCELLED', 409]);
    await pay(racing.qrId, { step: 'begin' });
    await bank().cancel(racing);
    expect(await bank().status(racing)).toBe('CANCELLED');
    await pay(racing.qrId, { step: 'complete' });
    expect(await bank().status(racing)).toBe('PAID');
  });

  it('shows a merchant nothing of another, and nothing to nobody', async () => {
    const qr = await made();
    expect(await bank('wrong-secret').status(qr)).toBe('ERROR.ACCOUNT_IS_NOT_REGISTERED');
    expect((await http('PUT', '/bank/sbp/accounts/MA0002', { body: { secret: 'another-secret' } })).status).toBe(200);
    expect(await bank('another-secret').status(qr)).toBe('ERROR.NOT_FOUND');
    expect(await http('PUT', '/bank/sbp/accounts/MA0003', { body: { secret: 'another-secret' } })).toMatchObject({
      status: 422,
      body: { code: 'request.invalid' },
    });
  });
});

describe('a faulty bank', () => {
  it('does not answer questions, and does not do what it says it did', async () => {
    const qr = await made();
    await behave({ faults: ['status_unavailable(2)', 'cancel_ignored(1)'] });
    expect(await bank().cancel(qr)).toEqual({});
    expect([await bank().status(qr), await bank().status(qr), await bank().status(qr)]).toEqual(['503', '503', 'NEW']);
    await bank().cancel(qr);
    expect(await bank().status(qr)).toBe('CANCELLED');
  });

  it('takes its time over refunds, declines them, loses the answer; each once', async () => {
    const qr = await made();
    await pay(qr.qrId);
    await behave({ faults: ['refund_slow(2)'] });
    expect(await bank().refund(qr, 'slow', 1)).toBe('IN_PROGRESS');
    expect([await bank().refundStatus('slow'), await bank().refundStatus('slow')]).toEqual(['IN_PROGRESS', 'COMPLETED']);
    await behave({ faults: ['refund_declined'] });
    expect(await bank().refund(qr, 'slow', 1)).toBe('COMPLETED');
    expect(await bank().refund(qr, 'declined', 1)).toBe('DECLINED');
    await behave({ faults: ['refund_lost'] });
    await expect(bank().refund(qr, 'lost', 1)).rejects.toThrow();
    expect(await bank().refund(qr, 'lost', 1)).toBe('COMPLETED');
    expect(rowsOf(qr).map(({ kind }) => kind)).toEqual(['sale', 'refund', 'refund']);
  });

  it('keeps a sticky fault, and takes as long as it is told', async () => {
    await behave({ faults: ['create_refused'], sticky: true, delayMs: 50 });
    const began = Date.now();
    expect([await bank().register('sticky'), await bank().register('sticky')]).toEqual(['ERROR.INVALID_REQUEST', 'ERROR.INVALID_REQUEST']);
    expect(Date.now() - began).toBeGreaterThanOrEqual(99);
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
    expect((await http('POST', '/raiffeisen/sbp/v1/qr/register', { body: { ...good, order: qr.order } })).body['code']).toBe(
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

  const orderOf = ({ body }: Heard): string => String((JSON.parse(body) as Record<string, unknown>)['order']);

  it('is signed over five of its members, and comes again until it is answered 200', async () => {
    const merchant = await listening([500, 204]);
    const qr = await made();
    await pay(qr.qrId);
    await eventually(() => expect(merchant.heard).toHaveLength(3), 8_000);
    expect(new Set(merchant.heard.map(({ body }) => body)).size).toBe(1);
    const [first] = merchant.heard;
    const told = JSON.parse(first?.body ?? '{}') as Record<string, unknown>;
    expect(told).toMatchObject({ order: qr.order, qrId: qr.qrId, amount: 1500.29, paymentStatus: 'SUCCESS', sbpMerchantId: merchantId });
    const signed = `1500.29|${merchantId}|${qr.order}|SUCCESS|${String(told['transactionDate'])}`;
    expect(first?.headers['x-api-signature-sha256']).toBe(createHmac('sha256', secret).update(signed).digest('hex'));
    await merchant.close();
  });

  it('can be missing, and can come twice', async () => {
    const merchant = await listening([]);
    const [silent, loud] = [await made(), await made()];
    await behave({ faults: ['notifications_off'] });
    await pay(silent.qrId);
    await behave({ faults: ['notify_twice'] });
    await pay(loud.qrId);
    await eventually(() => expect(merchant.heard.map(orderOf)).toEqual([loud.order, loud.order]));
    await merchant.close();
  });

  it('needs to be asked for by a merchant, at an address', async () => {
    expect((await http('POST', '/raiffeisen/settings/v1/callback', { body: { callbackUrl: 'http://a' } })).status).toBe(401);
    expect((await http('POST', '/raiffeisen/settings/v1/callback', { key: secret, body: { callbackUrl: 'ftp://a' } })).status).toBe(400);
  });
});
