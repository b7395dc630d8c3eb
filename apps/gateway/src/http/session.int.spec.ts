import { randomBytes } from 'node:crypto';
import type { Problem, ShownSession } from '@kkm/contracts';
import { sqlOf } from '@kkm/postgres';
import { describeWith, eventually } from '@kkm/testkit';
import { beginSession } from '../postgres/session.row';
import { GatewayUnderTest, operatorKey } from '../testing/gateway-under-test';
import { Browser, makeUser, signedIn } from '../testing/people-under-test';
import type { KnownUser } from '../testing/people-under-test';

describeWith(['broker', 'database'], 'sessions', () => {
  let gateway: GatewayUnderTest;
  const lines: string[] = [];
  let anna: KnownUser;
  const run = (text: string) => sqlOf(gateway.servers.dataSource).run({ name: '', text });
  const codeOf = async (browser: Browser): Promise<string> => (await browser.ask<Problem>('GET', '/v1/session')).body.code ?? 'signed in';

  beforeAll(async () => {
    gateway = await GatewayUnderTest.start({ log: { write: (line) => void lines.push(line) } });
    await gateway.seed('club-1');
    anna = await makeUser(gateway, { name: 'Anna', role: 'manager', siteId: 'club-1' });
  });
  afterAll(() => gateway.stop());
  beforeEach(() => run('delete from gateway.sign_in_try'));

  describe('signing in', () => {
    it('gives a cookie that no script reads and no other site sends, and says who is signed in', async () => {
      const browser = new Browser(gateway);
      const { status, headers, body } = await browser.signIn('anna', anna.password);
      expect([status, headers.getSetCookie()]).toEqual([
        200,
        [expect.stringMatching(/^kkm_session=[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict; Max-Age=43200$/)],
      ]);
      const expected = { userId: anna.id, name: 'Anna', role: 'manager', siteId: 'club-1', idleSeconds: 3_600 };
      expect(body).toMatchObject({ ...expected, scopes: ['payments:read', 'payments:write', 'equipment:write', 'ledger:read', 'payments:resolve'] });
      expect((await browser.ask<ShownSession>('GET', '/v1/session')).body).toEqual(body);
      expect(Date.parse(body.endsAt) - Date.parse(body.startedAt)).toBe(12 * 3_600_000);
    });

    it.each([
      ['a wrong password', 'Anna', 'not her password'],
      ['a name nobody has', 'Nobody', 'any password'],
      ['next to nothing', 'Anna', ' '],
    ])('answers %s alike', async (_what, name, password) => {
      const { status, headers, body } = await new Browser(gateway).signIn(name, password);
      expect([status, body.code, body.detail, headers.getSetCookie()]).toEqual([401, 'auth.refused', undefined, []]);
    });

    it('refuses a user who is switched off as if the password were wrong', async () => {
      const off = await makeUser(gateway, { name: 'Switched off', enabled: false });
      expect((await new Browser(gateway).signIn(off.name, off.password)).body).toMatchObject({ code: 'auth.refused' });
    });

    it('begins nothing for who was given another password, or was switched off, while his own was looked at', async () => {
      const user = await makeUser(gateway, { name: 'Overtaken' });
      const browser = await signedIn(gateway, user);
      const sql = sqlOf(gateway.servers.dataSource);
      const [row] = await sql.rows<{ hash: string }>({ name: '', text: `select password_hash as hash from gateway.user_account where id = '${user.id}'` });
      const begin = (passwordHash = '') => beginSession(sql, { userId: user.id, passwordHash, hash: randomBytes(32), address: '127.0.0.1' });
      expect([await begin(row?.hash), await begin('of another password')]).toEqual([expect.objectContaining({ userId: user.id }), null]);
      await run(`update gateway.user_account set enabled = false where id = '${user.id}'`);
      gateway.parts.authentication.forget();
      expect([await begin(row?.hash), await codeOf(browser)]).toEqual([null, 'auth.session_ended']);
    });

    it('takes a name in any case and a password from any keyboard', async () => {
      const user = await makeUser(gateway, { name: 'Зоя Й', password: 'пароль с й и ё' });
      expect((await new Browser(gateway).signIn('ЗОЯ Й'.normalize('NFD'), 'пароль с й и ё'.normalize('NFD'))).body).toMatchObject({ userId: user.id });
    });

    it('keeps neither passwords nor secrets, in the database or in the log', async () => {
      const browser = await signedIn(gateway, anna);
      await browser.ask('PUT', '/v1/session/password', { body: { current: 'a wrong one', password: 'another password' } });
      await browser.signIn('Anna', 'typed by mistake');
      const rows = await sqlOf(gateway.servers.dataSource).rows<{ all: string }>({
        name: '',
        text: `select (select string_agg(u::text, '') from gateway.user_account u) || (select string_agg(s::text, '') from gateway.user_session s)
          || (select coalesce(string_agg(t::text, ''), '') from gateway.sign_in_try t) || (select coalesce(string_agg(a::text, ''), '') from gateway.audit a) as all`,
      });
      const kept = `${rows[0]?.all ?? ''}${lines.join('')}`;
      expect(rows[0]?.all).toContain('$argon2id$v=19$m=19456,t=2,p=1$');
      for (const secret of [anna.password, browser.secret, 'a wrong one', 'another password', 'typed by mistake']) expect(kept).not.toContain(secret);
    });
  });

  describe('wrong passwords', () => {
    const attempt = async (name: string, password = 'wrong'): Promise<string> => {
      const { status, headers } = await new Browser(gateway).signIn(name, password);
      return headers.has('retry-after') ? `${status} ${headers.get('retry-after')}` : String(status);
    };
    const waitOver = () => run(`update gateway.sign_in_try set waits_until = now()`);

    it.each(['Anna', 'Nobody at all'])('make %s wait, twice as long each time, and never longer than 15 minutes', async (name) => {
      const waits: number[] = [];
      for (let wrong = 1; wrong <= 16; wrong += 1) {
        await run(`delete from gateway.sign_in_try where subject like 'address%'`);
        await waitOver();
        expect(await attempt(name)).toBe('401');
        const [row] = await sqlOf(gateway.servers.dataSource).rows<{ seconds: number }>({
          name: '',
          text: `select extract(epoch from waits_until - tried_at)::int as seconds from gateway.sign_in_try where subject like 'name%'`,
        });
        waits.push(row?.seconds ?? -1);
      }
      expect(waits).toEqual([0, 0, 0, 1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900, 900]);
      expect(await attempt(name)).toBe('429 900');
    });

    it('do not let the right one through while it has to wait, and start afresh after it', async () => {
      for (let wrong = 1; wrong <= 4; wrong += 1) await attempt('Anna');
      expect(await attempt('Anna', anna.password)).toMatch(/^429 /);
      await waitOver();
      expect([await attempt('Anna', anna.password), await attempt('Anna')]).toEqual(['200', '401']);
    });

    it('are counted before they are looked at: of many at once only the free ones are', async () => {
      const answers = await Promise.all(Array.from({ length: 12 }, () => attempt('Boris')));
      expect(answers.filter((answer) => answer === '401')).toHaveLength(4);
    });

    it('of many names make the address wait', async () => {
      const answers: string[] = [];
      for (let name = 1; name <= 12; name += 1) answers.push(await attempt(`name ${name}`));
      expect(answers.slice(0, 11)).toEqual(Array.from({ length: 11 }, () => '401'));
      expect(answers[11]).toMatch(/^429 /);
      // A right password gives back its own try alone.
      await waitOver();
      expect([await attempt('Anna', anna.password), await attempt('name 13'), (await attempt('name 14')).slice(0, 3)]).toEqual(['200', '401', '429']);
    });

    it('of a stranger do not keep a user out where he is at home', async () => {
      await signedIn(gateway, anna);
      await run(`insert into gateway.sign_in_try (subject, tries, tried_at, waits_until) values ('name anna', 50, now(), now() + interval '15 minutes')`);
      expect(await attempt('Anna', anna.password)).toBe('200');
      await run('delete from gateway.user_address');
      expect(await attempt('Anna', anna.password)).toBe('429 900');
    });

    it('are forgotten after an hour', async () => {
      await run(
        `insert into gateway.sign_in_try (subject, tries, tried_at, waits_until) values ('name carol', 50, now() - interval '61 minutes', now() - interval '46 minutes')`,
      );
      expect([await attempt('Carol'), await attempt('Carol')]).toEqual(['401', '401']);
    });

    it('count for one’s own password too', async () => {
      const browser = await signedIn(gateway, anna);
      const change = () => browser.ask<Problem>('PUT', '/v1/session/password', { body: { current: 'guessed', password: 'a new password' } });
      const codes: string[] = [];
      for (let wrong = 1; wrong <= 5; wrong += 1) codes.push((await change()).body.code);
      expect(codes).toEqual([...Array.from({ length: 4 }, () => 'auth.password_wrong'), 'auth.locked']);
    });
  });

  describe('end', () => {
    it('by signing out, at once, and the cookie goes', async () => {
      const browser = await signedIn(gateway, anna);
      const kept = { headers: { cookie: `kkm_session=${browser.secret}` } };
      const { status, headers } = await browser.ask('DELETE', '/v1/session');
      expect([status, headers.getSetCookie()[0]]).toEqual([204, 'kkm_session=; Path=/; HttpOnly; SameSite=Strict; Max-Age=0']);
      expect((await new Browser(gateway).ask<Problem>('GET', '/v1/payments', kept)).body.code).toBe('auth.session_ended');
    });

    it('by a new password of one’s own, all but the one that begins with it', async () => {
      const user = await makeUser(gateway, { name: 'Dina' });
      const [here, there] = [await signedIn(gateway, user), await signedIn(gateway, user)];
      const before = here.secret;
      const { status, body } = await here.ask<ShownSession>('PUT', '/v1/session/password', { body: { current: user.password, password: 'a longer password' } });
      expect([status, body.userId, await codeOf(here), await codeOf(there), here.secret === before]).toEqual([
        200,
        user.id,
        'signed in',
        'auth.session_ended',
        false,
      ]);
      expect((await new Browser(gateway).signIn('Dina', user.password)).status).toBe(401);
      expect((await new Browser(gateway).signIn('Dina', 'a longer password')).status).toBe(200);
    });

    it.each([
      ['a new password', 'PUT', '/password', { password: 'set by an admin' }],
      ['a lowered role', 'PATCH', '', { role: 'cashier' }],
      ['another site', 'PATCH', '', { siteId: 'club-1' }],
      ['switching off', 'PATCH', '', { enabled: false }],
      ['deletion', 'DELETE', '', undefined],
    ])('by %s, at once', async (what, method, path, body) => {
      const user = await makeUser(gateway, { name: `Ended by ${what}`, role: 'manager' });
      const browser = await signedIn(gateway, user);
      expect(await codeOf(browser)).toBe('signed in');
      expect((await gateway.ask(method, `/v1/users/${user.id}${path}`, { body })).status).toBeLessThan(300);
      expect(await codeOf(browser)).toBe('auth.session_ended');
    });

    it.each([
      ['after 12 hours', `ends_at = now() - interval '1 second'`],
      ['after an hour without use', `used_at = now() - interval '61 minutes'`],
    ])('%s', async (_when, change) => {
      const browser = await signedIn(gateway, anna);
      await run(`update gateway.user_session set ${change}`);
      gateway.parts.authentication.forget();
      expect(await codeOf(browser)).toBe('auth.session_ended');
      // What has ended stays ended: asking did not count as a use.
      expect(await codeOf(browser)).toBe('auth.session_ended');
    });

    it('not while it is used', async () => {
      const browser = await signedIn(gateway, anna);
      await run(`update gateway.user_session set used_at = now() - interval '59 minutes'`);
      gateway.parts.authentication.forget();
      expect(await codeOf(browser)).toBe('signed in');
      expect(await run(`select from gateway.user_session where used_at > now() - interval '1 minute'`)).toBe(1);
    });

    it('the oldest when one user has opened twenty', async () => {
      const user = await makeUser(gateway, { name: 'Everywhere' });
      const first = await signedIn(gateway, user);
      for (let more = 1; more <= 20; more += 1) await signedIn(gateway, user);
      gateway.parts.authentication.forget();
      expect([await codeOf(first), await run(`select from gateway.user_session where user_id = '${user.id}'`)]).toEqual(['auth.session_ended', 20]);
    });

    it('with their streams', async () => {
      const browser = await signedIn(gateway, anna);
      const response = await fetch(`${gateway.url}/v1/stream`, { headers: { cookie: `kkm_session=${browser.secret}` } });
      expect([response.status, response.headers.get('content-type')]).toEqual([200, 'text/event-stream; charset=utf-8']);
      const read = response.text().then(
        () => 'ended',
        () => 'ended',
      );
      expect(await Promise.race([read, eventually(() => 'open', 200)])).toBe('open');
      await browser.ask('DELETE', '/v1/session');
      expect(await read).toBe('ended');
    });
  });

  describe('requests with a cookie', () => {
    const attempt = async (headers: Readonly<Record<string, string>>, body: unknown = {}): Promise<string> => {
      const browser = await signedIn(gateway, anna);
      const answer = await gateway.ask<Problem>('POST', '/v1/terminal-profiles', {
        key: null,
        body,
        headers: { cookie: `kkm_session=${browser.secret}`, ...headers },
      });
      return answer.body.code;
    };

    it('of another site’s page are refused', async () => {
      const evil = { origin: 'https://evil.example' };
      for (const headers of [{}, evil, { origin: 'null' }, { origin: '' }, { origin: `${gateway.url}.evil.example` }, { origin: `${gateway.url}1` }]) {
        expect(await attempt(headers)).toBe('auth.cross_site');
      }
      for (const site of ['cross-site', 'same-site', 'none', '', 'same-origin, cross-site']) {
        expect(await attempt({ origin: gateway.url, 'sec-fetch-site': site })).toBe('auth.cross_site');
      }
    });

    it('of the own page are taken', async () => {
      expect(await attempt({ origin: gateway.url })).toBe('request.invalid');
      expect(await attempt({ 'sec-fetch-site': 'same-origin' })).toBe('request.invalid');
    });

    it('carry JSON and nothing else, as forms of other sites cannot', async () => {
      for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x'])
        expect(await attempt({ origin: gateway.url, 'content-type': type }, 'a=b')).toBe('request.unsupported_media_type');
    });

    it('sign nobody in from another site’s page', async () => {
      const signIn = (headers: Readonly<Record<string, string>>) =>
        gateway.ask<Problem>('POST', '/v1/session', { key: null, body: { name: 'Anna', password: anna.password }, headers });
      for (const headers of [{}, { origin: 'https://evil.example' }, { origin: gateway.url, 'sec-fetch-site': 'cross-site' }])
        expect((await signIn(headers)).body.code).toBe('auth.cross_site');
      expect((await signIn({ 'sec-fetch-site': 'same-origin' })).status).toBe(200);
    });

    it('read whatever page sent them: no other page sees the answer', async () => {
      const browser = await signedIn(gateway, anna);
      const { status, headers } = await gateway.ask('GET', '/v1/session', {
        key: null,
        headers: { cookie: `a=b; kkm_session=${browser.secret}`, origin: 'https://evil.example' },
      });
      expect([status, headers.get('access-control-allow-origin')]).toEqual([200, null]);
    });

    it('count as the key’s when a key is sent as well', async () => {
      const browser = await signedIn(gateway, anna);
      const headers = { cookie: `kkm_session=${browser.secret}` };
      expect((await gateway.ask('GET', '/v1/users', { key: operatorKey, headers })).status).toBe(200);
      expect((await gateway.ask<Problem>('GET', '/v1/session', { key: operatorKey, headers })).body.code).toBe('auth.forbidden');
    });
  });
});
