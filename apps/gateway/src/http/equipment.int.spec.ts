import type { AutomaticAcquiring, Problem, SiteEquipment } from '@kkm/contracts';
import { Unavailable } from '@kkm/core';
import type { Payment } from '@kkm/core';
import { connectBroker } from '@kkm/messaging';
import type { Broker } from '@kkm/messaging';
import { describeWith, eventually } from '@kkm/testkit';
import type { Register, Site, Terminal, TerminalProfile } from '../postgres/equipment.row';
import { GatewayUnderTest } from '../testing/gateway-under-test';

const tcp = { kind: 'tcp', mode: 'connect', host: '10.0.0.5', port: 5000 };

/** A broker connection under a user of its own. */
async function connectAs(gateway: GatewayUnderTest, user: string): Promise<Broker> {
  const { management, url } = gateway.servers.broker;
  await management.createUser(user, 'secret', { configure: '', write: '.*', read: '.*' });
  const own = new URL(url);
  [own.username, own.password] = [user, 'secret'];
  return connectBroker({ url: own.toString(), name: user });
}

describeWith(['broker', 'database'], 'equipment', () => {
  let gateway: GatewayUnderTest;
  beforeAll(async () => {
    gateway = await GatewayUnderTest.start();
    await gateway.seed('club-1', 'card');
  });
  afterAll(() => gateway.stop());

  const terminal = (id: string, more: object = {}) => ({ id, siteId: 'club-1', name: id, driver: 'inpas-sa', transport: tcp, ...more });
  const create = <B = Problem>(path: string, body: object) => gateway.ask<B>('POST', path, { body });
  const equipmentOf = (siteId: string, knownRevision: number | null = null) =>
    gateway.servers.outside.call<SiteEquipment>('gateway.rpc', 'equipment.of-site', { siteId, knownRevision }, { timeoutMs: 3_000 });

  it('creates, reads, changes, lists and deletes a site', async () => {
    const { status, headers, body } = await create<Site>('/v1/sites', { id: 'club-x', name: 'Кафе' });
    expect([status, headers.get('location'), body.name, body.revision]).toEqual([201, '/v1/sites/club-x', 'Кафе', 1]);
    expect((await create('/v1/sites', { id: 'club-x', name: 'again' })).body.code).toBe('equipment.exists');
    expect((await gateway.ask<Site>('PATCH', '/v1/sites/club-x', { body: { name: 'New' } })).body).toMatchObject({
      name: 'New',
      lateApproval: 'keep',
      revision: 2,
    });
    expect((await gateway.ask<Site>('PATCH', '/v1/sites/club-x', { body: { lateApproval: 'void' } })).body).toMatchObject({
      name: 'New',
      lateApproval: 'void',
    });
    expect((await gateway.ask<Problem>('PATCH', '/v1/sites/club-x', { body: { lateApproval: 'ask' } })).status).toBe(422);
    expect((await gateway.ask<Site>('GET', '/v1/sites/club-x')).body.name).toBe('New');
    expect((await gateway.ask('DELETE', '/v1/sites/club-x')).status).toBe(204);
    expect((await gateway.ask<Problem>('GET', '/v1/sites/club-x')).body.code).toBe('equipment.not_found');
    expect((await gateway.ask<Problem>('DELETE', '/v1/sites/club-1')).body.code).toBe('equipment.in_use');
  });

  it('makes no two sites of which one could be mistaken for the other in the names of queues, not even at once', async () => {
    const made = await Promise.all(['net', 'net.1', 'net-1', 'netto'].map((id) => create<Site & Problem>('/v1/sites', { id, name: id })));
    const [net, within] = made.map(({ status }) => status);
    expect([net, within].sort()).toEqual([201, 409]);
    expect(made.slice(2).map(({ status }) => status)).toEqual([201, 201]);
    const refused = await Promise.all(['net', 'net.1', 'net.1.a'].map((id) => create('/v1/sites', { id, name: id })));
    expect(refused.map(({ body }) => body.code)).toEqual(Array(3).fill('equipment.exists'));
  });

  it('pages through lists without losing or repeating an entry', async () => {
    for (const id of ['a', 'b', 'c', 'd', 'e']) expect((await create('/v1/terminals', terminal(`page-${id}`))).status).toBe(201);
    const seen: string[] = [];
    for (let cursor: string | null = ''; cursor !== null;) {
      const { body }: { body: { terminals: Terminal[]; next: string | null } } = await gateway.ask(
        'GET',
        `/v1/terminals?siteId=club-1&limit=2${cursor && `&cursor=${cursor}`}`,
      );
      seen.push(...body.terminals.map(({ id }) => id));
      cursor = body.next;
    }
    expect(seen).toEqual([...seen].sort());
    expect(seen).toEqual(expect.arrayContaining(['page-a', 'page-c', 'page-e', 'pax-1']));
    expect((await gateway.ask<Problem>('GET', '/v1/terminals?cursor=nonsense')).body.errors?.[0]?.pointer).toBe('query:cursor');
  });

  it('numbers registers and terminals in one row, and takes no number twice of a kind', async () => {
    await create('/v1/sites', { id: 'numbers', name: 'n' });
    const first = await create<Terminal>('/v1/terminals', terminal('t1', { siteId: 'numbers' }));
    const second = await create<Terminal>('/v1/terminals', terminal('t2', { siteId: 'numbers' }));
    const register = await create<Register>('/v1/registers', { id: 'r1', siteId: 'numbers', name: 'r' });
    expect([first.body.numDevice, second.body.numDevice, register.body.numDevice]).toEqual([1, 2, 3]);
    expect((await create('/v1/terminals', terminal('t3', { siteId: 'numbers', numDevice: 2 }))).body.code).toBe('equipment.exists');
    expect((await gateway.ask<Problem>('PATCH', '/v1/terminals/t2', { body: { numDevice: 1 } })).body.code).toBe('equipment.exists');
    expect((await gateway.ask<Terminal>('PATCH', '/v1/terminals/t2', { body: { numDevice: 7 } })).body.numDevice).toBe(7);
    expect((await create<Register>('/v1/registers', { id: 'r2', siteId: 'numbers', name: 'r' })).body.numDevice).toBe(8);
    expect((await create<Terminal>('/v1/terminals', terminal('t4', { siteId: 'numbers' }))).body.numDevice).toBe(9);
  });

  it('lets two sites use the same id, and asks which is meant', async () => {
    await create('/v1/sites', { id: 'twin', name: 'x' });
    expect((await create('/v1/terminals', terminal('pax-1', { siteId: 'twin' }))).status).toBe(201);
    const unclear = await gateway.ask<Problem>('GET', '/v1/terminals/pax-1');
    expect([unclear.status, unclear.body.errors?.[0]?.pointer]).toEqual([422, 'query:siteId']);
    expect((await gateway.ask<Terminal>('GET', '/v1/terminals/pax-1?siteId=twin')).body.siteId).toBe('twin');
    expect((await gateway.ask('DELETE', '/v1/terminals/pax-1?siteId=twin')).status).toBe(204);
  });

  it('puts automatic acquiring in force when it answers', async () => {
    const pay = async (method?: string) =>
      gateway.pay<Partial<Payment> & { code?: string }>({
        siteId: 'club-1',
        orderId: String(Math.random()),
        amount: 100,
        currency: 'RUB',
        registerId: 'desk-1',
        method,
      });
    const set = (body: AutomaticAcquiring) => gateway.ask<AutomaticAcquiring>('PUT', '/v1/registers/desk-1/automatic-acquiring', { body });
    await create('/v1/terminals', terminal('pax-2'));
    for (const terminalId of ['pax-2', 'pax-1', 'pax-2', 'pax-1']) {
      expect((await set({ option: 'card', terminalId })).body).toEqual({ option: 'card', terminalId });
      expect((await pay()).body).toMatchObject({ terminalId, method: 'card' });
    }
    expect((await pay('sbp_qr')).body.code).toBe('equipment.method_not_enabled');
    await set({ option: 'card_or_sbp_qr', terminalId: 'pax-1' });
    expect((await pay('sbp_qr')).body.method).toBe('sbp_qr');
    expect((await pay()).body.method).toBe('card_or_sbp_qr');
    await set({ option: 'none', terminalId: null });
    expect((await pay()).body.code).toBe('equipment.no_terminal');
    expect((await set({ option: 'card', terminalId: null })).status).toBe(422);
    expect((await set({ option: 'card', terminalId: 'pax-9' })).status).toBe(404);
    expect((await gateway.ask<Problem>('PUT', '/v1/registers/desk-9/automatic-acquiring', { body: { option: 'none', terminalId: null } })).body.code).toBe(
      'equipment.not_found',
    );
    await set({ option: 'card', terminalId: 'pax-1' });
  });

  it('takes no payment for a terminal that is switched off', async () => {
    await create('/v1/terminals', terminal('pax-off', { enabled: false }));
    const { body } = await gateway.pay<Problem>({ siteId: 'club-1', orderId: 'off', amount: 1, currency: 'RUB', terminalId: 'pax-off' });
    expect(body.code).toBe('equipment.no_terminal');
  });

  it('deletes no terminal that a register names or that has unfinished work', async () => {
    expect((await gateway.ask<Problem>('DELETE', '/v1/terminals/pax-1')).body.code).toBe('equipment.in_use');
    await create('/v1/terminals', terminal('pax-busy'));
    gateway.ledger.standings.set('pax-busy', { occupantAttemptId: 'att_9', inDoubt: true });
    const refused = await gateway.ask<Problem>('DELETE', '/v1/terminals/pax-busy');
    expect([refused.status, refused.body.code, refused.body.detail]).toEqual([409, 'equipment.terminal_busy', 'Attempt att_9 at pax-busy is in doubt.']);
    gateway.ledger.failures.set('terminals.standing', new Unavailable('ledger.unavailable'));
    expect((await gateway.ask<Problem>('DELETE', '/v1/terminals/pax-busy')).status).toBe(503);
    gateway.ledger.failures.clear();
    gateway.ledger.standings.delete('pax-busy');
    expect((await gateway.ask('DELETE', '/v1/terminals/pax-busy')).status).toBe(204);
  });

  it('moves no terminal to another address, driver or profile while it has unfinished work, and never switches it off then', async () => {
    await create('/v1/terminals', terminal('pax-move'));
    gateway.ledger.standings.set('pax-move', { occupantAttemptId: 'att_1' });
    for (const change of [{ transport: { ...tcp, port: 1 } }, { driver: 'inpas-sa' }, { profile: {} }, { profileId: null }, { enabled: false }]) {
      expect((await gateway.ask<Problem>('PATCH', '/v1/terminals/pax-move', { body: change })).body.code).toBe('equipment.terminal_busy');
    }
    expect((await gateway.ask<Terminal>('PATCH', '/v1/terminals/pax-move', { body: { name: 'Bar' } })).body.name).toBe('Bar');
    gateway.ledger.standings.delete('pax-move');
    expect((await gateway.ask<Terminal>('PATCH', '/v1/terminals/pax-move', { body: { transport: { ...tcp, port: 1 } } })).body.transport).toMatchObject({
      port: 1,
    });
  });

  it('refuses a driver it does not have and a profile the driver does not take', async () => {
    expect((await create('/v1/terminals', terminal('x', { driver: 'magic' }))).body.errors?.[0]?.pointer).toBe('#/driver');
    expect((await create('/v1/terminals', terminal('x', { profile: { noSuchValue: 1 } }))).body.errors?.[0]?.pointer).toBe('#/profile');
    expect((await create('/v1/terminals', terminal('x', { profileId: 'none' }))).body.code).toBe('equipment.not_found');
    expect((await create('/v1/terminals', terminal('x', { siteId: 'nowhere' }))).body.code).toBe('equipment.not_found');
    expect((await create('/v1/terminals', terminal('x', { transport: { ...tcp, port: 0 } }))).body.errors?.[0]?.pointer).toBe('#/transport/port');
    expect((await create('/v1/terminals', terminal('x', { profile: { deep: [[[[[[[[[1]]]]]]]]] } }))).body.errors?.[0]?.pointer).toBe('#/profile');
    expect((await create('/v1/terminals', terminal('x', { profile: { text: 'a\u0000' } }))).body.errors?.[0]?.pointer).toBe('#/profile');
  });

  it('carries what the bank knows a terminal by, as a whole, and checks its digits', async () => {
    const nothing = { terminalId: null, merchantId: null, legalEntity: null, settlementAccount: null };
    expect((await create<Terminal>('/v1/terminals', terminal('pax-known'))).body.bank).toEqual(nothing);
    const set = <B = Problem>(bank: object) => gateway.ask<B>('PATCH', '/v1/terminals/pax-known', { body: { bank } });
    const legalEntity = { name: 'ООО «Клуб»', inn: '7707083893' };
    const settlementAccount = { number: '40702810138000012345', bik: null };
    const full = { terminalId: '00266286', merchantId: '9290001', legalEntity, settlementAccount };
    expect((await set<Terminal>(full)).body.bank).toEqual(full);
    expect((await gateway.ask<Terminal>('PATCH', '/v1/terminals/pax-known', { body: { name: 'n' } })).body.bank).toEqual(full);
    expect((await set<Terminal>({ legalEntity: { name: 'ИП Иванов' } })).body.bank).toEqual({ ...nothing, legalEntity: { name: 'ИП Иванов', inn: null } });
    for (const [wrong, pointer] of [
      [{ terminalId: '00 266' }, '#/bank/terminalId'],
      [{ merchantId: 'x'.repeat(16) }, '#/bank/merchantId'],
      [{ legalEntity: { ...legalEntity, inn: '7707083894' } }, '#/bank/legalEntity/inn'],
      [{ legalEntity: { name: '' } }, '#/bank/legalEntity/name'],
      [{ settlementAccount: { number: '4070281013800001234' } }, '#/bank/settlementAccount/number'],
      [{ settlementAccount: { number: '40702810138000012345', bik: '044525226' } }, '#/bank/settlementAccount/number'],
      [{ settlementAccount: { number: '40702810138000012345', bik: '44525225' } }, '#/bank/settlementAccount/bik'],
      [{ iban: 'x' }, '#/bank/iban'],
    ] as const)
      expect((await set(wrong)).body.errors?.map((fault) => fault.pointer)).toEqual([pointer]);
  });

  it('lends a profile to terminals, whose own values come first', async () => {
    const made = await create<TerminalProfile>('/v1/terminal-profiles', {
      id: 'bank',
      name: 'Bank',
      driver: 'inpas-sa',
      values: { cardWaitMs: 61_000, abort: 'none' },
    });
    expect([made.status, made.body.siteId]).toEqual([201, null]);
    expect((await gateway.ask<Problem>('PATCH', '/v1/terminal-profiles/bank', { body: { values: { noSuchValue: 1 } } })).body.errors?.[0]?.pointer).toBe(
      '#/values',
    );
    await create('/v1/terminals', terminal('pax-bank', { profileId: 'bank', profile: { abort: 'eot' } }));
    const before = await equipmentOf('club-1');
    expect(before.terminals?.find(({ terminalId }) => terminalId === 'pax-bank')?.profile).toEqual({ cardWaitMs: 61_000, abort: 'eot' });
    expect((await gateway.ask<Problem>('DELETE', '/v1/terminal-profiles/bank')).body.code).toBe('equipment.in_use');
    expect((await gateway.ask<Problem>('PATCH', '/v1/terminal-profiles/bank', { body: { values: { cardWaitMs: -1 } } })).body.errors?.[0]?.pointer).toBe(
      '#/values',
    );
    // What is in doubt there would be recovered by codes that it was not begun by.
    gateway.ledger.standings.set('pax-bank', { occupantAttemptId: 'att_7', inDoubt: true });
    const refused = await gateway.ask<Problem>('PATCH', '/v1/terminal-profiles/bank', { body: { values: { cardWaitMs: 62_000 } } });
    expect([refused.status, refused.body.code, refused.body.detail]).toEqual([409, 'equipment.terminal_busy', 'Attempt att_7 at pax-bank is in doubt.']);
    expect((await gateway.ask<TerminalProfile>('PATCH', '/v1/terminal-profiles/bank', { body: { name: 'Main bank' } })).body.name).toBe('Main bank');
    expect((await gateway.ask<TerminalProfile>('GET', '/v1/terminal-profiles/bank')).body.values).toMatchObject({ cardWaitMs: 61_000 });
    gateway.ledger.standings.delete('pax-bank');
    await gateway.ask('PATCH', '/v1/terminal-profiles/bank', { body: { values: { cardWaitMs: 62_000 } } });
    const after = await equipmentOf('club-1', before.revision);
    expect(after.revision).toBeGreaterThan(before.revision);
    expect(after.terminals?.find(({ terminalId }) => terminalId === 'pax-bank')).toMatchObject({ revision: after.revision, profile: { cardWaitMs: 62_000 } });
    expect((await gateway.ask<{ terminalProfiles: TerminalProfile[] }>('GET', '/v1/terminal-profiles')).body.terminalProfiles.map(({ id }) => id)).toEqual([
      'bank',
    ]);
    await gateway.ask('DELETE', '/v1/terminals/pax-bank');
    expect((await gateway.ask('DELETE', '/v1/terminal-profiles/bank')).status).toBe(204);
  });

  it('gives workers the terminals of their site, and nothing when nothing changed', async () => {
    await create('/v1/sites', { id: 'empty', name: 'x' });
    expect(await equipmentOf('empty')).toEqual({ revision: 1, terminals: [] });
    expect(await equipmentOf('empty', 1)).toEqual({ revision: 1, terminals: null });
    await create('/v1/terminals', terminal('pax-1', { siteId: 'empty' }));
    const { revision, terminals } = await equipmentOf('empty', 1);
    expect([revision, terminals]).toEqual([
      2,
      [
        {
          terminalId: 'pax-1',
          siteId: 'empty',
          name: 'pax-1',
          driver: 'inpas-sa',
          transport: tcp,
          profile: {},
          readAttemptsMax: 3,
          enabled: true,
          revision: 2,
        },
      ],
    ]);
    const site = await connectAs(gateway, 'site-club-1');
    try {
      expect(
        (await site.call<SiteEquipment>('gateway.rpc', 'equipment.of-site', { siteId: 'club-1', knownRevision: null }, { timeoutMs: 3_000 })).terminals,
      ).not.toBeNull();
      const others = site.call('gateway.rpc', 'equipment.of-site', { siteId: 'empty', knownRevision: null }, { timeoutMs: 3_000 });
      await expect(others).rejects.toMatchObject({ code: 'auth.forbidden' });
    } finally {
      await site.close();
      await gateway.servers.broker.management.deleteUser('site-club-1');
    }
    await expect(equipmentOf('nowhere')).rejects.toMatchObject({ code: 'equipment.not_found' });
    await expect(gateway.servers.outside.call('gateway.rpc', 'equipment.of-site', {}, { timeoutMs: 3_000 })).rejects.toMatchObject({ code: 'request.invalid' });
  });

  it('hints at the worker when the settings of a terminal changed', async () => {
    const made = await create<Terminal>('/v1/terminals', terminal('pax-hint'));
    const hints: unknown[] = [];
    await gateway.servers.outside.consume('terminal.club-1.pax-hint.control', { prefetch: 5 }, ({ body }) => {
      hints.push(body);
      return Promise.resolve('done');
    });
    const changed = await gateway.ask<Terminal>('PATCH', '/v1/terminals/pax-hint', { body: { readAttemptsMax: 5 } });
    expect(changed.body.revision).toBeGreaterThan(made.body.revision);
    await eventually(() => expect(hints).toContainEqual({ kind: 'settings-changed', revision: changed.body.revision }));
  });

  it('changes nothing by two at once without an order', async () => {
    await create('/v1/terminals', terminal('pax-race'));
    const before = (await gateway.ask<Site>('GET', '/v1/sites/club-1')).body.revision;
    const changes = await Promise.all(
      Array.from({ length: 10 }, (_, i) => gateway.ask<Terminal>('PATCH', '/v1/terminals/pax-race', { body: { readAttemptsMax: 1 + (i % 5) } })),
    );
    expect(new Set(changes.map(({ body }) => body.revision)).size).toBe(10);
    expect((await gateway.ask<Site>('GET', '/v1/sites/club-1')).body.revision).toBe(before + 10);
  });
});
