import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';

/** What the bank does with a request: answers, says nothing, cuts the connection after reading it, or breaks off in the middle of its answer. */
export type Scripted =
  | { readonly status?: number; readonly json: object }
  | { readonly status?: number; readonly text: string; readonly headers?: Readonly<Record<string, string>> }
  | 'silence'
  | 'cut'
  | 'half';

/** A request as the bank read it. */
export interface HeardRequest {
  readonly what: string;
  readonly authorization: string | undefined;
  readonly text: string;
}

/** A bank on a real port that does what it was told, request by request. */
export class ScriptedBank {
  readonly heard: HeardRequest[] = [];
  private readonly script: Scripted[] = [];

  private constructor(private readonly server: Server) {}

  /** Starts on a free port. */
  static async start(): Promise<ScriptedBank> {
    const server = createServer();
    const bank = new ScriptedBank(server);
    server.on('request', (request: IncomingMessage, response: ServerResponse) => void bank.serve(request, response));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return bank;
  }

  /** Where it listens. */
  get url(): string {
    const address = this.server.address();
    if (address === null || typeof address === 'string') throw new RangeError('the bank listens on a port');
    return `http://127.0.0.1:${address.port}`;
  }

  /** What it is to do next, in this order. */
  will(...steps: readonly Scripted[]): void {
    this.script.push(...steps);
  }

  /** Members of the body it heard last. */
  lastBody(): Record<string, unknown> {
    return JSON.parse(this.heard.at(-1)?.text ?? 'null') as Record<string, unknown>;
  }

  /** Forgets script and requests. */
  reset(): void {
    this.script.length = 0;
    this.heard.length = 0;
  }

  /** Ends with all its connections. */
  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let text = '';
    for await (const part of request as AsyncIterable<Buffer>) text += part.toString('utf8');
    this.heard.push({ what: `${request.method} ${request.url}`, authorization: request.headers.authorization, text });
    const step = this.script.shift() ?? { status: 500, text: 'nothing scripted' };
    if (step === 'silence') return;
    if (step === 'cut') return void request.socket.destroy();
    if (step === 'half') {
      response.writeHead(200, { 'content-length': 100 });
      response.write('{"code":');
      return void setTimeout(() => request.socket.destroy(), 10);
    }
    response.writeHead(step.status ?? 200, 'json' in step ? {} : (step.headers ?? {}));
    response.end('json' in step ? JSON.stringify(step.json) : step.text);
  }
}
