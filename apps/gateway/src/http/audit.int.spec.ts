import type { AuditEntry, Problem } from '@kkm/contracts';
import { sqlOf } from '@kkm/postgres';
import { describeWith, eventually } from '@kkm/testkit';
import type { Payment } from '@kkm/core';
import { GatewayUnderTest } from '../testing/gateway-under-test';
import { makeUser, signedIn } from '../testing/people-under-test';
import type { Browser, KnownUser } from '../testing/people-under-test';

interface Page {
  readonly entries: AuditEntry[];
  readonly next: string | null;
}

describeWith(['broker', 'database'], 'the audit', () => {
  let gateway: GatewayUnderTest;
  let anna: KnownUser;
  let page: Browser;
  const lines: string[] = [];
  const run = (text: string) => sqlOf(gateway.servers.dataSource).run({ name: '', text });
  const entries = async (query = ''): Promise<AuditEntry[]> => (await gateway.ask<Page>('GET', `/v1/audit?limit=200${query}`)).body.entries;
  const newest = async (): Promise<AuditEntry | undefined> => (await entries())[0];

  beforeAll(async () => {
    gateway = await GatewayUnderTest.start({ log: { write: (line) => void lines.push(line) } });
    await gateway.seed('club-1');
    await gateway.seed('club-2');
    anna = await makeUser(gateway, { name: 'Anna', role: 'admin' });
    page = await signedIn(gateway, anna);
  });
  afterAll(() => gateway.stop());

  it('notes what a user changes: who, when, what, where, and how it ended', async () => {
    expect(await newest()).toMatchObject({ action: 'signIn', by: { kind: 'user', id: anna.id, name: 'Anna' }, status: 200 });
    const { headers } = await page.ask('PATCH', '/v1/registers/desk-1?siteId=club-2', { body: { name: 'Front desk' } });
    const entry = await newest();
    expect(entry).toEqual({
      id: expect.stringMatching(/^aud_/) as string,
      at: expect.any(String) as string,
      by: { kind: 'user', id: anna.id, name: 'Anna' },
      action: 'changeRegister',
      method: 'PATCH',
      path: '/v1/registers/desk-1',
      targetId: 'desk-1',
      siteId: 'club-2',
      status: 200,
      code: null,
      address: '127.0.0.1',
      requestId: headers.get('x-request-id'),
    });
    expect(Math.abs(Date.now() - Date.parse(entry?.at ?? ''))).toBeLessThan(60_000);
  });

  it('notes payments of users, with their site, and what was refused, with its code', async () => {
    const order = { siteId: 'club-1', orderId: 'audited', amount: 100, currency: 'RUB', registerId: 'desk-1' };
    const { body } = await page.ask<Payment>('POST', '/v1/payments', { body: order, headers: { 'idempotency-key': '"audited"' } });
    expect(await newest()).toMatchObject({ action: 'openPayment', targetId: body.id, siteId: 'club-1', status: 201 });
    const cashier = await signedIn(gateway, await makeUser(gateway, { name: 'Cashier', siteId: 'club-1' }));
    await cashier.ask('DELETE', '/v1/registers/desk-1');
    expect(await newest()).toMatchObject({
      action: 'deleteRegister',
      by: { name: 'Cashier' },
      targetId: 'desk-1',
      siteId: 'club-1',
      status: 403,
      code: 'auth.forbidden',
    });
    await page.ask('DELETE', '/v1/sites/club-9');
    expect(await newest()).toMatchObject({ action: 'deleteSite', targetId: 'club-9', siteId: 'club-9', status: 404, code: 'equipment.not_found' });
  });

  it('notes what keys change of settings and access, and neither payments of keys nor what is only read', async () => {
    const { body: key } = await gateway.ask<{ id: string }>('POST', '/v1/api-keys', { body: { name: 'x', siteId: 'club-1', scopes: ['payments:read'] } });
    expect(await newest()).toMatchObject({ action: 'createApiKey', by: { kind: 'api_key', name: 'first key' }, targetId: key.id, siteId: 'club-1' });
    const before = (await entries()).length;
    await gateway.pay({ siteId: 'club-1', orderId: 'by-key', amount: 100, currency: 'RUB', registerId: 'desk-1' });
    await page.ask('GET', '/v1/users');
    await gateway.ask('POST', '/v1/users', { key: null, body: {} });
    expect((await entries()).length).toBe(before);
  });

  it('never holds a secret', async () => {
    const secrets = ['a first password', 'a second password', 'bank secret 123456'];
    const { body: made } = await page.ask<{ id: string }>('POST', '/v1/users', { body: { name: 'Secretive', role: 'cashier', password: secrets[0] } });
    await page.ask('PUT', `/v1/users/${made.id}/password`, { body: { password: secrets[1] } });
    const account = { bank: 'raiffeisen', baseUrl: 'https://bank.example', merchantId: 'm', secret: secrets[2] };
    await page.ask('PUT', '/v1/sites/club-1/sbp-account', { body: account });
    const { body: key } = await page.ask<{ key: string }>('POST', '/v1/api-keys', { body: { name: 'shown once', scopes: ['payments:read'] } });
    const kept = JSON.stringify(await entries());
    expect(kept).toContain('createApiKey');
    for (const secret of [...secrets, key.key, page.secret, anna.password]) expect(kept).not.toContain(secret);
  });

  it('is asked by site, person, action, target and time, in pages, newest first', async () => {
    const all = await entries();
    expect(all.map(({ id }) => id)).toEqual(
      all
        .map(({ id }) => id)
        .sort()
        .reverse(),
    );
    const only = async (query: string, fits: (entry: AuditEntry) => boolean): Promise<void> => {
      expect((await entries(query)).map(({ id }) => id)).toEqual(all.filter(fits).map(({ id }) => id));
      expect([all.some(fits), all.every(fits)]).toEqual([true, false]);
    };
    await only('&siteId=club-1', ({ siteId }) => siteId === 'club-1');
    await only(`&by=${anna.id}`, ({ by }) => by.id === anna.id);
    await only('&action=createApiKey', ({ action }) => action === 'createApiKey');
    await only('&targetId=desk-1', ({ targetId }) => targetId === 'desk-1');
    const middle = all[Math.floor(all.length / 2)]?.at ?? '';
    await only(`&from=${middle}`, ({ at }) => at >= middle);
    await only(`&to=${middle}`, ({ at }) => at < middle);
    const seen: string[] = [];
    for (let cursor: string | null = ''; cursor !== null;) {
      const { body }: { body: Page } = await gateway.ask('GET', `/v1/audit?limit=3${cursor && `&cursor=${cursor}`}`);
      seen.push(...body.entries.map(({ id }) => id));
      cursor = body.next;
    }
    expect(seen).toEqual(all.map(({ id }) => id));
  });

  it('shows an admin of a site that site alone', async () => {
    const site = await signedIn(gateway, await makeUser(gateway, { name: 'Site admin', role: 'admin', siteId: 'club-1' }));
    const { body } = await site.ask<Page>('GET', '/v1/audit?limit=200');
    expect([body.entries.length > 0, new Set(body.entries.map(({ siteId }) => siteId))]).toEqual([true, new Set(['club-1'])]);
    expect((await site.ask<Problem>('GET', '/v1/audit?siteId=club-2')).body.code).toBe('auth.forbidden');
  });

  it('goes to the log while it cannot be written, and is written later', async () => {
    await run('alter table gateway.audit rename to audit_away');
    expect((await page.ask('PATCH', '/v1/sites/club-2', { body: { name: 'Unnoted' } })).status).toBe(200);
    expect(lines.filter((line) => line.includes('could not be written') && line.includes('changeSite') && line.includes(anna.id))).toHaveLength(1);
    await run('alter table gateway.audit_away rename to audit');
    // A missing table is a fault, not an outage, and is not tried again; the log has it.
    expect((await newest())?.action).not.toBe('changeSite');
    await eventually(async () => expect((await page.ask('PATCH', '/v1/sites/club-2', { body: { name: 'Noted' } })).status).toBe(200));
    expect(await newest()).toMatchObject({ action: 'changeSite', targetId: 'club-2' });
  });
});
