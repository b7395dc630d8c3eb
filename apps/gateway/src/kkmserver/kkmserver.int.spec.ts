import { connect } from 'node:net';
import { doorText } from '@kkm/contracts';
import { commandStatuses } from '@kkm/core';
import { eventually, pause } from '@kkm/testkit';
import { generate } from 'selfsigned';
import { KkmServerUnderTest } from '../testing/kkmserver-under-test';

const xReport = { Command: 'XReport', IdCommand: 'x-1' };

describe('the KkmServer door', () => {
  let door: KkmServerUnderTest;
  beforeEach(async () => {
    door = await KkmServerUnderTest.start();
  });
  afterEach(() => door.stop());

  describe('listens as its clients write', () => {
    it.each(['/Execute', '/Execute/', '/Execute/sync', '/Execute/sync/', '/execute', '/EXECUTE/SYNC/', '//Execute', '/Execute?x=1'])(
      'at %s, and waits',
      async (path) => {
        const { status, body } = await door.ask({ path, body: xReport });
        expect([status, body]).toEqual([200, { Command: 'XReport', Error: '', Status: 0, IdCommand: 'x-1' }]);
        expect(door.desk.submissions).toMatchObject([{ waitMs: 60_000, caller: { siteId: 'club-1', account: 'admin', mayGiveBack: true } }]);
      },
    );

    it.each(['/Execute/async', '/Execute/async/', '/execute/ASYNC'])('at %s, and answers at once', async (path) => {
      door.desk.held = true;
      expect((await door.ask({ path, body: { ...xReport, Timeout: 60 } })).body).toMatchObject({ Status: 1, IdCommand: 'x-1' });
      expect(door.desk.submissions).toMatchObject([{ waitMs: 0 }]);
    });

    it.each([
      undefined,
      'application/json',
      'application/json; charset=UTF-8',
      'text/plain;charset=UTF-8',
      'application/x-www-form-urlencoded',
      'application/json; charset=windows-1251',
      'json',
      ';;;',
      '',
    ])('to any type of content: %s', async (type) => {
      const { status, body } = await door.ask({ body: xReport, headers: type === undefined ? {} : { 'content-type': type } });
      expect([status, body['Status']]).toEqual([200, 0]);
    });

    it('with the headers of recorded answers', async () => {
      const { headers } = await door.ask({ body: xReport });
      expect(headers).toMatchObject({
        'content-type': 'application/json; charset=utf-8',
        'access-control-allow-origin': '*',
        'cache-control': 'no-store, no-cache, must-revalidate',
      });
    });

    it('to commands in chunks, with a byte order mark and in Cyrillic', async () => {
      const body = Buffer.from(`\ufeff${JSON.stringify({ ...xReport, CashierName: 'Анна' })}`);
      expect((await door.ask({ body, chunked: true })).status).toBe(200);
      expect(door.desk.submissions.at(-1)?.command.cashier.name).toBe('Анна');
    });
  });

  describe('answers', () => {
    it('a command that nobody knows with 501, and everything else with 200', async () => {
      const unknown = await door.ask({ body: { Command: 'MakeCoffee', IdCommand: 'c' } });
      expect([unknown.status, unknown.body]).toEqual([501, { Command: 'MakeCoffee', Error: expect.stringMatching(/./), Status: 2, IdCommand: 'c' }]);
      door.desk.answer = { ...door.desk.answer, status: commandStatuses.error, error: 'Нет связи' };
      expect(await door.ask({ body: xReport })).toMatchObject({ status: 200, body: { Status: 2, Error: 'Нет связи' } });
    });

    it('hostile bodies in its own form, and hands none of them over', async () => {
      const bodies = [
        '',
        '{',
        '[]',
        '[[',
        'null',
        '"x"',
        '5',
        '['.repeat(200_000),
        '{"a":'.repeat(50_000),
        Buffer.from([0xff, 0xfe]),
        '{"Command":{}}',
        '{"__proto__":{}}',
      ];
      for (const body of bodies) {
        const answer = await door.ask({ body });
        expect([answer.status, answer.body['Status'], typeof answer.body['Error']]).toEqual([200, 2, 'string']);
        expect(answer.body['Error']).not.toBe('');
      }
      expect(door.desk.submissions).toEqual([]);
    });

    it('a check with a large picture, but nothing above 1 MiB', async () => {
      const check = (bytes: number) => ({ Command: 'RegisterCheck', IsFiscalCheck: false, CheckStrings: [{ PrintImage: { Image: 'A'.repeat(bytes) } }] });
      expect((await door.ask({ body: check(1_000_000) })).body).toMatchObject({ Status: 0 });
      expect(await door.ask({ body: check(1_048_577) })).toMatchObject({ status: 200, body: { Status: 2, Error: doorText('bodyTooLarge') } });
    });

    it('paths that are none, also broken ones, in its own form', async () => {
      for (const path of ['/Exec', '/v1/payments', '/Execute/sync/now', '/metrics']) {
        const { status, body } = await door.ask({ path, body: xReport });
        expect([status, body['Status'], body['Error']]).toEqual([404, 2, doorText('noSuchPath')]);
      }
      expect(await door.ask({ path: '/Execute', method: 'PUT', body: xReport })).toMatchObject({ status: 404, body: { Status: 2 } });
      expect((await door.ask({ path: '/%zz', body: xReport })).body).toMatchObject({ Status: 2 });
      expect(door.desk.submissions).toEqual([]);
    });

    it('what is no HTTP', async () => {
      const socket = connect(Number(new URL(door.urls[0] ?? '').port), '127.0.0.1');
      const answer = await new Promise<string>((resolve, reject) => {
        socket.on('data', (data) => resolve(data.toString('utf8')));
        socket.on('error', reject);
        socket.write('\x01\x02KKM\r\n\r\n');
      });
      socket.destroy();
      expect(answer).toMatch(/^HTTP\/1\.1 400[\s\S]*"Status":2/);
    });

    it('and says so, in no form of an error, when the desk fails', async () => {
      door.desk.failure = new Error('a bug');
      expect(await door.ask({ body: { Command: 'PayByPaymentCard', Amount: 5, IdCommand: 'p' } })).toMatchObject({
        status: 503,
        body: { Status: 1, IdCommand: 'p' },
      });
    });
  });

  describe('waits', () => {
    it('as many seconds as the Timeout says, and lets the client ask for the result', async () => {
      door.desk.held = true;
      const startedMs = performance.now();
      expect((await door.ask({ body: { ...xReport, Timeout: 2 } })).body).toMatchObject({ Status: 1, IdCommand: 'x-1', Error: '' });
      expect(performance.now() - startedMs).toBeGreaterThan(1_900);
      expect((await door.ask({ body: { Command: 'GetRezult', IdCommand: 'x-1' } })).body).toMatchObject({ Status: 1, IdCommand: 'x-1', Rezult: { Status: 1 } });
      door.desk.release();
      expect((await door.ask({ body: xReport })).body).toMatchObject({ Status: 0 });
      expect((await door.ask({ body: { Command: 'GetRezult', IdCommand: 'x-1' } })).body).toMatchObject({ Status: 0, IdCommand: '', Rezult: { Status: 0 } });
    });

    it('no longer for a client that has gone, whose command goes on', async () => {
      door.desk.held = true;
      const leaving = new AbortController();
      const asked = door.ask({ body: { ...xReport, Timeout: 900 }, signal: leaving.signal });
      await eventually(() => expect(door.desk.submissions).toHaveLength(1));
      expect(door.desk.submissions[0]?.gone.aborted).toBe(false);
      leaving.abort();
      await expect(asked).rejects.toThrow();
      await eventually(() => expect(door.desk.submissions[0]?.gone.aborted).toBe(true));
      expect((await door.ask({ body: { Command: 'GetRezult', IdCommand: 'x-1' } })).body).toMatchObject({ Rezult: { Status: 1 } });
    });

    it('no longer when it is closed: who waits is answered', async () => {
      const closing = await KkmServerUnderTest.start();
      closing.desk.held = true;
      const asked = closing.ask({ body: { ...xReport, Timeout: 900 } });
      await eventually(() => expect(closing.desk.submissions).toHaveLength(1));
      const startedMs = performance.now();
      await closing.stop();
      expect((await asked).body).toMatchObject({ Status: 1, IdCommand: 'x-1' });
      expect(performance.now() - startedMs).toBeLessThan(5_000);
    });
  });

  describe('serves pages', () => {
    it('with a preflight that needs no password', async () => {
      for (const path of ['/Execute', '/Execute/async/', '/execute']) {
        const headers = {
          origin: 'https://pos.example',
          'access-control-request-method': 'POST',
          'access-control-request-headers': 'authorization,content-type',
          'access-control-request-private-network': 'true',
        };
        const answer = await door.ask({ path, method: 'OPTIONS', as: null, headers });
        expect(answer.status).toBe(204);
        expect(answer.headers).toMatchObject({
          'access-control-allow-origin': '*',
          'access-control-allow-methods': 'POST, OPTIONS',
          'access-control-allow-headers': 'Content-Type, Authorization',
          'access-control-allow-private-network': 'true',
        });
      }
    });

    it('with a script that stands for the browser extension', async () => {
      const script = await door.ask({ path: '/kkmserver.js', method: 'GET', as: null });
      expect([script.status, script.headers['content-type']]).toEqual([200, 'text/javascript; charset=utf-8']);
      const answers: unknown[] = [];
      const page = {
        document: { currentScript: { src: `${door.urls[0]}/kkmserver.js` } },
        window: {} as { KkmServer?: { login: string; password: string; Execute(callback: (answer: unknown) => void, data: object): void } },
      };
      new Function('document', 'window', 'fetch', 'URL', 'TextEncoder', 'btoa', script.text)(page.document, page.window, fetch, URL, TextEncoder, btoa);
      Object.assign(page.window.KkmServer ?? {}, { login: 'Admin', password: 'admin' });
      page.window.KkmServer?.Execute((answer) => answers.push(answer), xReport);
      await eventually(() => expect(answers).toMatchObject([{ Command: 'XReport', Status: 0 }]));
      expect((await door.ask({ path: '/', method: 'GET', as: null })).text).toContain('/kkmserver.js');
    });
  });
});

describe('the ports of the KkmServer door', () => {
  it('belong to a site each, and one speaks https', async () => {
    const { private: key, cert } = await generate([{ name: 'commonName', value: 'localhost' }], {
      keySize: 2048,
      algorithm: 'sha256',
      extensions: [{ name: 'subjectAltName', altNames: [{ type: 7, ip: '127.0.0.1' }] }],
    });
    const ports = [
      { port: 0, siteId: 'club-1', https: false },
      { port: 0, siteId: 'club-2', https: true },
    ];
    const door = await KkmServerUnderTest.start({ ports, tls: { key, cert } });
    try {
      expect(door.urls.map((url) => new URL(url).protocol)).toEqual(['http:', 'https:']);
      expect((await door.ask({ body: xReport })).status).toBe(200);
      expect((await door.ask({ body: xReport, port: 1, ca: cert })).status).toBe(200);
      expect(door.desk.submissions.map(({ caller }) => caller.siteId)).toEqual(['club-1', 'club-2']);
      await expect(door.ask({ body: xReport, port: 1 })).rejects.toThrow(/certificate/);
    } finally {
      await door.stop();
    }
  });

  it('serve nobody while it is not clear for which site', async () => {
    const door = await KkmServerUnderTest.start({}, null);
    try {
      expect(await door.ask({ body: xReport })).toMatchObject({ status: 200, body: { Status: 2, Error: doorText('siteUnclear') } });
    } finally {
      await door.stop();
    }
  });

  it('open together or not at all', async () => {
    const first = await KkmServerUnderTest.start();
    const taken = Number(new URL(first.urls[0] ?? '').port);
    const ports = [0, taken].map((port) => ({ port, siteId: null, https: false }));
    await expect(KkmServerUnderTest.start({ ports })).rejects.toThrow(/EADDRINUSE/);
    await first.stop();
    await pause(10);
  });
});
