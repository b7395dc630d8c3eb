import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliCompressSync } from 'node:zlib';
import { routes } from '@kkm/contracts';
import { describeWith } from '@kkm/testkit';
import { GatewayUnderTest, operatorKey } from '../testing/gateway-under-test';

const index = '<!doctype html><meta name="style-nonce" content="__KKM_STYLE_NONCE__"><title>KKM</title>';
const script = `console.log(${JSON.stringify('kkm '.repeat(500))});`;

describeWith(['broker', 'database'], 'the admin page', () => {
  const folder = mkdtempSync(join(tmpdir(), 'kkm-page-'));
  const adminPath = join(folder, 'admin');
  let gateway: GatewayUnderTest;
  const open = (path: string, headers: Readonly<Record<string, string>> = { accept: 'text/html' }, method = 'GET') =>
    fetch(`${gateway.url}${path}`, { headers, method, redirect: 'manual' });

  beforeAll(async () => {
    mkdirSync(join(adminPath, 'assets'), { recursive: true });
    writeFileSync(join(folder, 'outside.txt'), 'not for anybody');
    writeFileSync(join(adminPath, 'index.html'), index);
    writeFileSync(join(adminPath, 'first-paint.js'), 'document.title');
    writeFileSync(join(adminPath, '.kkm-stamp'), 'build');
    writeFileSync(join(adminPath, 'assets/main-abc123.js'), script);
    writeFileSync(join(adminPath, 'assets/main-abc123.js.br'), brotliCompressSync(script));
    gateway = await GatewayUnderTest.start({ adminPath });
  });
  afterAll(async () => {
    await gateway.stop();
    rmSync(folder, { recursive: true });
  });

  it('is where / leads', async () => {
    for (const path of ['/', '/admin']) {
      const answer = await open(path);
      expect([path, answer.status, answer.headers.get('location')]).toEqual([path, 302, '/admin/']);
    }
  });

  it.each(['/admin/', '/admin/index.html', '/admin/payments', '/admin/payments/pay_1?tab=slip', '/admin/terminals/club-1/pax.1'])(
    'answers %s with its index, never from a cache',
    async (path) => {
      const answer = await open(path);
      const html = await answer.text();
      expect([answer.status, answer.headers.get('content-type'), answer.headers.get('cache-control')]).toEqual([200, 'text/html; charset=utf-8', 'no-cache']);
      expect(html).toMatch(/<title>KKM<\/title>$/);
    },
  );

  it('runs no script but its own files, takes styles by a nonce drawn for each answer, and is framed by nobody', async () => {
    const nonces: string[] = [];
    for (let times = 0; times < 2; times += 1) {
      const answer = await open('/admin/');
      const [, nonce = 'none'] = /content="([\w-]{22})"/.exec(await answer.text()) ?? [];
      const policy = answer.headers.get('content-security-policy') ?? '';
      expect(policy.split('; ')).toEqual(
        expect.arrayContaining([`default-src 'none'`, `script-src 'self'`, `style-src 'self' 'nonce-${nonce}'`, `frame-ancestors 'none'`, `base-uri 'none'`]),
      );
      expect(policy).not.toMatch(/unsafe|\*|http:|https:/);
      nonces.push(nonce);
    }
    expect(nonces[0]).not.toBe(nonces[1]);
  });

  it('keeps files with a hash in their name for ever, compressed where the browser takes it', async () => {
    const answer = await open('/admin/assets/main-abc123.js', { 'accept-encoding': 'br' });
    const { headers } = answer;
    expect([answer.status, headers.get('cache-control'), headers.get('content-encoding')]).toEqual([200, 'public, max-age=31536000, immutable', 'br']);
    expect([headers.get('content-type'), headers.get('vary'), headers.get('x-content-type-options')]).toEqual([
      expect.stringContaining('javascript'),
      'accept-encoding',
      'nosniff',
    ]);
    expect(await answer.text()).toBe(script);
    const plain = await open('/admin/assets/main-abc123.js', { 'accept-encoding': 'identity' });
    expect([plain.headers.get('content-encoding'), await plain.text()]).toEqual([null, script]);
    expect((await open('/admin/first-paint.js')).headers.get('cache-control')).toBe('no-cache');
  });

  it.each([
    '/admin/assets/gone-123.js',
    '/admin/assets/',
    '/admin/missing.js',
    '/admin/.kkm-stamp',
    '/admin/../outside.txt',
    '/admin/..%2foutside.txt',
    '/admin/%2e%2e/outside.txt',
    '/admin/assets/..%2f..%2foutside.txt',
    '/admin//outside.txt',
    '/admin/assets/%00',
  ])('has nothing at %s', async (path) => {
    const answer = await open(path, { accept: '*/*' });
    expect([answer.status, (await answer.text()).includes('not for anybody')]).toEqual([404, false]);
  });

  it('takes no other method', async () => {
    for (const path of ['/', '/admin/', '/admin/assets/main-abc123.js']) expect((await open(path, {}, 'POST')).status).toBe(404);
  });

  it('and everything else say to browsers that nothing is sniffed, framed, referred or shared', async () => {
    const paths = [
      '/',
      '/admin/',
      '/admin/assets/main-abc123.js',
      '/admin/gone.js',
      '/health/live',
      '/nowhere',
      '/problems/internal',
      ...routes.map(({ path }) => path),
    ];
    for (const path of paths) {
      if (path === '/v1/stream') continue;
      for (const headers of [{}, { authorization: `Bearer ${operatorKey}` }]) {
        const answer = await open(path.replace(/\{\w+\}/g, 'x'), { accept: 'text/html', ...headers });
        await answer.arrayBuffer();
        const policy = answer.headers.get('content-security-policy') ?? '';
        expect([path, policy.includes(`frame-ancestors 'none'`), policy.includes(`default-src 'none'`)]).toEqual([path, true, true]);
        expect(Object.fromEntries(answer.headers)).toMatchObject({
          'x-content-type-options': 'nosniff',
          'x-frame-options': 'DENY',
          'referrer-policy': 'no-referrer',
          'cross-origin-opener-policy': 'same-origin',
          'cross-origin-resource-policy': 'same-origin',
        });
      }
    }
  });

  it('says so where it was not built', async () => {
    const bare = await GatewayUnderTest.start();
    const answer = await fetch(`${bare.url}/admin/`, { headers: { accept: 'text/html' } });
    expect([answer.status, ((await answer.json()) as { code: string }).code]).toEqual([404, 'page.missing']);
    await bare.stop();
  });
});
