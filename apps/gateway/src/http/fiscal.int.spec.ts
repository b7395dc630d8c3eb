import type { Fiscal, Problem } from '@kkm/contracts';
import { sqlOf } from '@kkm/postgres';
import { describeWith } from '@kkm/testkit';
import type { KeptFiscal, Register } from '../postgres/equipment.row';
import { GatewayUnderTest } from '../testing/gateway-under-test';

const address = { mode: 'forward', url: 'http://192.168.1.30:5893/Execute', login: 'User', numDevice: 3 } as const;

describeWith(['broker', 'database'], 'the fiscal side of a register', () => {
  let gateway: GatewayUnderTest;
  let logged = '';
  beforeAll(async () => {
    gateway = await GatewayUnderTest.start({ log: { write: (line) => (logged += line) }, sealingKey: 'A'.repeat(43) });
    await gateway.seed('club-1', 'card');
  });
  afterAll(() => gateway.stop());

  const path = '/v1/registers/desk-1/fiscal';
  const set = <B = Fiscal>(body: object) => gateway.ask<B>('PUT', path, { body });
  const register = async () => (await gateway.ask<Register>('GET', '/v1/registers/desk-1')).body;
  const kept = async (): Promise<KeptFiscal> => {
    const [row] = await sqlOf(gateway.servers.dataSource).rows<{ fiscal: KeptFiscal }>({
      name: '',
      text: `select fiscal from gateway.register where id = 'desk-1'`,
    });
    return row!.fiscal;
  };

  it('is a virtual register unless somebody says otherwise', async () => {
    expect(await register()).toMatchObject({ fiscal: { mode: 'none' }, unitName: null, enabled: true, onReceiptFailure: 'keep', settleOnCloseShift: false });
  });

  it('is set, shown and told in the history without its password, which is stored sealed', async () => {
    expect((await set({ ...address, password: 'hush-hush' })).body).toEqual({ ...address, passwordSet: true });
    expect((await register()).fiscal).toEqual({ ...address, passwordSet: true });
    const tables = await sqlOf(gateway.servers.dataSource).rows<{ text: string }>({
      name: '',
      text: `select row_to_json(r)::text as text from gateway.register r union all select row_to_json(h)::text from gateway.setting_change h`,
    });
    expect(tables.map(({ text }) => text).join()).not.toContain('hush-hush');
    expect(logged).not.toContain('hush-hush');
    expect(await kept()).toMatchObject({ sealedPassword: expect.stringMatching(/^[\w-]{64,}$/) as string });
  });

  it('keeps a password for the same address and login, and wants it again for another', async () => {
    await set({ ...address, password: 'one' });
    const before = await kept();
    expect((await set({ ...address, numDevice: 0 })).body).toMatchObject({ numDevice: 0, passwordSet: true });
    expect(await kept()).toEqual({ ...before, numDevice: 0 });
    for (const other of [{ url: 'http://192.168.1.66:5893/Execute' }, { login: 'Admin' }]) {
      const { status, body } = await set<Problem>({ ...address, ...other });
      expect([status, body.errors?.[0]?.pointer]).toEqual([422, '#/password']);
    }
    expect((await set({ ...address, login: 'Admin', password: '' })).body).toMatchObject({ login: 'Admin', passwordSet: false });
    expect((await set({ ...address, login: 'User' })).body).toMatchObject({ passwordSet: false });
    await set({ mode: 'none' });
    expect(await kept()).toEqual({ mode: 'none' });
  });

  it('comes with a new register, whose password is bound to it', async () => {
    const body = { id: 'desk-2', siteId: 'club-1', name: 'Bar', fiscal: { ...address, password: 'two' }, onReceiptFailure: 'void', settleOnCloseShift: true };
    const created = await gateway.ask<Register>('POST', '/v1/registers', { body: { ...body, unitName: 'АТОЛ', enabled: false } });
    expect(created.body).toMatchObject({ onReceiptFailure: 'void', settleOnCloseShift: true, unitName: 'АТОЛ', enabled: false });
    expect(created.body.fiscal).toEqual({ ...address, passwordSet: true });
    const changed = await gateway.ask<Register>('PATCH', '/v1/registers/desk-2', { body: { unitName: null, enabled: true, onReceiptFailure: 'keep' } });
    expect(changed.body).toMatchObject({ unitName: null, enabled: true, onReceiptFailure: 'keep', settleOnCloseShift: true, name: 'Bar' });
    expect(changed.body.fiscal).toEqual({ ...address, passwordSet: true });
  });

  it.each([
    ['another scheme', { url: 'ftp://192.168.1.30/' }],
    ['no URL', { url: '192.168.1.30:5893' }],
    ['credentials', { url: 'http://User:word@192.168.1.30:5893/Execute' }],
    ['a query', { url: 'http://192.168.1.30:5893/Execute?key=1' }],
    ['a fragment', { url: 'http://192.168.1.30:5893/Execute#a' }],
    ['where clouds keep their secrets', { url: 'http://169.254.169.254/latest' }],
    ['the same in another spelling', { url: 'http://2852039166/latest' }],
    ['the same as IPv6', { url: 'http://[::ffff:169.254.169.254]/latest' }],
    ['an unknown member', { timeout: 5 }],
    ['a number out of range', { numDevice: 10_000 }],
  ])('refuses an address with %s', async (_what, wrong) => {
    expect((await set<Problem>({ ...address, ...wrong })).status).toBe(422);
  });

  it('takes private addresses: the register is in the café’s own network', async () => {
    for (const url of ['http://127.0.0.1:5893/Execute', 'https://kassa.local/Execute/sync', 'http://10.0.0.7']) {
      expect((await set({ mode: 'forward', url })).body).toEqual({ mode: 'forward', url, login: 'User', numDevice: 0, passwordSet: false });
    }
    expect((await gateway.ask<Problem>('PUT', '/v1/registers/desk-9/fiscal', { body: { mode: 'none' } })).body.code).toBe('equipment.not_found');
  });
});

describeWith(['broker', 'database'], 'a gateway without a sealing key', () => {
  it('stores no password, and says why', async () => {
    const gateway = await GatewayUnderTest.start();
    try {
      await gateway.seed('club-1', 'card');
      const refused = await gateway.ask<Problem>('PUT', '/v1/registers/desk-1/fiscal', { body: { ...address, password: 'x' } });
      expect([refused.status, refused.body.code]).toEqual([503, 'settings.unavailable']);
      expect((await gateway.ask<Fiscal>('PUT', '/v1/registers/desk-1/fiscal', { body: address })).status).toBe(200);
    } finally {
      await gateway.stop();
    }
  });
});
