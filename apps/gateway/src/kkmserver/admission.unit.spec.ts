import { admit, triedAccount } from './admission';
import type { Admission, AdmissionRules, Knock } from './admission';

const basic = (login: string, password: string) => `Basic ${Buffer.from(`${login}:${password}`).toString('base64')}`;
const withPasswords: AdmissionRules = {
  accounts: [
    { account: 'admin', login: 'Admin', password: 'секрет: 1' },
    { account: 'user', login: 'User', password: 'user' },
  ],
  loopback: 'anyone',
  origins: ['https://desk.example'],
};
const empty: AdmissionRules = {
  ...withPasswords,
  accounts: [
    { account: 'admin', login: 'Admin', password: null },
    { account: 'user', login: 'User', password: null },
  ],
};
const near: Knock = { authorization: undefined, origin: undefined, peer: '127.0.0.1', forwarded: false };
const far: Knock = { ...near, peer: '192.168.1.7' };
const short = (admission: Admission) => (admission.kind === 'admitted' ? `${admission.account}${admission.mayGiveBack ? ' gives back' : ''}` : admission.why);

describe('who knows a password', () => {
  it('comes in from anywhere, whatever the case of the login, and may give money back', () => {
    for (const peer of ['127.0.0.1', '192.168.1.7', '203.0.113.9'])
      for (const origin of [undefined, 'https://evil.example', 'null']) {
        expect(short(admit({ ...far, peer, origin, authorization: basic('aDMIN', 'секрет: 1') }, withPasswords))).toBe('admin gives back');
        expect(short(admit({ ...far, peer, origin, authorization: basic('user', 'user') }, { ...withPasswords, loopback: 'password' }))).toBe(
          'user gives back',
        );
      }
  });

  it.each([
    ['a wrong password', basic('Admin', 'user')],
    ['a password of the other account', basic('User', 'секрет: 1')],
    ['a password in another case', basic('User', 'USER')],
    ['an empty password', basic('Admin', '')],
    ['an unknown login', basic('root', 'user')],
    ['a login alone', `Basic ${Buffer.from('Admin').toString('base64')}`],
    ['no base64', 'Basic ***'],
    ['a bearer token', 'Bearer user'],
  ])('does not come in with %s, not even on this machine', (_what, authorization) => {
    expect(short(admit({ ...near, authorization }, withPasswords))).toBe('credentialsWrong');
    expect(short(admit({ ...far, authorization }, withPasswords))).toBe('credentialsWrong');
  });
});

describe('who knows none', () => {
  const noLogin = [undefined, '', ' ', basic('', '')];

  it.each([
    ['password', 'credentialsWanted', 'credentialsWrong'],
    ['empty_password', 'credentialsWanted', 'user'],
    ['anyone', 'none', 'user'],
  ] as const)('comes in on this machine as far as the setting %s says, and gives nothing back', (loopback, without, withEmpty) => {
    for (const authorization of noLogin) expect(short(admit({ ...near, authorization }, { ...empty, loopback }))).toBe(without);
    expect(short(admit({ ...near, authorization: basic('User', '') }, { ...empty, loopback }))).toBe(withEmpty);
  });

  it.each([
    ['from another machine', { peer: '192.168.1.7' }],
    ['from an address that only begins like this machine’s', { peer: '127.0.0.1.example' }],
    ['through a proxy on this machine', { forwarded: true }],
    ['from a page of an origin that is not listed', { origin: 'https://evil.example' }],
    ['from a page of a file', { origin: 'null' }],
    ['from a page of the listed host by another protocol', { origin: 'http://desk.example' }],
  ])('does not come in %s', (_what, circumstances) => {
    for (const authorization of [...noLogin, basic('User', ''), basic('Admin', '')])
      expect(admit({ ...near, authorization, ...circumstances }, empty).kind).toBe('refused');
  });

  it('comes in from a page of a listed origin, which may give money back', () => {
    const origin = 'https://desk.example';
    expect(short(admit({ ...near, origin }, empty))).toBe('none gives back');
    expect(short(admit({ ...near, origin, authorization: basic('User', '') }, empty))).toBe('user gives back');
    expect(admit({ ...far, origin }, empty).kind).toBe('refused');
  });

  it('is this machine by any of its names', () => {
    for (const peer of ['127.0.0.1', '127.8.8.8', '::1', '::ffff:127.0.0.1']) expect(short(admit({ ...near, peer }, empty))).toBe('none');
  });
});

describe('guesses', () => {
  it('are counted by the account that is tried, all unknown logins as one', () => {
    const tried = (authorization: string | undefined) => triedAccount({ ...far, authorization }, withPasswords);
    expect([
      tried(basic('ADMIN', 'x')),
      tried(basic('User', 'x')),
      tried(basic('a', 'x')),
      tried(basic('b', 'x')),
      tried('Bearer x'),
      tried(undefined),
    ]).toEqual(['admin', 'user', '', '', '', '']);
    expect(admit({ ...far, authorization: basic('USER', 'x') }, withPasswords)).toMatchObject({ as: 'user' });
    expect(admit(far, withPasswords)).toMatchObject({ as: null });
  });
});
