import { roles, roleScopes, routes } from '@kkm/contracts';
import type { Problem, Role, Route, User } from '@kkm/contracts';
import { sqlOf } from '@kkm/postgres';
import { describeWith } from '@kkm/testkit';
import { GatewayUnderTest } from '../testing/gateway-under-test';
import { Browser, makeUser, signedIn } from '../testing/people-under-test';
import type { KnownUser } from '../testing/people-under-test';

const allowedTo = (role: Role, { access }: Route): boolean =>
  typeof access === 'string' || access.some((scope) => (roleScopes[role] as readonly string[]).includes(scope));

describeWith(['broker', 'database'], 'users', () => {
  let gateway: GatewayUnderTest;
  let owner: KnownUser;
  beforeAll(async () => {
    gateway = await GatewayUnderTest.start();
    await gateway.seed('club-1');
    await gateway.seed('club-2');
    expect(await gateway.parts.users.bootstrap('Owner', 'the very first password')).toBe(true);
    const { body } = await gateway.ask<{ users: User[] }>('GET', '/v1/users');
    owner = { ...(body.users[0] as User), password: 'the very first password' };
  });
  afterAll(() => gateway.stop());
  const codeOf = async (method: string, path: string, body?: unknown): Promise<string> => (await gateway.ask<Problem>(method, path, { body })).body.code;

  describe('the first admin', () => {
    it('is one of all sites, made while there is nobody and never again', async () => {
      expect(owner).toMatchObject({ name: 'Owner', role: 'admin', siteId: null, enabled: true });
      expect(await gateway.parts.users.bootstrap('Another', 'another password')).toBe(false);
      expect((await new Browser(gateway).signIn('Another', 'another password')).status).toBe(401);
      expect((await new Browser(gateway).signIn('owner', owner.password)).status).toBe(200);
    });
  });

  describe('a role', () => {
    it.each(roles)('%s opens exactly the routes that the table gives it', async (role) => {
      const user = await makeUser(gateway, { name: `Role ${role}`, role });
      const browser = await signedIn(gateway, user);
      for (const route of routes.filter(({ operationId }) => operationId !== 'stream')) {
        // Signing out and in belongs to a browser of its own.
        const asker = route.tag === 'Session' ? await signedIn(gateway, user) : browser;
        const { body } = await asker.ask<Problem>(route.method, route.path.replace(/\{\w+\}/g, 'no.such'), { ...(route.body ? { body: [] } : {}) });
        expect([route.operationId, body.code === 'auth.forbidden']).toEqual([route.operationId, !allowedTo(role, route)]);
        expect(body.code ?? '').not.toMatch(/^auth\.(?!forbidden)/);
      }
    });

    it('of the three is what ADR 0017 says', () => {
      expect(roleScopes.cashier).toEqual(['payments:read', 'payments:write']);
      expect([...roleScopes.manager].sort()).toEqual(['equipment:write', 'ledger:read', 'payments:read', 'payments:resolve', 'payments:write']);
      expect([...roleScopes.admin].sort()).toEqual(['admin', 'equipment:write', 'ledger:read', 'payments:read', 'payments:resolve', 'payments:write']);
    });
  });

  it('are made, shown without a password, changed and deleted', async () => {
    const { password, ...made } = await makeUser(gateway, { name: 'Vera', role: 'cashier', siteId: 'club-1' });
    expect(made).toMatchObject({ name: 'Vera', role: 'cashier', siteId: 'club-1', enabled: true, signedInAt: null });
    const shown = await gateway.ask<User>('GET', `/v1/users/${made.id}`);
    expect([shown.body, JSON.stringify(shown.body).includes(password)]).toEqual([made, false]);
    const changed = await gateway.ask<User>('PATCH', `/v1/users/${made.id}`, { body: { name: 'Vera N.', role: 'manager', siteId: null } });
    expect(changed.body).toMatchObject({ name: 'Vera N.', role: 'manager', siteId: null, enabled: true });
    expect((await new Browser(gateway).signIn('vera n.', password)).status).toBe(200);
    expect((await gateway.ask('PUT', `/v1/users/${made.id}/password`, { body: { password: 'given by an admin' } })).status).toBe(204);
    expect((await new Browser(gateway).signIn('Vera N.', 'given by an admin')).status).toBe(200);
    expect((await gateway.ask<User>('GET', `/v1/users/${made.id}`)).body.signedInAt).not.toBeNull();
    expect((await gateway.ask('DELETE', `/v1/users/${made.id}`)).status).toBe(204);
    expect(await codeOf('GET', `/v1/users/${made.id}`)).toBe('user.not_found');
  });

  it.each([
    ['a password that is too short', { password: '123456789' }, '#/password'],
    ['a password that is the name', { name: 'Somebody long', password: 'SOMEBODY LONG' }, '#/password'],
    ['a role nobody knows', { role: 'owner' }, '#/role'],
    ['no name', { name: null }, '#/name'],
    ['a name that ends with a space', { name: 'Somebody ' }, '#/name'],
    ['a member that is not known', { passwordHash: 'x' }, '#/passwordHash'],
  ])('are refused with %s', async (_what, change, pointer) => {
    const body = { name: 'Somebody', role: 'cashier', password: 'long enough', ...change };
    const answer = await gateway.ask<Problem>('POST', '/v1/users', { body });
    expect([answer.status, answer.body.errors?.map((fault) => fault.pointer)]).toEqual([422, [pointer]]);
  });

  it('have names of their own, whatever the case, and sites that exist', async () => {
    const one = await makeUser(gateway, { name: 'Жанна' });
    const body = { name: 'ЖАННА', role: 'cashier', password: 'long enough' };
    expect(await codeOf('POST', '/v1/users', body)).toBe('user.exists');
    expect(await codeOf('PATCH', `/v1/users/${owner.id}`, { name: 'жанна' })).toBe('user.exists');
    expect(await codeOf('POST', '/v1/users', { ...body, name: 'x', siteId: 'club-9' })).toBe('equipment.not_found');
    expect(await codeOf('PATCH', `/v1/users/${one.id}`, { siteId: 'club-9' })).toBe('equipment.not_found');
    for (const [method, path] of [
      ['GET', ''],
      ['PATCH', ''],
      ['DELETE', ''],
      ['PUT', '/password'],
    ] as const)
      expect(await codeOf(method, `/v1/users/usr_none${path}`, method === 'PUT' ? { password: 'long enough' } : method === 'PATCH' ? {} : undefined)).toBe(
        'user.not_found',
      );
  });

  it('always have an admin of all sites among them', async () => {
    await makeUser(gateway, { name: 'Of a site', role: 'admin', siteId: 'club-1' });
    await makeUser(gateway, { name: 'Switched off', role: 'admin', enabled: false });
    const roleAdmin = (await gateway.ask<{ users: User[] }>('GET', '/v1/users?limit=500')).body.users.find(({ name }) => name === 'Role admin');
    if (roleAdmin) await gateway.ask('DELETE', `/v1/users/${roleAdmin.id}`);
    for (const body of [{ role: 'manager' }, { siteId: 'club-1' }, { enabled: false }])
      expect(await codeOf('PATCH', `/v1/users/${owner.id}`, body)).toBe('user.last_admin');
    expect(await codeOf('DELETE', `/v1/users/${owner.id}`)).toBe('user.last_admin');
    const second = await makeUser(gateway, { name: 'Second', role: 'admin' });
    // Two that lower each other at the same moment.
    const both = [owner, second].map(({ id }) => gateway.ask<Problem>('PATCH', `/v1/users/${id}`, { body: { role: 'manager' } }));
    expect((await Promise.all(both)).map(({ status }) => status).sort()).toEqual([200, 409]);
    await sqlOf(gateway.servers.dataSource).run({
      name: '',
      text: `update gateway.user_account set role = 'admin' where id in ('${owner.id}', '${second.id}')`,
    });
  });

  it('of a site are all that an admin of the site sees, makes and changes', async () => {
    const ours = await makeUser(gateway, { name: 'Ours', siteId: 'club-1' });
    const theirs = await makeUser(gateway, { name: 'Theirs', siteId: 'club-2' });
    const admin = await signedIn(gateway, await makeUser(gateway, { name: 'Site admin', role: 'admin', siteId: 'club-1' }));
    const { users } = (await admin.ask<{ users: User[] }>('GET', '/v1/users')).body;
    expect(users.map(({ siteId }) => siteId)).toEqual(users.map(() => 'club-1'));
    const code = async (method: string, path: string, body?: unknown): Promise<string> => (await admin.ask<Problem>(method, path, { body })).body.code;
    for (const id of [theirs.id, owner.id]) {
      expect(await code('GET', `/v1/users/${id}`)).toBe('user.not_found');
      expect(await code('PATCH', `/v1/users/${id}`, { enabled: false })).toBe('user.not_found');
      expect(await code('DELETE', `/v1/users/${id}`)).toBe('user.not_found');
      expect(await code('PUT', `/v1/users/${id}/password`, { password: 'taken over' })).toBe('user.not_found');
    }
    expect(await code('GET', '/v1/users?siteId=club-2')).toBe('auth.forbidden');
    for (const siteId of [null, 'club-2']) {
      expect(await code('PATCH', `/v1/users/${ours.id}`, { siteId })).toBe('auth.forbidden');
      expect(await code('POST', '/v1/users', { name: 'x', role: 'admin', password: 'long enough', siteId })).toBe('auth.forbidden');
    }
    expect((await admin.ask('PATCH', `/v1/users/${ours.id}`, { body: { role: 'admin' } })).status).toBe(200);
  });

  it('come in pages', async () => {
    const seen: string[] = [];
    for (let cursor: string | null = ''; cursor !== null;) {
      const { body }: { body: { users: User[]; next: string | null } } = await gateway.ask('GET', `/v1/users?limit=4${cursor && `&cursor=${cursor}`}`);
      seen.push(...body.users.map(({ id }) => id));
      cursor = body.next;
    }
    expect([new Set(seen).size, seen.length > 5]).toEqual([seen.length, true]);
  });
});
