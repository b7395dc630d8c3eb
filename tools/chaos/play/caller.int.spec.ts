import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Caller } from './caller';

type Say = (answer: ServerResponse, request: IncomingMessage) => void;

const problem =
  (status: number, code: string): Say =>
  (answer) =>
    answer.writeHead(status).end(JSON.stringify({ code }));
const payment: Say = (answer) => answer.writeHead(201).end(JSON.stringify({ id: 'pay_1' }));
const cut: Say = (_, request) => request.socket.destroy();

describe('a caller', () => {
  let server: Server;
  let script: Say[] = [];
  let keys: (string | undefined)[] = [];
  const leaves = new AbortController();
  const caller = (): Caller => new Caller(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, 'a key', leaves.signal);

  beforeAll(async () => {
    server = createServer((request, answer) => {
      keys.push(request.headers['idempotency-key'] as string | undefined);
      request.resume().on('end', () => (script.shift() ?? problem(503, 'ledger.unavailable'))(answer, request));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });
  beforeEach(() => {
    keys = [];
  });
  afterAll(() => new Promise((resolve) => server.close(resolve)));

  it('repeats a request with its key until somebody answers', async () => {
    script = [cut, problem(503, 'ledger.unavailable'), problem(409, 'idempotency.in_progress'), payment];
    const patient = caller();
    expect(await patient.open({}, 'guest-1')).toEqual({ kind: 'payment', payment: { id: 'pay_1' } });
    expect([keys, patient.repeats]).toEqual([['"guest-1"', '"guest-1"', '"guest-1"', '"guest-1"'], 3]);
  });

  it('does not repeat what can never succeed', async () => {
    script = [problem(409, 'payment.order_charged')];
    expect(await caller().open({}, 'guest-2')).toEqual({ kind: 'refused', code: 'payment.order_charged' });
    expect(keys).toHaveLength(1);
  });

  it('gives up when it leaves', async () => {
    script = [];
    const unheard = caller().cancel('pay_1');
    leaves.abort();
    expect(await unheard).toEqual({ kind: 'unheard' });
  });
});
