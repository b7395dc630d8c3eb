import { createServer } from 'node:http';
import type { IncomingHttpHeaders, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A request that a receiver got. */
export interface ReceivedRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  readonly atMs: number;
}

/** How a receiver answers: in words, after a while; or `silence`, `cut` off before an answer, `half` of one, or one without `end`. */
export type ReceiverStep =
  | { readonly status: number; readonly headers?: Readonly<Record<string, string>>; readonly body?: string; readonly afterMs?: number }
  | 'silence'
  | 'cut'
  | 'half'
  | 'endless';

/** An HTTP server that notes every request and answers as it is told. */
export class ScriptedReceiver {
  readonly heard: ReceivedRequest[] = [];
  /** Bytes of endless answers that somebody took. */
  sentBytes = 0;
  /** How requests are answered from now on. */
  answer: (request: ReceivedRequest) => ReceiverStep = () => ({ status: 204 });

  private constructor(private readonly server: Server) {
    server.on('request', (incoming, outgoing: ServerResponse) => {
      const parts: Buffer[] = [];
      incoming.on('data', (part: Buffer) => parts.push(part));
      incoming.on('end', () => {
        const { method = '', url: path = '', headers } = incoming;
        const request = { method, path, headers, body: Buffer.concat(parts).toString('utf8'), atMs: Date.now() };
        this.heard.push(request);
        this.play(this.answer(request), outgoing);
      });
    });
  }

  static async start(): Promise<ScriptedReceiver> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return new ScriptedReceiver(server);
  }

  /** Origin. */
  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private play(step: ReceiverStep, outgoing: ServerResponse): void {
    if (step === 'silence') return;
    if (step === 'cut') return void outgoing.socket?.destroy();
    if (step === 'half') {
      outgoing.writeHead(200, { 'content-length': '100' });
      return void outgoing.write('half', () => outgoing.socket?.destroy());
    }
    if (step === 'endless') return this.flood(outgoing);
    const { status, headers = {}, body = '', afterMs = 0 } = step;
    setTimeout(() => outgoing.writeHead(status, headers).end(body), afterMs);
  }

  private flood(outgoing: ServerResponse): void {
    outgoing.writeHead(200);
    const part = Buffer.alloc(16_384, 'x');
    const more = (): void => {
      if (outgoing.destroyed) return;
      this.sentBytes += part.length;
      outgoing.write(part, (error) => (error ? undefined : setImmediate(more)));
    };
    more();
  }
}
