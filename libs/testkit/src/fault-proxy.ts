import { createServer, connect } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';

/** What the proxy does to the bytes that pass. `frozen`: nothing passes and nothing is closed, like a cable that was pulled. */
export type LinkFault =
  { readonly kind: 'none' } | { readonly kind: 'delay'; readonly ms: number } | { readonly kind: 'frozen' } | { readonly kind: 'refused' };

/** Both ends of one connection and what is on its way between them. */
interface Pair {
  readonly client: Socket;
  readonly upstream: Socket;
  readonly lanes: readonly Lane[];
}

/** A TCP proxy between a client and a server that can be cut, delayed and frozen. */
export class FaultProxy {
  private fault: LinkFault = { kind: 'none' };
  private readonly pairs = new Set<Pair>();

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

  /** The ports from which clients are connected now; they tell a machine's own clients apart. */
  clientPorts(): readonly number[] {
    return [...this.pairs].flatMap(({ client }) => client.remotePort ?? []);
  }

  /** Changes what happens to the link, at once and for open connections too. Bytes held by `frozen` pass when it ends. */
  set(fault: LinkFault): void {
    this.fault = fault;
    if (fault.kind === 'refused') this.cut();
    for (const { lanes } of this.pairs) for (const lane of lanes) lane.move();
  }

  /** Breaks all open connections without a farewell; new ones pass. */
  cut(): void {
    for (const { client, upstream } of [...this.pairs]) {
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
    const fault = (): LinkFault => this.fault;
    const [up, down] = [new Lane(fault), new Lane(fault)];
    const pair = { client, upstream, lanes: [up, down] };
    this.pairs.add(pair);
    const end = (): void => {
      this.pairs.delete(pair);
      client.destroy();
      upstream.destroy();
    };
    for (const [from, to, lane] of [
      [client, upstream, up],
      [upstream, client, down],
    ] as const) {
      from.on('data', (bytes: Buffer) =>
        lane.pass(() => {
          if (to.writable) to.write(bytes);
        }),
      );
      from.on('error', end);
      from.on('close', () => lane.pass(end));
    }
  }
}

/** One direction of one connection. What enters first leaves first, whatever the fault has become meanwhile: TCP never swaps bytes. */
class Lane {
  private readonly waiting: { readonly dueMs: number; readonly go: () => void }[] = [];
  private timer: NodeJS.Timeout | null = null;

  constructor(private readonly fault: () => LinkFault) {}

  /** Lets `go` happen behind everything that entered earlier. */
  pass(go: () => void): void {
    const fault = this.fault();
    this.waiting.push({ dueMs: fault.kind === 'delay' ? performance.now() + fault.ms : 0, go });
    this.move();
  }

  /** Lets out what is due. */
  move(): void {
    if (this.timer) clearTimeout(this.timer);
    this.timer = null;
    while (this.waiting[0] && this.fault().kind !== 'frozen') {
      const leftMs = this.waiting[0].dueMs - performance.now();
      if (leftMs > 0) {
        this.timer = setTimeout(() => this.move(), leftMs);
        return;
      }
      this.waiting.shift()?.go();
    }
  }
}
