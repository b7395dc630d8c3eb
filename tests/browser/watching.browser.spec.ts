import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Browser } from 'playwright-core';
import { describeWith } from '@kkm/testkit';
import { seriousFindings, sidewaysPixels } from './harness/accessibility';
import { startBrowser } from './harness/start-browser';
import { Visitor } from './harness/visitor';

const policy = "default-src 'none'; script-src 'self'; connect-src *";

/** A page that does everything a page must not, by a word in its address. */
const bodies: Readonly<Record<string, string>> = {
  good: '<!doctype html><html lang="en"><title>Good</title><main><h1>Good</h1></main>',
  inline: '<!doctype html><script>document.title = "ran"</script>',
  throws: '<!doctype html><script src="/admin/throws.js"></script>',
  'throws.js': 'throw new Error("out of order")',
  elsewhere: '<!doctype html><script src="/admin/elsewhere.js"></script>',
  'elsewhere.js': 'fetch("http://127.0.0.1:9/x").catch(() => undefined)',
  dialog: '<!doctype html><script src="/admin/dialog.js"></script>',
  'dialog.js': 'alert("ran")',
  broken: '<!doctype html><script src="/admin/broken.js"></script>',
  'broken.js': 'void fetch("/v1/broken")',
  refused: '<!doctype html><script src="/admin/refused.js"></script>',
  'refused.js': 'void fetch("/v1/refused")',
  unlabelled: '<!doctype html><html lang="en"><title>Unlabelled</title><main><input><button></button></main>',
  wide: '<!doctype html><pre>' + 'x'.repeat(400) + '</pre>',
};

describeWith(['chromium'], 'the watch over pages', () => {
  let browser: Browser;
  let server: Server;
  beforeAll(async () => {
    browser = await startBrowser();
    server = createServer((request, response) => {
      const name = request.url?.split('/').at(-1) ?? '';
      const status = name === 'broken' && request.url?.startsWith('/v1/') ? 500 : name === 'refused' && request.url?.startsWith('/v1/') ? 401 : 200;
      const type = name.endsWith('.js') ? 'text/javascript' : 'text/html';
      response.writeHead(status, { 'content-type': type, 'content-security-policy': policy }).end(bodies[name] ?? '');
    });
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  });
  afterAll(async () => {
    await browser.close();
    server.close();
  });
  const look = async <T>(name: string, what: (visitor: Visitor) => Promise<T>): Promise<T> => {
    const visitor = await Visitor.arrive(browser, `http://127.0.0.1:${(server.address() as AddressInfo).port}`, { screen: 'phone' });
    try {
      await visitor.open(`/${name}`);
      return await what(visitor);
    } finally {
      await visitor.leave();
    }
  };
  const faultsOf = (name: string): Promise<readonly string[]> =>
    look(name, async ({ page, faults }) => {
      await page.waitForLoadState('networkidle');
      return faults;
    });

  it('has nothing against a page that keeps the rules, nor against a refusal in words', async () => {
    expect(await faultsOf('good')).toEqual([]);
    expect(await faultsOf('refused')).toEqual([]);
  });

  it.each([
    ['inline', /Content Security Policy/],
    ['throws', /error: out of order/],
    ['elsewhere', /asked elsewhere: http:\/\/127\.0\.0\.1:9\/x/],
    ['dialog', /a dialog: ran/],
    ['broken', /500 of .*\/v1\/broken/],
  ])('notes what a page must never do: %s', async (name, fault) => {
    expect((await faultsOf(name)).join('\n')).toMatch(fault);
  });

  it('looks for what a screen reader cannot use, whatever the page’s policy on scripts', async () => {
    expect(await look('good', ({ page }) => seriousFindings(page))).toEqual([]);
    expect((await look('unlabelled', ({ page }) => seriousFindings(page))).map((finding) => finding.split(':')[0])).toEqual(['button-name', 'label']);
  });

  it('sees a page that is wider than a telephone', async () => {
    expect(await look('good', ({ page }) => sidewaysPixels(page))).toBe(0);
    expect(await look('wide', ({ page }) => sidewaysPixels(page))).toBeGreaterThan(0);
  });
});
