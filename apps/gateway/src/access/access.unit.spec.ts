import type { ApiKey, ShownSession } from '@kkm/contracts';
import { Authentication } from './authentication';
import { keyCaller, userCaller } from './caller';
import { RateLimit } from './rate-limit';
import { hashOfSecret, hintOfSecret, newSecret } from './secret';

const keyOf = (id: string): ApiKey => ({
  id,
  name: id,
  siteId: null,
  scopes: ['payments:read'],
  hint: 'abcd',
  createdAt: '2026-01-01T00:00:00Z',
  rotatedAt: null,
  revokedAt: null,
});

const session: ShownSession = {
  userId: 'usr_1',
  name: 'Anna',
  role: 'cashier',
  siteId: 'club-1',
  scopes: ['payments:read', 'payments:write'],
  startedAt: '2026-01-01T00:00:00Z',
  endsAt: '2026-01-01T12:00:00Z',
  idleSeconds: 3_600,
};

describe('Authentication', () => {
  let nowMs = 0;
  let asked = 0;
  let answer: (hash: Buffer) => Promise<ApiKey | null>;
  let authentication: Authentication;
  beforeEach(() => {
    [nowMs, asked] = [0, 0];
    answer = () => Promise.resolve(keyOf('key_1'));
    authentication = new Authentication(
      {
        key: async (hash) => {
          asked += 1;
          const key = await answer(hash);
          return key && keyCaller(key);
        },
        session: (hash) => Promise.resolve(hash.equals(hashOfSecret('right')) ? userCaller(session) : null),
      },
      () => nowMs,
    );
  });

  it('looks a key up by the hash of its secret', async () => {
    answer = (hash) => Promise.resolve(hash.equals(hashOfSecret('right')) ? keyOf('key_1') : null);
    expect(await authentication.identify('Bearer right')).toEqual({ kind: 'api_key', id: 'key_1', name: 'key_1', siteId: null, scopes: ['payments:read'] });
    await expect(authentication.identify('Bearer wrong')).rejects.toMatchObject({ code: 'auth.invalid' });
  });

  it('makes the same caller of a session, and none of a key that is sent as one', async () => {
    const caller = { kind: 'user', id: 'usr_1', name: 'Anna', siteId: 'club-1', scopes: ['payments:read', 'payments:write'] };
    expect(await authentication.identifySession('right')).toEqual(caller);
    expect(await authentication.identify('Bearer right')).toMatchObject({ kind: 'api_key' });
    await expect(authentication.identifySession('wrong')).rejects.toMatchObject({ code: 'auth.session_ended' });
  });

  it('asks once a second, and once for many that arrive together', async () => {
    await Promise.all([1, 2, 3].map(async () => authentication.identify('bearer right')));
    expect(authentication.identify('Bearer right')).not.toBeInstanceOf(Promise);
    nowMs = 999;
    await authentication.identify('Bearer right');
    expect(asked).toBe(1);
    nowMs = 1_000;
    await authentication.identify('Bearer right');
    expect(asked).toBe(2);
  });

  it('remembers a wrong key as wrong, so that a flood of it costs one look a second', async () => {
    answer = () => Promise.resolve(null);
    await expect(authentication.identify('Bearer wrong')).rejects.toMatchObject({ code: 'auth.invalid' });
    expect(() => authentication.identify('Bearer wrong')).toThrow('auth.invalid');
    expect(asked).toBe(1);
  });

  it('remembers nothing that was asked before a revocation', async () => {
    let reply: (key: ApiKey | null) => void = () => undefined;
    answer = () => new Promise((resolve) => (reply = resolve));
    const before = authentication.identify('Bearer right');
    authentication.forget();
    reply(keyOf('key_1'));
    await before;
    answer = () => Promise.resolve(null);
    await expect(authentication.identify('Bearer right')).rejects.toMatchObject({ code: 'auth.invalid' });
  });

  it('asks again after a failed look', async () => {
    answer = () => Promise.reject(new Error('gone'));
    await expect(authentication.identify('Bearer right')).rejects.toThrow('gone');
    answer = () => Promise.resolve(keyOf('key_1'));
    expect(await authentication.identify('Bearer right')).toMatchObject({ id: 'key_1' });
  });

  it('keeps only so many answers', async () => {
    answer = () => Promise.resolve(null);
    for (let i = 0; i < 5_001; i += 1) await expect(authentication.identify(`Bearer k${i}`)).rejects.toThrow();
    await expect(authentication.identify('Bearer k0')).rejects.toThrow();
    expect(asked).toBe(5_002);
  });

  it.each([
    [undefined, 'auth.missing'],
    ['', 'auth.missing'],
    ['Basic x', 'auth.invalid'],
    ['Bearer', 'auth.invalid'],
    [`Bearer ${'x'.repeat(201)}`, 'auth.invalid'],
  ])('reads no key from %s', (header, code) => {
    expect(() => authentication.identify(header)).toThrow(code);
    expect(asked).toBe(0);
  });
});

describe('RateLimit', () => {
  it('lets a burst through, then so many a second', () => {
    let nowMs = 0;
    const limit = new RateLimit({ perSecond: 10, burst: 3 }, () => nowMs);
    expect([1, 2, 3, 4].map(() => limit.take('a'))).toEqual([0, 0, 0, 1]);
    expect(limit.take('b')).toBe(0);
    nowMs = 100;
    expect([limit.take('a'), limit.take('a')]).toEqual([0, 1]);
    nowMs = 60_000;
    expect([1, 2, 3, 4].map(() => limit.take('a'))).toEqual([0, 0, 0, 1]);
  });

  it('says how long to wait when tokens are rare', () => {
    const limit = new RateLimit({ perSecond: 0.1, burst: 1 }, () => 0);
    expect([limit.take('a'), limit.take('a')]).toEqual([0, 10]);
  });

  it('tells how long somebody would wait, and takes nothing for it', () => {
    let nowMs = 0;
    const limit = new RateLimit({ perSecond: 0.1, burst: 1 }, () => nowMs);
    expect([limit.wait('a'), limit.wait('a'), limit.take('a'), limit.wait('a')]).toEqual([0, 0, 0, 10]);
    nowMs = 9_000;
    expect(limit.wait('a')).toBe(1);
    nowMs = 10_000;
    expect([limit.wait('a'), limit.take('a')]).toEqual([0, 0]);
  });

  it('forgets who has not come for long', () => {
    let nowMs = 0;
    const limit = new RateLimit({ perSecond: 100, burst: 1 }, () => nowMs);
    for (let i = 0; i < 10_000; i += 1) limit.take(`k${i}`);
    nowMs = 1_000;
    limit.take('new');
    expect((limit as unknown as { buckets: Map<string, unknown> }).buckets.size).toBe(1);
  });
});

describe('secrets', () => {
  it('are 256 random bits, hashed, with a hint', () => {
    const [one, two] = [newSecret(), newSecret()];
    expect(one).not.toBe(two);
    expect(one).toMatch(/^kkm_[\w-]{43}$/);
    expect(hashOfSecret(one)).toHaveLength(32);
    expect(hintOfSecret('abcdefgh')).toBe('efgh');
  });
});
