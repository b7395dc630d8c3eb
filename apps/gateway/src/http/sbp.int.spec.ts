import { randomBytes } from 'node:crypto';
import { describeWith } from '@kkm/testkit';
import { Unavailable } from '@kkm/core';
import type { ApiKey, Problem, ShownSbpAccount } from '@kkm/contracts';
import { GatewayUnderTest } from '../testing/gateway-under-test';
import type { Ask } from '../testing/gateway-under-test';
import { StandInBanks } from '../testing/stand-in-banks';

/** Found nowhere but where it was put. */
const secret = `hush-${randomBytes(12).toString('hex')}`;

describeWith(['broker', 'database'], 'banks of sites over HTTP', () => {
  let gateway: GatewayUnderTest;
  const log: string[] = [];
  const bank = { bank: 'raiffeisen', baseUrl: 'https://e-commerce.raiffeisen.ru/api', merchantId: 'MA100000012' };
  beforeAll(async () => {
    gateway = await GatewayUnderTest.start({ log: { write: (line) => void log.push(line) } });
    await gateway.seed('club-1');
    await gateway.seed('club-2');
  });
  afterAll(() => gateway.stop());
  afterEach(() => gateway.ledger.failures.clear());

  const account = <B = Problem>(method: string, siteId: string, ask: Ask = {}) => gateway.ask<B>(method, `/v1/sites/${siteId}/sbp-account`, ask);
  const keyWith = async (scopes: readonly string[], siteId: string | null = 'club-1'): Promise<string> =>
    (await gateway.ask<ApiKey & { key: string }>('POST', '/v1/api-keys', { body: { name: 'Bob', siteId, scopes } })).body.key;

  describe('the account', () => {
    it('is set with its secret sealed to the ledger, and shown without it', async () => {
      expect(await account('GET', 'club-1')).toMatchObject({ status: 404, body: { code: 'equipment.not_found' } });
      const set = await account<ShownSbpAccount>('PUT', 'club-1', { body: { ...bank, secret } });
      const shown = { siteId: 'club-1', ...bank, active: true, secretSet: true, changedBy: 'first key' };
      expect(set).toMatchObject({ status: 200, body: shown });
      expect(Object.keys(set.body).sort()).toEqual(['active', 'bank', 'baseUrl', 'changedAt', 'changedBy', 'merchantId', 'secretSet', 'siteId']);
      expect(await account('GET', 'club-1')).toMatchObject({ status: 200, body: shown });
      expect(gateway.ledger.banks.secrets.get('club-1')).toBe(secret);
      expect(JSON.stringify(gateway.ledger.banks.set)).not.toContain(secret);
    });

    it('keeps the secret when none is sent, and needs one the first time', async () => {
      await account('PUT', 'club-1', { body: { ...bank, secret } });
      expect((await account('PUT', 'club-1', { body: { ...bank, merchantId: 'MA2' } })).status).toBe(200);
      expect(gateway.ledger.banks.secrets.get('club-1')).toBe(secret);
      expect(await account('PUT', 'club-2', { body: bank })).toMatchObject({ status: 422, body: { code: 'request.invalid' } });
    });

    it.each([
      ['an unencrypted way', { baseUrl: 'http://e-commerce.raiffeisen.ru/api' }],
      ['an address within the own network', { baseUrl: 'https://10.0.0.8/api' }],
      ['what is no address', { baseUrl: 'raiffeisen' }],
      ['a bank that KKM does not know', { bank: 'sber' }],
      ['no merchant', { merchantId: '' }],
      ['an unknown member', { password: secret }],
      ['a secret of two lines', { secret: `${secret}\n` }],
    ])('refuses %s, without repeating what was sent', async (_what, more) => {
      const answer = await account('PUT', 'club-1', { body: { ...bank, secret, ...more } });
      expect(answer).toMatchObject({ status: 422, body: { code: 'request.invalid' } });
      expect(JSON.stringify(answer.body)).not.toContain(secret);
    });

    it('is for administrators of the site', async () => {
      for (const scopes of [['equipment:write'], ['payments:write', 'payments:read', 'ledger:read']]) {
        const key = await keyWith(scopes);
        expect(await account('GET', 'club-1', { key })).toMatchObject({ status: 403 });
        expect(await account('PUT', 'club-1', { key, body: { ...bank, secret } })).toMatchObject({ status: 403 });
      }
      const key = await keyWith(['admin']);
      expect((await account('PUT', 'club-1', { key, body: { ...bank, secret } })).body).toMatchObject({ changedBy: 'Bob' });
      expect(await account('PUT', 'club-2', { key, body: { ...bank, secret } })).toMatchObject({ status: 404, body: { code: 'equipment.not_found' } });
      expect(await account('GET', 'club-9')).toMatchObject({ status: 404, body: { code: 'equipment.not_found' } });
    });

    it('says so when the ledger is away, and tells nothing of the secret', async () => {
      gateway.ledger.failures.set('sbp.set-account', new Unavailable('ledger.unavailable'));
      const answer = await account('PUT', 'club-1', { body: { ...bank, secret } });
      expect(answer).toMatchObject({ status: 503, body: { code: 'ledger.unavailable' } });
    });
  });

  describe('a notification', () => {
    const hear = (text: string | Buffer, headers: Readonly<Record<string, string>> = {}, path = 'raiffeisen/club-1') =>
      fetch(`${gateway.url}/v1/sbp-notifications/${path}`, { method: 'POST', body: text, headers });
    const signed = (text: string | Buffer) => ({ 'x-api-signature-sha256': StandInBanks.signature(secret, text) });
    beforeAll(() => account('PUT', 'club-1', { body: { ...bank, secret } }));
    beforeEach(() => gateway.ledger.banks.heard.splice(0));

    it.each(['application/json', 'text/plain', 'application/x-www-form-urlencoded', null])('is handed on byte for byte as %s, without a key', async (type) => {
      const text = '{ "order" : "att_1",\r\n"sum":1.10, "имя": "\ufeff" } ';
      const answer = await hear(Buffer.from(text), { ...(type === null ? {} : { 'content-type': type }), ...signed(text) });
      expect([answer.status, answer.headers.get('content-type'), await answer.text()]).toEqual([200, 'text/plain; charset=utf-8', 'OK']);
      expect(gateway.ledger.banks.heard).toMatchObject([{ bank: 'raiffeisen', siteId: 'club-1', body: text }]);
    });

    it('hands on no header that is not needed', async () => {
      await hear('{}', { ...signed('{}'), 'content-type': 'application/json', authorization: 'Bearer x', cookie: 'a=b', 'x-forwarded-for': '1.2.3.4' });
      expect(Object.keys(gateway.ledger.banks.heard[0]?.headers ?? {}).sort()).toEqual(['content-type', 'x-api-signature-sha256']);
    });

    it('is refused when it is forged, whatever key it brings', async () => {
      for (const headers of [{}, signed('{ }'), { authorization: `Bearer ${secret}` }]) {
        const answer = await hear('{}', headers);
        expect([answer.status, answer.headers.get('www-authenticate')]).toEqual([401, null]);
        expect(await answer.json()).toMatchObject({ code: 'sbp.signature_invalid' });
      }
    });

    it.each(['sber/club-1', 'raiffeisen/club-9', 'raiffeisen/a%20b', 'raiffeisen'])('finds nobody at %s', async (path) => {
      expect((await hear('{}', signed('{}'), path)).status).toBe(404);
    });

    it('is not read beyond 64 KiB, nor when it is no UTF-8', async () => {
      expect((await hear('x'.repeat(65_537), signed(''))).status).toBe(413);
      expect((await hear('x'.repeat(65_536), signed('x'.repeat(65_536)))).status).toBe(200);
      expect((await hear(Buffer.from([0x22, 0xff, 0x22]))).status).toBe(400);
      expect(gateway.ledger.banks.heard).toHaveLength(1);
    });

    it('is asked for again while the ledger is away', async () => {
      gateway.ledger.failures.set('sbp.notified', new Unavailable('ledger.unavailable'));
      const answer = await hear('{}', signed('{}'));
      expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '2']);
    });

    it('is written to no log', async () => {
      const mark = `mark-${randomBytes(8).toString('hex')}`;
      await hear(mark, signed(mark));
      await hear(mark);
      expect(gateway.ledger.banks.heard).toHaveLength(2);
      expect(log.join('')).not.toContain(mark);
    });
  });

  it('leaves the secret nowhere: no log, no table, no other body but this', async () => {
    expect(log.join('')).toContain('The bank of a site was set.');
    expect(log.join('')).not.toContain(secret);
    const tables = await gateway.servers.dataSource.query<{ name: string }[]>(
      `select format('%I.%I', schemaname, tablename) as name from pg_tables where schemaname = 'gateway'`,
    );
    expect(tables.length).toBeGreaterThan(4);
    for (const { name } of tables) {
      expect(JSON.stringify(await gateway.servers.dataSource.query(`select to_jsonb(each.*) from ${name} each`))).not.toContain(secret);
    }
    const other = await gateway.ask<Problem>('PATCH', '/v1/sites/club-1', { body: 'x', headers: { 'content-type': 'text/plain' } });
    expect(other).toMatchObject({ status: 415, body: { code: 'request.unsupported_media_type' } });
  });
});

describeWith(['broker', 'database'], 'a gateway whose banks may be at private addresses', () => {
  let gateway: GatewayUnderTest;
  beforeAll(async () => {
    gateway = await GatewayUnderTest.start({ privateBanks: true, rate: { perSecond: 1, burst: 20 } });
    await gateway.seed('club-1');
  });
  afterAll(() => gateway.stop());

  it('takes the virtual terminal’s bank, and still no unencrypted way through the internet', async () => {
    const body = { bank: 'raiffeisen', merchantId: 'MA1', secret };
    const set = (baseUrl: string) => gateway.ask('PUT', '/v1/sites/club-1/sbp-account', { body: { ...body, baseUrl } });
    expect((await set('http://127.0.0.1:8083/raiffeisen')).status).toBe(200);
    expect((await set('http://e-commerce.raiffeisen.ru')).status).toBe(422);
  });

  it('limits notifications by the address they come from, apart from keys', async () => {
    const hear = () => fetch(`${gateway.url}/v1/sbp-notifications/raiffeisen/club-1`, { method: 'POST', body: '{}' });
    const answers = await Promise.all(Array.from({ length: 24 }, hear));
    expect(answers.filter(({ status }) => status === 401).length).toBeGreaterThanOrEqual(20);
    const limited = answers.find(({ status }) => status === 429);
    expect(limited?.headers.get('retry-after')).toBe('1');
    expect((await gateway.ask('GET', '/v1/sites/club-1')).status).toBe(200);
  });
});
