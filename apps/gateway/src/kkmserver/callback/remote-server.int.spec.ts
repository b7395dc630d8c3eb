import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { eventually } from '@kkm/testkit';
import { FakeDesk } from '../../testing/fake-desk';
import { MemoryCallbackBook } from '../../testing/memory-callback-book';
import { CallbackMode } from './callback-mode';
import { pollOverHttp } from './remote-server';

const silent = { info: () => undefined, warn: () => undefined, error: () => undefined, debug: () => undefined };

describe('a remote server', () => {
  let server: Server;
  let url: string;
  let asked: { readonly headers: IncomingMessage['headers']; readonly body: unknown }[];
  let answer: (reply: ServerResponse) => void;
  const live = new AbortController().signal;
  beforeEach(async () => {
    asked = [];
    answer = (reply) => reply.end('{"ListCommand":[]}');
    server = createServer((request, reply) => {
      const parts: Buffer[] = [];
      request.on('data', (part: Buffer) => parts.push(part));
      request.on('end', () => {
        asked.push({ headers: request.headers, body: JSON.parse(Buffer.concat(parts).toString('utf8')) });
        answer(reply);
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/kkm`;
  });
  afterEach(() => server.close());

  const remote = () => pollOverHttp({ url, token: 'club', credentials: { login: 'a', password: 'b' } });

  it('is asked in the words of the API, with login and password', async () => {
    answer = (reply) => reply.end('{"listCommand":[{"Command":"List"}]}');
    expect(await remote()([{ Command: 'XReport', Status: 0 }], live)).toEqual([{ Command: 'List' }]);
    expect(asked[0]?.body).toEqual({ Command: 'GetCommand', Token: 'club', ListRezult: [{ Command: 'XReport', Status: 0 }] });
    expect(asked[0]?.headers.authorization).toBe(`Basic ${Buffer.from('a:b').toString('base64')}`);
  });

  it.each(['', 'no json', '[]', 'null', '{}', '{"ListCommand":5}', '{"ListCommand":null}'])(
    'that answers %j sends no command, and has the results',
    async (text) => {
      answer = (reply) => reply.end(text);
      expect(await remote()([], live)).toEqual([]);
    },
  );

  it('that does not take the results is asked again', async () => {
    answer = (reply) => {
      reply.statusCode = 502;
      reply.end();
    };
    await expect(remote()([], live)).rejects.toThrow('502');
    answer = (reply) => {
      reply.writeHead(307, { location: url }).end();
    };
    await expect(remote()([], live)).rejects.toThrow();
  });

  it('is polled again and again until the mode is stopped, which does not wait for an answer', async () => {
    const site = () => Promise.resolve('club-1');
    const mode = new CallbackMode({ desk: new FakeDesk(), book: new MemoryCallbackBook(), poll: remote(), site, newId: () => 'd', log: silent });
    mode.start(5);
    await eventually(() => expect(asked.length).toBeGreaterThan(2));
    answer = () => undefined;
    const before = asked.length;
    await eventually(() => expect(asked.length).toBeGreaterThan(before));
    await mode.stop();
    server.closeAllConnections();
  });
});
