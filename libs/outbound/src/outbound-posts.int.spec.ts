import { ScriptedReceiver } from '@kkm/testkit';
import { outboundPosts } from './outbound-posts';
import type { OutboundRules } from './outbound-posts';

describe('requests to addresses that others set', () => {
  let receiver: ScriptedReceiver;
  beforeAll(async () => {
    receiver = await ScriptedReceiver.start();
  });
  beforeEach(() => {
    receiver.heard.splice(0);
    receiver.answer = () => ({ status: 204 });
  });
  afterAll(() => receiver.stop());

  const rules: OutboundRules = { privateAllowed: true, timeoutMs: 1_000, responseBytesMax: 64 };
  const post = (url = `${receiver.url}/hook?a=1`, more: Partial<OutboundRules> = {}) =>
    outboundPosts({ ...rules, ...more }).post({ url, headers: { 'content-type': 'application/json', 'x-a': 'b' }, body: '{"имя":1}' });
  const portOf = (): string => new URL(receiver.url).port;

  it('bring method, path, headers and body, and give status and the first bytes of the answer', async () => {
    receiver.answer = () => ({ status: 503, headers: { 'retry-after': '7' }, body: `сбой ${'x'.repeat(500)}` });
    const answer = await post();
    expect(answer).toMatchObject({ code: 503, fault: null, retryAfter: '7' });
    expect(answer.response).toMatch(/^сбой x{20,64}$/);
    expect(receiver.heard).toMatchObject([{ method: 'POST', path: '/hook?a=1', body: '{"имя":1}', headers: { 'x-a': 'b', 'content-length': '12' } }]);
  });

  it('follow no redirect', async () => {
    receiver.answer = ({ path }) => (path === '/elsewhere' ? { status: 204 } : { status: 307, headers: { location: `${receiver.url}/elsewhere` } });
    expect(await post()).toMatchObject({ code: 307 });
    expect(receiver.heard).toHaveLength(1);
  });

  it('read no endless answer, and let a status stand whose body breaks off', async () => {
    receiver.answer = () => 'endless';
    const endless = await post();
    expect([endless.code, endless.response?.length]).toEqual([200, 64]);
    expect(receiver.sentBytes).toBeLessThan(5_000_000);
    receiver.answer = () => 'half';
    expect(await post()).toEqual({ code: 200, fault: null, retryAfter: null, response: 'half' });
  });

  it('say why there was no answer', async () => {
    receiver.answer = () => 'cut';
    expect(await post()).toMatchObject({ code: null, fault: 'ECONNRESET' });
    receiver.answer = () => 'silence';
    const before = Date.now();
    expect(await post(undefined, { timeoutMs: 200 })).toMatchObject({ code: null, fault: 'timeout', response: null });
    expect(Date.now() - before).toBeLessThan(2_000);
    expect(await post('http://127.0.0.1:1/')).toMatchObject({ code: null, fault: 'ECONNREFUSED' });
    expect(await post(`https://127.0.0.1:${portOf()}/`)).toMatchObject({ code: null, fault: expect.stringMatching(/SSL|EPROTO/) as string });
    expect(await post(undefined, { timeoutMs: 200, resolve: () => new Promise(() => undefined) })).toMatchObject({ fault: 'timeout' });
  });

  it('go to no address within the own network by its text', async () => {
    for (const host of ['127.0.0.1', '[::1]', '[::ffff:127.0.0.1]', 'localhost', '2130706433', '169.254.169.254']) {
      expect(await post(`http://${host}:${portOf()}/`, { privateAllowed: false })).toEqual({
        code: null,
        fault: 'address_refused',
        retryAfter: null,
        response: null,
      });
    }
    expect(receiver.heard).toEqual([]);
  });

  it('judge what a name stands for at each connection, and connect to just that', async () => {
    let asked = 0;
    // A name server that shows a public address first and the own machine afterwards.
    const rebinding = (): Promise<{ address: string; family: number }[]> => {
      asked += 1;
      return Promise.resolve([{ address: asked === 1 ? '93.184.215.14' : '127.0.0.1', family: 4 }]);
    };
    const posts = outboundPosts({ ...rules, privateAllowed: false, resolve: rebinding });
    expect(await posts.addressFault('https://rebind.example/')).toBeNull();
    expect(await posts.post({ url: `https://rebind.example:${portOf()}/`, headers: {}, body: '{}' })).toMatchObject({ code: null, fault: 'address_refused' });
    expect([asked, receiver.heard]).toEqual([2, []]);
  });

  it('refuse at once a name that stands for the own network, also beside a public address, and let one be that nobody resolves', async () => {
    const standing = (...addresses: string[]) =>
      outboundPosts({ ...rules, privateAllowed: false, resolve: () => Promise.resolve(addresses.map((address) => ({ address, family: 4 }))) });
    expect(await standing('10.0.0.8').addressFault('https://a.example/')).toBe('must be a public host');
    expect(await standing('93.184.215.14', '127.0.0.1').addressFault('https://a.example/')).toBe('must be a public host');
    expect(await standing('93.184.215.14').addressFault('https://a.example/')).toBeNull();
    const lost = outboundPosts({ ...rules, privateAllowed: false, resolve: () => Promise.reject(new Error('ENOTFOUND')) });
    expect(await lost.addressFault('https://a.example/')).toBeNull();
    expect(await outboundPosts(rules).addressFault('http://a.example/')).toBe('must be an https:// URL');
  });

  it('resolve names for a connection that is allowed', async () => {
    const resolve = () => Promise.resolve([{ address: '127.0.0.1', family: 4 }]);
    expect(await post(`http://hook.internal:${portOf()}/`, { resolve })).toMatchObject({ code: 204 });
    expect(receiver.heard).toMatchObject([{ headers: { host: `hook.internal:${portOf()}` } }]);
  });
});
