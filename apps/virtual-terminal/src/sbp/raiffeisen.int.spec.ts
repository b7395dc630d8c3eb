import { createHmac } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import jsQR from 'jsqr';
import { PNG } from 'pngjs';
import { createLogger } from '@kkm/observability';
import { eventually } from '@kkm/testkit';
import type { RunningCounter } from '../start-counter';
import { startCounter } from '../start-counter';
import { virtualTerminalConfig } from '../virtual-terminal.config';
import { qrPicture } from './qr-picture';

const secret = 'a-secret-of-the-merchant';
let running: RunningCounter;
let orders = 0;

beforeAll(async () => {
  const config = virtualTerminalConfig({ KKM_VT_TERMINALS: 'pax-1:0', KKM_HTTP_PORT: '0', KKM_VT_SBP_ACCOUNTS: `MA0000000001:${secret}` });
  running = await startCounter(config, createLogger({ service: 'virtual-terminal', level: 'silent' }));
});

afterAll(() => running.stop());

async function call(method: string, path: string, body?: object, bearer: string | null = secret) {
  const headers = { ...(bearer === null ? {} : { authorization: `Bearer ${bearer}` }), ...(body ? { 'content-type': 'application/json' } : {}) };
  const answer = await fetch(`${running.url}${path}`, { method, headers, ...(body && { body: JSON.stringify(body) }) });
  const text = await answer.text();
  return { status: answer.status, body: (text === '' ? {} : JSON.parse(text)) as Record<string, unknown> };
}

const order = (wanted: object = {}) => ({
  ...{ qrType: 'QRDynamic', sbpMerchantId: 'MA0000000001', order: `att_${(orders += 1)}`, amount: 1110.11, currency: 'RUB' },
  ...wanted,
});
const register = (wanted: object = {}) => call('POST', '/raiffeisen/sbp/v1/qr/register', order(wanted), null);
const behave = (...faults: string[]) => call('PUT', '/bank/sbp/behaviour', { faults });
const idOf = ({ body }: { readonly body: Record<string, unknown> }): string => String(body['qrId']);
const statusOf = async (qrId: string) => (await call('GET', `/raiffeisen/sbp/v2/qrs/${qrId}`)).body['qrStatus'];

describe('the fake SBP bank', () => {
  it('registers, tells, cancels, and takes money in Raiffeisen’s shapes', async () => {
    const made = await register();
    expect(made).toMatchObject({ status: 200, body: { code: 'SUCCESS', payload: expect.stringMatching(/^https:\/\/qr\.nspk\.ru\//) as string } });
    expect(await statusOf(idOf(made))).toBe('NEW');
    expect((await call('POST', `/bank/sbp/qrs/${idOf(made)}/pay`, {})).status).toBe(200);
    expect(await call('GET', `/raiffeisen/sbp/v1/qr/${idOf(made)}/payment-info`)).toMatchObject({ body: { amount: 1110.11, paymentStatus: 'SUCCESS' } });
    expect(running.counter.bank.transactions().at(-1)).toMatchObject({ kind: 'sale', amount: 111_011 });
    const other = await register();
    expect((await call('DELETE', `/raiffeisen/sbp/v2/qrs/${idOf(other)}`)).status).toBe(200);
    expect(await statusOf(idOf(other))).toBe('CANCELLED');
    expect((await call('POST', `/bank/sbp/qrs/${idOf(other)}/pay`, {})).status).toBe(409);
    expect((await call('POST', `/bank/sbp/qrs/${idOf(other)}/pay`, { late: true })).status).toBe(200);
    expect(await statusOf(idOf(other))).toBe('PAID');
  });

  it.each<[string, object]>([
    ['no amount', { amount: undefined }],
    ['three decimals', { amount: '1.001' }],
    ['another currency', { currency: 'USD' }],
    ['an order of 41 characters', { order: 'x'.repeat(41) }],
    ['a merchant nobody knows', { sbpMerchantId: 'MA9' }],
    ['an expiry in the past', { qrExpirationDate: '2020-01-01T00:00:00+03:00' }],
  ])('refuses %s with a code', async (_, wanted) => {
    const answer = await register(wanted);
    expect([answer.status, String(answer.body['code']).startsWith('ERROR.')]).toEqual([400, true]);
  });

  it('tells nobody of a QR without its merchant’s secret', async () => {
    const qrId = idOf(await register());
    for (const bearer of [null, 'another-secret']) expect((await call('GET', `/raiffeisen/sbp/v2/qrs/${qrId}`, undefined, bearer)).status).toBe(401);
    expect((await call('DELETE', `/raiffeisen/sbp/v2/qrs/${qrId}`, undefined, 'another-secret')).status).toBe(401);
    expect(await statusOf(qrId)).toBe('NEW');
  });

  it('gives money back once per refund id', async () => {
    const { order: name } = order();
    const qrId = idOf(await register({ order: name }));
    await call('POST', `/bank/sbp/qrs/${qrId}/pay`, {});
    const asked = { order: name, refundId: `ref_${name}`, amount: 10 };
    await behave('refund_lost');
    await expect(call('POST', '/raiffeisen/sbp/v1/refund', asked)).rejects.toThrow();
    expect(await call('POST', '/raiffeisen/sbp/v1/refund', asked)).toMatchObject({ body: { refundStatus: 'COMPLETED', amount: 10 } });
    expect(running.counter.bank.transactions().filter(({ kind, reference }) => kind === 'refund' && reference === name)).toHaveLength(1);
    expect(await call('GET', '/raiffeisen/sbp/v1/refund/unknown')).toMatchObject({ status: 404, body: { code: 'ERROR.REFUND_NOT_FOUND' } });
  });

  it('loses answers, refuses, and is down as it is told', async () => {
    await behave('create_lost');
    const lost = order();
    await expect(call('POST', '/raiffeisen/sbp/v1/qr/register', lost, null)).rejects.toThrow();
    expect(running.counter.sbpBank.qrs().some((qr) => qr.order === lost.order)).toBe(true);
    await behave('create_refused');
    const refused = order();
    expect((await call('POST', '/raiffeisen/sbp/v1/qr/register', refused, null)).status).toBe(400);
    expect(running.counter.sbpBank.qrs().some((qr) => qr.order === refused.order)).toBe(false);
    const qrId = idOf(await register());
    await behave('cancel_ignored(1)', 'status_unavailable(1)');
    expect((await call('GET', `/raiffeisen/sbp/v2/qrs/${qrId}`)).status).toBe(503);
    await call('DELETE', `/raiffeisen/sbp/v2/qrs/${qrId}`);
    expect(await statusOf(qrId)).toBe('NEW');
    await behave('down(300)');
    await expect(statusOf(qrId)).rejects.toThrow();
    await eventually(async () => expect(await statusOf(qrId)).toBe('NEW'));
    expect((await call('PUT', '/bank/sbp/behaviour', { faults: ['nonsense'] })).status).toBe(422);
  });

  it('notifies with a signature, again until it is taken', async () => {
    const heard: { body: Record<string, unknown>; signature: string | undefined }[] = [];
    const merchant = createServer((request, response) => {
      let text = '';
      request.on('data', (part: Buffer) => (text += part.toString()));
      request.on('end', () => {
        heard.push({ body: JSON.parse(text) as Record<string, unknown>, signature: request.headers['x-api-signature-sha256'] as string });
        response.writeHead(heard.length === 1 ? 503 : 200).end();
      });
    });
    await new Promise<void>((resolve) => merchant.listen(0, '127.0.0.1', resolve));
    const callbackUrl = `http://127.0.0.1:${(merchant.address() as AddressInfo).port}/hear`;
    expect((await call('POST', '/raiffeisen/settings/v1/callback', { callbackUrl })).status).toBe(200);
    const qrId = idOf(await register({ amount: 0.29 }));
    await call('POST', `/bank/sbp/qrs/${qrId}/pay`, {});
    await eventually(() => expect(heard).toHaveLength(2));
    merchant.close();
    const [first, second] = heard;
    expect(second).toEqual(first);
    const { amount, sbpMerchantId, order: name, paymentStatus, transactionDate } = first?.body ?? {};
    const signed = [amount, sbpMerchantId, name, paymentStatus, transactionDate].map(String).join('|');
    expect([amount, first?.signature]).toEqual([0.29, createHmac('sha256', secret).update(signed).digest('hex')]);
  });

  it.each(['https://qr.nspk.ru/AD100004BAL7227F9BNP6KNE007J9B3K?type=02&bank=100000000007&sum=1&cur=RUB&crc=AB75', `https://qr.nspk.ru/${'A'.repeat(150)}`])(
    'draws a code that any reader reads: %s',
    async (payload) => {
      const { data, width, height } = PNG.sync.read(await qrPicture(payload));
      expect(jsQR(new Uint8ClampedArray(data), width, height)?.data).toBe(payload);
      const grey = (x: number, y: number): number => data.readUInt8((y * width + x) * 4);
      const quiet = Array.from({ length: width }, (_, x) => grey(x, 31));
      expect([new Set(quiet), grey(32, 32)]).toEqual([new Set([255]), 0]); // Four modules of eight points around it, and the corner behind them.
    },
  );

  it('has no picture while no code is shown', async () => {
    expect((await call('GET', '/terminals/pax-1/qr.png')).status).toBe(404);
  });
});
