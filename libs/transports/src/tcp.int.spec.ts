import { createConnection, createServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';
import type { Transport } from '@kkm/core';
import { Unavailable } from '@kkm/core';
import { eventually } from '@kkm/testkit';
import { machineTimers } from './machine-timers';
import { writeBufferBytesMax } from './socket-transport';
import { connectTcp, listenTcp } from './tcp';

const host = '127.0.0.1';
const timeoutMs = 2_000;
const open: { close(): void }[] = [];

afterEach(() => {
  for (const thing of open.splice(0)) thing.close();
});

/** A server on a free port; what connects is put into `sockets`. */
async function served(onSocket: (socket: Socket) => void = () => undefined): Promise<{ server: Server; port: number; sockets: Socket[] }> {
  const sockets: Socket[] = [];
  const server = createServer((socket) => {
    sockets.push(socket);
    open.push({ close: () => socket.destroy() });
    socket.on('error', () => undefined);
    onSocket(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, host, resolve));
  open.push(server);
  return { server, port: (server.address() as AddressInfo).port, sockets };
}

async function freePort(): Promise<number> {
  const { server, port } = await served();
  await new Promise((resolve) => server.close(resolve));
  return port;
}

async function connected(port: number): Promise<Transport> {
  const transport = await connectTcp({ host, port, timeoutMs });
  open.push(transport);
  return transport;
}

const texts = (transport: Transport): string[] => {
  const heard: string[] = [];
  transport.onData((bytes) => heard.push(Buffer.from(bytes).toString()));
  return heard;
};

describe('connectTcp', () => {
  it('carries bytes both ways', async () => {
    const { port } = await served((socket) => socket.pipe(socket));
    const transport = await connected(port);
    const heard = texts(transport);
    expect(transport.write(Buffer.from('tap'))).toBe(true);
    await eventually(() => expect(heard.join('')).toBe('tap'));
  });

  it('keeps what comes before somebody listens', async () => {
    const { port, sockets } = await served((socket) => void socket.write('early'));
    const transport = await connected(port);
    await eventually(() => expect(sockets[0]?.bytesWritten).toBe(5));
    await new Promise((resolve) => setImmediate(resolve));
    const heard = texts(transport);
    await eventually(() => expect(heard.join('')).toBe('early'));
  });

  it('says that a terminal is unreachable when nothing listens', async () => {
    const port = await freePort();
    await expect(connectTcp({ host, port, timeoutMs })).rejects.toMatchObject({
      code: 'terminal.unreachable',
      detail: expect.stringContaining('ECONNREFUSED'),
    });
    await expect(connectTcp({ host, port, timeoutMs })).rejects.toBeInstanceOf(Unavailable);
  });

  it('gives up on an address that does not answer', async () => {
    const begun = Date.now();
    await expect(connectTcp({ host: '192.0.2.1', port: 9, timeoutMs: 150 })).rejects.toMatchObject({ code: 'terminal.unreachable' });
    expect(Date.now() - begun).toBeLessThan(1_500);
  });

  it('tells the end once, whoever ended it, and sends nothing afterwards', async () => {
    for (const end of [
      (transport: Transport) => transport.close(),
      (_: Transport, socket: Socket) => void socket.end(),
      (_: Transport, socket: Socket) => void socket.resetAndDestroy(),
    ]) {
      const { port, sockets } = await served();
      const transport = await connected(port);
      await eventually(() => expect(sockets).toHaveLength(1));
      let ends = 0;
      transport.onClose(() => (ends += 1));
      end(transport, sockets[0]!);
      await eventually(() => expect(ends).toBe(1));
      expect(transport.write(Buffer.from('x'))).toBe(false);
      transport.close();
      let again = 0;
      transport.onClose(() => (again += 1));
      expect([ends, again]).toEqual([1, 1]);
    }
  });

  it('sends what was written before it closes', async () => {
    let heard = '';
    const { port } = await served((socket) => void socket.on('data', (bytes) => (heard += bytes.toString())));
    const transport = await connected(port);
    transport.write(Buffer.from('last words'));
    transport.close();
    await eventually(() => expect(heard).toBe('last words'));
  });

  it('takes no more than its write buffer holds when the other side does not read', async () => {
    const { port } = await served((socket) => void socket.pause());
    const transport = await connected(port);
    const piece = new Uint8Array(65_536);
    let taken = 0;
    while (transport.write(piece)) {
      taken += 1;
      if (taken > 1_000) throw new Error('It takes everything.');
    }
    // The machine's own socket buffers come on top; without a bound this would go on for ever.
    expect(taken * piece.length).toBeGreaterThanOrEqual(writeBufferBytesMax - piece.length);
    expect(transport.write(piece)).toBe(false);
  });

  it('ends a connection that floods before anybody listens', async () => {
    const { port, sockets } = await served((socket) => void socket.write(new Uint8Array(1_000_000)));
    await connected(port);
    await eventually(() => expect(sockets[0]?.destroyed || sockets[0]?.readableEnded).toBe(true));
  });
});

describe('listenTcp', () => {
  it('takes the first terminal that connects, and no second', async () => {
    const port = await freePort();
    const waiting = listenTcp({ host, port, timeoutMs });
    const terminal = await connected(port);
    const transport = await waiting;
    open.push(transport);
    const heard = texts(transport);
    terminal.write(Buffer.from('hello'));
    await eventually(() => expect(heard.join('')).toBe('hello'));
    await expect(connectTcp({ host, port, timeoutMs })).rejects.toMatchObject({ code: 'terminal.unreachable' });
  });

  it('gives up when no terminal comes, and frees the port', async () => {
    const port = await freePort();
    for (let times = 0; times < 2; times += 1) {
      await expect(listenTcp({ host, port, timeoutMs: 60 })).rejects.toMatchObject({
        code: 'terminal.unreachable',
        detail: expect.stringContaining('did not connect'),
      });
    }
  });

  it('says so when the port is taken', async () => {
    const { port } = await served();
    await expect(listenTcp({ host, port, timeoutMs })).rejects.toMatchObject({ code: 'terminal.unreachable', detail: expect.stringContaining('EADDRINUSE') });
  });
});

describe('machineTimers', () => {
  it('fire, unless called off', async () => {
    const fired: string[] = [];
    machineTimers.set(5, () => fired.push('a'));
    const off = machineTimers.set(5, () => fired.push('b'));
    off();
    await eventually(() => expect(fired).toEqual(['a']));
    off();
  });

  it('let the process read its sockets first after a pause', async () => {
    const { port, sockets } = await served();
    const socket = createConnection({ host, port });
    open.push({ close: () => socket.destroy() });
    await eventually(() => expect(sockets).toHaveLength(1));
    const order: string[] = [];
    socket.on('data', () => order.push('data'));
    machineTimers.set(20, () => order.push('timer'));
    sockets[0]!.write('here in time');
    const until = Date.now() + 80;
    while (Date.now() < until) void 0; // The process stands still while the bytes wait in the kernel.
    await eventually(() => expect(order).toHaveLength(2));
    expect(order).toEqual(['data', 'timer']);
  });
});
