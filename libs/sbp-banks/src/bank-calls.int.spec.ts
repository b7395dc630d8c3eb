import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Indeterminate, Unavailable } from '@kkm/core';
import { bankCalls } from './bank-calls';
import type { BankRequest } from './bank-calls';
import { ScriptedBank } from './testing/scripted-bank';

describe('calls to banks', () => {
  let bank: ScriptedBank;
  const calls = bankCalls();
  const post = (change: Partial<BankRequest> = {}) =>
    calls.send({ method: 'POST', url: `${bank.url}/pay`, body: { secret: 'hush' }, deadline: AbortSignal.timeout(2_000), ...change });
  const failure = async (call: Promise<unknown>): Promise<unknown> =>
    call.then(
      () => null,
      (error: unknown) => error,
    );
  beforeAll(async () => {
    bank = await ScriptedBank.start();
  });
  beforeEach(() => bank.reset());
  afterAll(async () => {
    calls.close();
    await bank.stop();
  });

  it('give what the bank answered, JSON or not', async () => {
    bank.will({ status: 201, json: { code: 'SUCCESS' } }, { status: 502, text: '<html>' });
    expect([await post(), await post()]).toEqual([
      { status: 201, body: { code: 'SUCCESS' } },
      { status: 502, body: undefined },
    ]);
    expect(bank.heard[0]).toMatchObject({ what: 'POST /pay', text: '{"secret":"hush"}' });
  });

  it('are unavailable where nothing can have been sent: refused, no such name, TLS that cannot be', async () => {
    const port = new URL(bank.url).port;
    for (const url of ['http://127.0.0.1:1/pay', 'http://no-such-bank.invalid/pay', `https://127.0.0.1:${port}/pay`]) {
      expect(await failure(post({ url }))).toBeInstanceOf(Unavailable);
    }
    expect(bank.heard).toEqual([]);
  });

  it.each(['silence', 'cut', 'half'] as const)('are indeterminate when the bank heard them and then came %s', async (step) => {
    bank.will(step);
    const error = await failure(post({ deadline: AbortSignal.timeout(300) }));
    expect(error).toBeInstanceOf(Indeterminate);
    expect(error).toMatchObject({ code: 'sbp.no_answer' });
    expect(bank.heard).toHaveLength(1);
    expect(JSON.stringify(error) + String(error)).not.toContain('hush');
  });

  it('are indeterminate when a kept connection turns out to be dead', async () => {
    bank.will({ json: {} }, 'cut');
    await post();
    expect(await failure(post())).toBeInstanceOf(Indeterminate);
  });

  it('keep a connection for the next call, and let it go before the bank can; an answer may take longer', async () => {
    let opened = 0;
    const server = createServer((request, response) => void setTimeout(() => response.end('{}'), request.method === 'GET' ? 300 : 0));
    const ended = new Promise<void>((closed) => server.once('connection', (socket) => socket.once('close', () => closed())));
    server.on('connection', () => (opened += 1));
    server.keepAliveTimeout = 60_000;
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    const short = bankCalls({ idleMs: 100 });
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    const call = (method: BankRequest['method']) => short.send({ method, url, deadline: AbortSignal.timeout(2_000) });
    await call('POST');
    expect(await call('GET')).toEqual({ status: 200, body: {} });
    expect(opened).toBe(1);
    await ended;
    await call('POST');
    expect(opened).toBe(2);
    short.close();
    await new Promise((done) => server.close(done));
  });

  it('follow no redirect, and read no answer without end', async () => {
    bank.will({ status: 302, text: '', headers: { location: '/elsewhere' } }, { text: 'x'.repeat(70_000) });
    expect(await post()).toMatchObject({ status: 302 });
    expect(await failure(post())).toBeInstanceOf(Indeterminate);
    expect(bank.heard.map(({ what }) => what)).toEqual(['POST /pay', 'POST /pay']);
  });
});
