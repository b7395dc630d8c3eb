import type { ApiKey, Problem, Scope } from '@kkm/contracts';
import type { SettingChange } from '@kkm/core';
import { describeWith } from '@kkm/testkit';
import type { Register, Site, Terminal, TerminalProfile } from '../postgres/equipment.row';
import { GatewayUnderTest } from '../testing/gateway-under-test';

const tcp = { kind: 'tcp', mode: 'connect', host: '10.0.0.5', port: 5000 };
const forward = { mode: 'forward', url: 'http://192.168.1.30:5893/Execute', login: 'User', numDevice: 3 } as const;
const bank = { bank: 'raiffeisen', baseUrl: 'https://e-commerce.raiffeisen.ru/api', merchantId: 'MA1', secret: 'hush-hush-1' };

describeWith(['broker', 'database'], 'the history of settings', () => {
  let gateway: GatewayUnderTest;
  beforeAll(async () => {
    gateway = await GatewayUnderTest.start({ sealingKey: 'A'.repeat(43) });
    await gateway.seed('club-1', 'card');
    await gateway.seed('club-2', 'card');
  });
  afterAll(() => gateway.stop());
  afterEach(() => gateway.ledger.standings.clear());

  const keyWith = async (scopes: readonly Scope[], siteId: string | null) =>
    (await gateway.ask<ApiKey & { key: string }>('POST', '/v1/api-keys', { body: { name: 'Bob', siteId, scopes } })).body.key;
  const changesOf = async (query: string, key?: string) =>
    (await gateway.ask<{ settingChanges: SettingChange[]; next: string | null }>('GET', `/v1/setting-changes?${query}`, key === undefined ? {} : { key })).body;
  const newest = async (kind: string, id: string, siteId = 'club-1'): Promise<SettingChange> => {
    const [change] = (await changesOf(`kind=${kind}&id=${id}&siteId=${siteId}&limit=1`)).settingChanges;
    return change!;
  };
  const undo = <B = SettingChange>(id: string, key?: string) => gateway.ask<B>('POST', `/v1/setting-changes/${id}/undo`, key === undefined ? {} : { key });
  const refusal = async (id: string, key?: string) => (await undo<Problem>(id, key)).body.code;
  const terminal = (id: string, more: object = {}) => ({ id, siteId: 'club-1', name: id, driver: 'inpas-sa', transport: tcp, ...more });
  const made = async (id: string, more: object = {}) => (await gateway.ask<Terminal>('POST', '/v1/terminals', { body: terminal(id, more) })).body;
  const patch = <B = Terminal>(path: string, body: object) => gateway.ask<B>('PATCH', path, { body });

  it('tells who changed what, from what to what, newest first', async () => {
    await made('pax-told');
    await patch('/v1/terminals/pax-told', { name: 'Told' });
    await gateway.ask('DELETE', '/v1/terminals/pax-told');
    const { settingChanges: changes } = await changesOf('kind=terminal&id=pax-told');
    expect(changes.map(({ what, before, after }) => [what, before?.['name'] ?? null, after?.['name'] ?? null])).toEqual([
      ['deleted', 'Told', null],
      ['changed', 'pax-told', 'Told'],
      ['created', null, 'pax-told'],
    ]);
    expect(changes[0]).toMatchObject({ kind: 'terminal', siteId: 'club-1', entryId: 'pax-told', secretChanged: false, undoes: null, undoneBy: null });
    expect(changes.map(({ by, undoable }) => [by.kind, by.name, by.id.startsWith('key_'), undoable])).toEqual([
      ['api_key', 'first key', true, true],
      ['api_key', 'first key', true, false],
      ['api_key', 'first key', true, false],
    ]);
  });

  it('keeps a change of every kind, and none that was refused', async () => {
    const before = (await changesOf('limit=500')).settingChanges.length;
    await gateway.ask('POST', '/v1/sites', { body: { id: 'kinds', name: 'k' } });
    await made('t', { siteId: 'kinds' });
    await gateway.ask('POST', '/v1/registers', { body: { id: 'r', siteId: 'kinds', name: 'r' } });
    await gateway.ask('PUT', '/v1/registers/r/automatic-acquiring', { body: { option: 'card', terminalId: 't' } });
    await gateway.ask('PUT', '/v1/registers/r/fiscal', { body: forward });
    await gateway.ask('POST', '/v1/terminal-profiles', { body: { id: 'p', siteId: 'kinds', name: 'p', driver: 'inpas-sa', values: {} } });
    await gateway.ask('PUT', '/v1/sites/kinds/sbp-account', { body: bank });
    const { settingChanges: changes } = await changesOf('siteId=kinds');
    expect(changes.map(({ kind, what }) => `${kind} ${what}`)).toEqual([
      'sbp_account created',
      'terminal_profile created',
      'register changed',
      'register changed',
      'register created',
      'terminal created',
      'site created',
    ]);
    expect(changes[3]?.after).toMatchObject({ automaticAcquiring: { option: 'card', terminalId: 't' } });
    expect(changes[3]?.before).toMatchObject({ automaticAcquiring: { option: 'none', terminalId: null } });
    await gateway.ask('DELETE', '/v1/terminals/t?siteId=kinds');
    await made('t', { siteId: 'kinds' });
    await gateway.ask('PUT', '/v1/registers/r/automatic-acquiring', { body: { option: 'card', terminalId: 'none-such' } });
    expect((await changesOf('limit=500')).settingChanges).toHaveLength(before + 7);
  });

  it('pages, and shows a site’s key its own site and what all share', async () => {
    await gateway.ask('POST', '/v1/terminal-profiles', { body: { id: 'shared', name: 'p', driver: 'inpas-sa', values: {} } });
    const own = await keyWith(['equipment:write'], 'club-2');
    const seen: SettingChange[] = [];
    for (let cursor: string | null = ''; cursor !== null;) {
      const page: { settingChanges: SettingChange[]; next: string | null } = await changesOf(`limit=2${cursor && `&cursor=${cursor}`}`, own);
      seen.push(...page.settingChanges);
      cursor = page.next;
    }
    expect(seen.map(({ kind, siteId }) => `${kind} ${siteId ?? 'all'}`)).toEqual(['terminal_profile all', 'register club-2', 'terminal club-2', 'site club-2']);
    expect((await gateway.ask<Problem>('GET', '/v1/setting-changes?cursor=nonsense')).body.errors?.[0]?.pointer).toBe('query:cursor');
    expect(await refusal((await newest('terminal', 'pax-1')).id, own)).toBe('setting.not_found');
    expect(await refusal('nonsense')).toBe('setting.not_found');
    expect((await undo<Problem>(seen[0]!.id, own)).status).toBe(403);
  });

  describe('a change that is taken back', () => {
    it('makes a terminal what it was, and can itself be taken back', async () => {
      const before = await made('pax-back', { profile: { abort: 'none' }, bank: { terminalId: '00266286' } });
      const changed = await patch('/v1/terminals/pax-back', {
        name: 'New',
        transport: { ...tcp, port: 6000 },
        profile: {},
        readAttemptsMax: 5,
        numDevice: 77,
        bank: {},
      });
      const change = await newest('terminal', 'pax-back');
      const back = await undo(change.id);
      expect([back.status, back.body.undoes, back.body.what]).toEqual([201, change.id, 'changed']);
      const { revision: _r, updatedAt: _u, ...members } = before;
      expect((await gateway.ask<Terminal>('GET', '/v1/terminals/pax-back')).body).toMatchObject(members);
      expect(await changesOf('kind=terminal&id=pax-back')).toMatchObject({
        settingChanges: [{ undoable: true }, { undoneBy: back.body.id, undoable: false }, {}],
      });
      expect((await undo(back.body.id)).status).toBe(201);
      expect((await gateway.ask<Terminal>('GET', '/v1/terminals/pax-back')).body).toMatchObject({
        name: 'New',
        transport: changed.body.transport,
        numDevice: 77,
      });
    });

    it('makes again what was deleted, and deletes what was made', async () => {
      const { numDevice, bank: identity } = await made('pax-again', { bank: { merchantId: 'M1' } });
      const creation = await newest('terminal', 'pax-again');
      await gateway.ask('DELETE', '/v1/terminals/pax-again');
      const deletion = await newest('terminal', 'pax-again');
      expect((await undo(deletion.id)).body.what).toBe('created');
      expect((await gateway.ask<Terminal>('GET', '/v1/terminals/pax-again')).body).toMatchObject({ numDevice, bank: identity });
      expect(await refusal(creation.id)).toBe('setting.changed_since');
      expect((await undo((await newest('terminal', 'pax-again')).id)).body.what).toBe('deleted');
      expect((await gateway.ask('GET', '/v1/terminals/pax-again')).status).toBe(404);
    });

    it('may be of a site, a register’s acquiring, or a profile', async () => {
      await patch<Site>('/v1/sites/club-1', { lateApproval: 'void' });
      await undo((await newest('site', 'club-1')).id);
      expect((await gateway.ask<Site>('GET', '/v1/sites/club-1')).body.lateApproval).toBe('keep');
      await gateway.ask('PUT', '/v1/registers/desk-1/automatic-acquiring?siteId=club-1', { body: { option: 'none', terminalId: null } });
      await undo((await newest('register', 'desk-1')).id);
      expect((await gateway.ask<Register>('GET', '/v1/registers/desk-1?siteId=club-1')).body.automaticAcquiring).toEqual({
        option: 'card',
        terminalId: 'pax-1',
      });
      await gateway.ask('POST', '/v1/terminal-profiles', { body: { id: 'own', siteId: 'club-1', name: 'p', driver: 'inpas-sa', values: { abort: 'none' } } });
      await patch('/v1/terminal-profiles/own', { name: 'q', values: {} });
      await undo((await newest('terminal_profile', 'own')).id);
      expect((await gateway.ask<TerminalProfile>('GET', '/v1/terminal-profiles/own')).body).toMatchObject({ name: 'p', values: { abort: 'none' } });
    });

    it('is refused when something else changed since, and changes nothing then', async () => {
      await made('pax-since');
      await patch('/v1/terminals/pax-since', { name: 'one' });
      const first = await newest('terminal', 'pax-since');
      await patch('/v1/terminals/pax-since', { readAttemptsMax: 7 });
      expect(await refusal(first.id)).toBe('setting.changed_since');
      expect((await gateway.ask<Terminal>('GET', '/v1/terminals/pax-since')).body).toMatchObject({ name: 'one', readAttemptsMax: 7 });
    });

    it('is taken back once, however many try at once, and never together with another change', async () => {
      await made('pax-race');
      for (let round = 0; round < 5; round += 1) {
        await patch('/v1/terminals/pax-race', { name: `round ${round}`, readAttemptsMax: 9 });
        const { id } = await newest('terminal', 'pax-race');
        const tries = await Promise.all([undo(id), undo(id), patch('/v1/terminals/pax-race', { readAttemptsMax: 2 }), undo(id)]);
        const undone = tries.filter(({ status }) => status === 201).length;
        const { settingChanges: changes } = await changesOf('kind=terminal&id=pax-race&limit=3');
        const order = changes.reverse().filter((change) => Number(change.id) > Number(id));
        // Where the other change came first the undoing is refused; where it came second it stands on what was taken back.
        expect(undone).toBe(order[0]?.undoes === id ? 1 : 0);
        expect(order.slice(1).every(({ undoes }) => undoes === null)).toBe(true);
      }
    });

    it('is refused while the thing is in use or busy', async () => {
      await made('pax-busy');
      gateway.ledger.standings.set('pax-busy', { occupantAttemptId: 'att_1' });
      const creation = await newest('terminal', 'pax-busy');
      expect(await refusal(creation.id)).toBe('equipment.terminal_busy');
      await patch('/v1/terminals/pax-busy', { name: 'changed since' });
      // Said before anything that may pass by itself.
      expect(await refusal(creation.id)).toBe('setting.changed_since');
      await made('pax-used');
      await gateway.ask('PUT', '/v1/registers/desk-1/automatic-acquiring?siteId=club-1', { body: { option: 'card', terminalId: 'pax-used' } });
      expect(await refusal((await newest('terminal', 'pax-used')).id)).toBe('equipment.in_use');
      await undo((await newest('register', 'desk-1')).id);
      await patch('/v1/terminals/pax-used', { transport: { ...tcp, port: 7000 } });
      gateway.ledger.standings.set('pax-used', { occupantAttemptId: 'att_1' });
      expect(await refusal((await newest('terminal', 'pax-used')).id)).toBe('equipment.terminal_busy');
      expect((await gateway.ask<Terminal>('GET', '/v1/terminals/pax-used')).body.transport).toMatchObject({ port: 7000 });
    });
  });

  describe('secrets', () => {
    const fiscal = (body: object) => gateway.ask('PUT', '/v1/registers/desk-1/fiscal?siteId=club-1', { body });

    it('are told as set and changed, and never kept', async () => {
      await fiscal({ ...forward, password: 'hush-hush-2' });
      expect(await newest('register', 'desk-1')).toMatchObject({ secretChanged: true, undoable: true, after: { fiscal: { passwordSet: true } } });
      await fiscal({ ...forward, numDevice: 4 });
      expect(await newest('register', 'desk-1')).toMatchObject({ secretChanged: false, undoable: true });
      expect(JSON.stringify(await changesOf('limit=500'))).not.toMatch(/hush-hush|sealed/i);
    });

    it('stay where a change beside them is taken back, and cannot be brought back themselves', async () => {
      await fiscal({ ...forward, password: 'one' });
      await fiscal({ ...forward, numDevice: 9 });
      await undo((await newest('register', 'desk-1')).id);
      expect((await gateway.ask<Register>('GET', '/v1/registers/desk-1?siteId=club-1')).body.fiscal).toEqual({ ...forward, passwordSet: true });
      for (const gone of [{ ...forward, password: 'two' }, { ...forward, password: '' }, { mode: 'none' }]) {
        await fiscal({ ...forward, password: 'one' });
        await fiscal(gone);
        const change = await newest('register', 'desk-1');
        expect([change.secretChanged, change.undoable, await refusal(change.id)]).toEqual([true, false, 'setting.secret_needed']);
      }
      await fiscal({ ...forward, password: '' });
      await fiscal({ ...forward, password: 'three' });
      await undo((await newest('register', 'desk-1')).id);
      expect((await gateway.ask<Register>('GET', '/v1/registers/desk-1?siteId=club-1')).body.fiscal).toEqual({ ...forward, passwordSet: false });
    });

    it('of a site’s bank are an admin’s', async () => {
      const set = (body: object) => gateway.ask('PUT', '/v1/sites/club-1/sbp-account', { body });
      await set(bank);
      expect(await newest('sbp_account', 'club-1')).toMatchObject({ what: 'created', secretChanged: true, undoable: false });
      expect(await refusal((await newest('sbp_account', 'club-1')).id)).toBe('setting.secret_needed');
      const { secret: _secret, ...kept } = bank;
      await set({ ...kept, merchantId: 'MA2' });
      const change = await newest('sbp_account', 'club-1');
      expect(change).toMatchObject({ secretChanged: false, undoable: true, before: { merchantId: 'MA1', secretSet: true }, after: { merchantId: 'MA2' } });
      const clerk = await keyWith(['equipment:write'], null);
      expect((await changesOf('kind=sbp_account', clerk)).settingChanges).toEqual([]);
      expect(await refusal(change.id, clerk)).toBe('setting.not_found');
      expect((await undo(change.id)).body.after).toMatchObject({ merchantId: 'MA1', changedBy: 'first key' });
      expect(gateway.ledger.banks.secrets.get('club-1')).toBe(bank.secret);
      await set({ ...kept, merchantId: 'MA3' });
      const { id } = await newest('sbp_account', 'club-1');
      const sets = gateway.ledger.banks.set.length;
      expect((await Promise.all([undo(id), undo(id), undo(id)])).map(({ status }) => status).sort()).toEqual([201, 409, 409]);
      // Who came second did not reach the ledger, which has no way back.
      expect(gateway.ledger.banks.set).toHaveLength(sets + 1);
      await set({ ...bank, secret: 'hush-hush-3' });
      expect(await refusal((await newest('sbp_account', 'club-1')).id)).toBe('setting.secret_needed');
    });
  });
});
