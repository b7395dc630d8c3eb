import { createServer, connect } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';

/** What the proxy does to the bytes that pass. `frozen`: nothing passes and nothing is closed, like a cable that was pulled. */
export type LinkFault =
  { readonly kind: 'none' } | { readonly kind: 'delay'; readonly ms: number } | { readonly kind: 'frozen' } | { readonly kind: 'refused' };

/** A TCP proxy between a client and a server that can be cut, delayed and frozen. */
export class FaultProxy {
  private fault: LinkFault = { kind: 'none' };
  private readonly pairs = new Set<readonly [Socket, Socket]>();
  private held: (() => void)[] = [];

  private constructor(
    private readonly server: Server,
    private readonly target: { readonly host: string; readonly port: number },
  ) {
    server.on('connection', (client) => this.join(client));
  }

  /** Starts a proxy on a free port of 127.0.0.1 before the host and port of `targetUrl`. */
  static async before(targetUrl: string): Promise<FaultProxy> {
    const { hostname, port } = new URL(targetUrl);
    const server = createServer();
    await new Promise<void>((resolve) => {
      server.listen(0, '127.0.0.1', resolve);
    });
    return new FaultProxy(server, { host: hostname, port: Number(port) });
  }

  /** The port it listens on. */
  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  /** `url` by way of the proxy. */
  through(url: string): string {
    const rewritten = new URL(url);
    rewritten.hostname = '127.0.0.1';
    rewritten.port = String(this.port);
    return rewritten.toString();
  }

  /** Changes what happens to the link, at once and for open connections too. Bytes held by `frozen` pass when it ends. */
  set(fault: LinkFault): void {
    this.fault = fault;
    if (fault.kind === 'refused') this.cut();
    if (fault.kind === 'frozen') return;
    for (const pass of this.held.splice(0)) pass();
  }

  /** Breaks all open connections without a farewell; new ones pass. */
  cut(): void {
    for (const [client, upstream] of [...this.pairs]) {
      client.resetAndDestroy();
      upstream.resetAndDestroy();
    }
  }

  /** Ends the proxy with its connections. */
  async close(): Promise<void> {
    this.cut();
    await new Promise<void>((resolve) => {
      this.server.close(() => resolve());
    });
  }

  private join(client: Socket): void {
    if (this.fault.kind === 'refused') return void client.resetAndDestroy();
    const upstream = connect({ ...this.target, noDelay: true });
    client.setNoDelay(true);
    const pair = [client, upstream] as const;
    this.pairs.add(pair);
    const end = (): void => {
      this.pairs.delete(pair);
      client.destroy();
      upstream.destroy();
    };
    for (const [from, to] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      from.on('data', (bytes: Buffer) =>
        this.pass(() => {
          if (to.writable) to.write(bytes);
        }),
      );
      from.on('error', end);
      from.on('close', () => this.pass(end));
    }
  }

  private pass(action: () => void): void {
    if (this.fault.kind === 'frozen') this.held.push(action);
    else if (this.fault.kind === 'delay') setTimeout(action, this.fault.ms);
    else action();
  }
}
