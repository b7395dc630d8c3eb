import { countedAddress } from './addresses';
import { mustBeOwnPage } from './own-page';
import { nameKeyOf } from './passwords';
import { noSessionCookie, sessionCookie, sessionSecretOf } from './session-cookie';
import { SessionWatch } from './session-watch';
import { Turns } from './turns';

describe('an address', () => {
  it.each([
    ['192.168.1.20', '192.168.1.20'],
    ['::ffff:192.168.1.20', '192.168.1.20'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:db8:1:2:ffff::1', '2001:db8:1:2::/64'],
    ['2001:0DB8:0001:0002::', '2001:db8:1:2::/64'],
    ['2001:db8::1', '2001:db8:0:0::/64'],
    ['::1', '0:0:0:0::/64'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64'],
  ])('%s counts as %s', (ip, counted) => expect(countedAddress(ip)).toBe(counted));
});

describe('a session’s cookie', () => {
  it.each([
    ['kkm_session=abc', 'abc'],
    ['a=b; kkm_session=abc; c=d', 'abc'],
    ['a=b;kkm_session=abc', 'abc'],
    ['xkkm_session=abc', null],
    ['kkm_session=', null],
    [`kkm_session=${'a'.repeat(201)}`, null],
    [undefined, null],
  ])('in %s is %s', (header, secret) => expect(sessionSecretOf(header)).toBe(secret));

  it('is for https alone where the browser comes by https', () => {
    expect(sessionCookie('abc', { seconds: 60, secure: true })).toBe('kkm_session=abc; Path=/; HttpOnly; SameSite=Strict; Max-Age=60; Secure');
    expect(noSessionCookie(false)).toBe('kkm_session=; Path=/; HttpOnly; SameSite=Strict; Max-Age=0');
  });
});

describe('a page', () => {
  const host = 'kkm.local:8080';
  const judge = (headers: Readonly<Record<string, string>>, publicOrigin: string | null = null): string => {
    try {
      mustBeOwnPage({ headers, host }, publicOrigin);
      return 'own';
    } catch (error) {
      return (error as { code: string }).code;
    }
  };

  it('is KKM’s own when the browser says so, or when its origin is the host', () => {
    expect(judge({ 'sec-fetch-site': 'same-origin' })).toBe('own');
    expect(judge({ origin: 'http://kkm.local:8080' })).toBe('own');
    expect(judge({ origin: 'https://kkm.example' }, 'https://kkm.example')).toBe('own');
  });

  it('is another’s in every other case', () => {
    expect(judge({})).toBe('auth.cross_site');
    expect(judge({ origin: 'http://kkm.local' })).toBe('auth.cross_site');
    expect(judge({ origin: 'kkm.local:8080' })).toBe('auth.cross_site');
    expect(judge({ origin: 'http://kkm.local:8080', 'sec-fetch-site': 'cross-site' })).toBe('auth.cross_site');
    expect(judge({ origin: 'https://evil.example' }, 'https://kkm.example')).toBe('auth.cross_site');
  });
});

describe('a name', () => {
  it('is the same however it is typed', () => {
    expect(nameKeyOf('ЙОЖИК'.normalize('NFD'))).toBe(nameKeyOf('йожик'.normalize('NFC')));
    expect(nameKeyOf('Anna')).not.toBe(nameKeyOf('Anne'));
  });
});

describe('Turns', () => {
  it('do so much at a time, in order, let so much wait, and refuse the rest', async () => {
    const turns = new Turns({ atOnce: 2, waiting: 2 });
    const done: (() => void)[] = [];
    const begun: number[] = [];
    const work = (n: number): Promise<number> =>
      turns.take(() => {
        begun.push(n);
        return new Promise((resolve) => done.push(() => resolve(n)));
      });
    const running = [1, 2, 3, 4].map(work);
    await expect(work(5)).rejects.toMatchObject({ code: 'auth.busy' });
    expect(begun).toEqual([1, 2]);
    done[0]?.();
    expect(await running[0]).toBe(1);
    expect(begun).toEqual([1, 2, 3]);
    done[1]?.();
    await running[1];
    done[2]?.();
    done[3]?.();
    expect(await Promise.all(running)).toEqual([1, 2, 3, 4]);
  });

  it('pass on after a failure', async () => {
    const turns = new Turns({ atOnce: 1, waiting: 1 });
    await expect(turns.take(() => Promise.reject(new Error('broken')))).rejects.toThrow('broken');
    expect(await turns.take(() => Promise.resolve('next'))).toBe('next');
  });
});

describe('SessionWatch', () => {
  it('ends what belongs to sessions that have ended, once, and nothing else', async () => {
    const ended: string[] = [];
    let living = new Set(['a', 'b', 'c']);
    const watch = new SessionWatch({ living: () => Promise.resolve(living), sweep: () => Promise.resolve() });
    const stops = ['a', 'b', 'c'].map((secret) => watch.watch(secret, () => ended.push(secret)));
    await watch.look();
    expect(ended).toEqual([]);
    living = new Set(['b']);
    stops[2]?.();
    await watch.look();
    await watch.look();
    expect(ended).toEqual(['a']);
    watch.onModuleDestroy();
  });
});
