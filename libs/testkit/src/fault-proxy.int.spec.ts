import { connect, createServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';
import { eventually, pause } from './eventually';
import { FaultProxy } from './fault-proxy';

describe('FaultProxy', () => {
  let server: Server;
  let proxy: FaultProxy;
  let client: Socket;
  let received = '';
  let closed = false;
  beforeEach(async () => {
    server = createServer((socket) => {
      socket.on('error', () => undefined);
      socket.pipe(socket);
    });
    await new Promise<void>((resolve) => {
      server.listen(0, '127.0.0.1', resolve);
    });
    proxy = await FaultProxy.before(`tcp://127.0.0.1:${(server.address() as AddressInfo).port}`);
    received = '';
    closed = false;
    client = connect({ host: '127.0.0.1', port: proxy.port });
    client.on('data', (bytes) => {
      received += bytes.toString();
    });
    client.on('error', () => undefined);
    client.on('close', () => {
      closed = true;
    });
    client.write('hello');
    await eventually(() => expect(received).toBe('hello'));
  });
  afterEach(async () => {
    client.destroy();
    await proxy.close();
    await new Promise((resolve) => server.close(resolve));
  });

  it('holds everything back while frozen, and lets it pass afterwards', async () => {
    proxy.set({ kind: 'frozen' });
    client.write(' again');
    await pause(100);
    expect([received, closed]).toEqual(['hello', false]);
    proxy.set({ kind: 'none' });
    await eventually(() => expect(received).toBe('hello again'));
  });

  it('delays', async () => {
    proxy.set({ kind: 'delay', ms: 100 });
    const startedAt = Date.now();
    client.write(' late');
    await eventually(() => expect(received).toBe('hello late'));
    expect(Date.now() - startedAt).toBeGreaterThanOrEqual(200);
  });

  it('keeps the order of bytes when a delay ends', async () => {
    proxy.set({ kind: 'delay', ms: 100 });
    client.write(' one');
    await pause(20);
    proxy.set({ kind: 'none' });
    client.write(' two');
    await eventually(() => expect(received).toBe('hello one two'));
  });

  it('tells by which ports its clients have come', () => {
    expect(proxy.clientPorts()).toEqual([client.localPort]);
  });

  it('cuts open connections', async () => {
    proxy.cut();
    await eventually(() => expect(closed).toBe(true));
  });

  it('refuses new connections', async () => {
    proxy.set({ kind: 'refused' });
    await eventually(() => expect(closed).toBe(true));
    const refused = connect({ host: '127.0.0.1', port: proxy.port });
    await new Promise<void>((resolve) => {
      refused.on('error', () => undefined);
      refused.on('close', () => resolve());
    });
  });

  it('says the address by way of itself', () => {
    expect(proxy.through('amqp://user:secret@broker.example:5672/vhost?heartbeat=5')).toBe(`amqp://user:secret@127.0.0.1:${proxy.port}/vhost?heartbeat=5`);
  });
});
