import { request as overHttp } from 'node:http';
import type { IncomingHttpHeaders } from 'node:http';
import { request as overHttps } from 'node:https';
import { createLogger, createMetrics } from '@kkm/observability';
import { openKkmServerDoor } from '../kkmserver/kkmserver.module';
import type { KkmServerOptions, OpenKkmServerDoor } from '../kkmserver/kkmserver.module';
import { FakeDesk } from './fake-desk';

/** An answer of the door, read. */
export interface DoorAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  /** The body as JSON; its text where it is none. */
  readonly body: Readonly<Record<string, unknown>>;
  readonly text: string;
}

/** A request as a client of its own kind sends it. */
export interface DoorAsk {
  readonly path?: string;
  readonly method?: string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** `login:password`; null sends no header. */
  readonly as?: string | null;
  /** Sent in chunks, its length unsaid. */
  readonly chunked?: boolean;
  /** Which of the ports. */
  readonly port?: number;
  /** Trusted for https. */
  readonly ca?: string;
  readonly signal?: AbortSignal;
}

/** A KkmServer door on free ports before a desk that a test steers. Nothing is added to what a request says: no Content-Type, no Origin. */
export class KkmServerUnderTest {
  private constructor(
    readonly desk: FakeDesk,
    private readonly door: OpenKkmServerDoor,
  ) {}

  /** Origins of its ports. */
  get urls(): readonly string[] {
    return this.door.urls;
  }

  static async start(options: Partial<KkmServerOptions> = {}, onlySite: string | null = 'club-1'): Promise<KkmServerUnderTest> {
    const desk = new FakeDesk();
    const door = await openKkmServerDoor(
      { desk, onlySite: () => Promise.resolve(onlySite) },
      {
        ports: [{ port: 0, siteId: null, https: false }],
        host: '127.0.0.1',
        rules: {
          accounts: [
            { account: 'admin', login: 'Admin', password: 'admin' },
            { account: 'user', login: 'User', password: null },
          ],
          loopback: 'anyone',
          origins: ['https://desk.example'],
        },
        tls: null,
        rate: { perSecond: 100_000, burst: 100_000 },
        log: createLogger({ service: 'gateway', level: 'fatal' }),
        metrics: createMetrics('gateway'),
        ...options,
      },
    );
    return new KkmServerUnderTest(desk, door);
  }

  stop(): Promise<void> {
    return this.door.close();
  }

  /** Posts a command to `/Execute`, as Admin, unless told otherwise. */
  async ask(ask: DoorAsk): Promise<DoorAnswer> {
    const { path = '/Execute', method = 'POST', headers = {}, as = 'Admin:admin', port = 0, ca, signal } = ask;
    const length = ask.chunked ? { 'transfer-encoding': 'chunked' } : null;
    const origin = this.urls[port] ?? '';
    const body = Buffer.isBuffer(ask.body) || typeof ask.body === 'string' ? ask.body : ask.body === undefined ? '' : JSON.stringify(ask.body);
    const authorization = as === null ? {} : { authorization: `Basic ${Buffer.from(as).toString('base64')}` };
    return new Promise<DoorAnswer>((resolve, reject) => {
      const send = origin.startsWith('https:') ? overHttps : overHttp;
      const settings = {
        method,
        headers: { ...(length ?? { 'content-length': Buffer.byteLength(body) }), ...authorization, ...headers },
        agent: false as const,
      };
      const request = send(`${origin}${path}`, { ...settings, ...(ca ? { ca } : {}), ...(signal ? { signal } : {}) }, (answer) => {
        const parts: Buffer[] = [];
        answer.on('data', (part: Buffer) => parts.push(part));
        answer.on('error', reject);
        answer.on('end', () => resolve(read(answer.statusCode ?? 0, answer.headers, Buffer.concat(parts).toString('utf8'))));
      });
      request.on('error', reject);
      request.end(body);
    });
  }
}

function read(status: number, headers: IncomingHttpHeaders, text: string): DoorAnswer {
  const json = String(headers['content-type']).includes('json') && text !== '';
  return { status, headers, text, body: json ? (JSON.parse(text) as Record<string, unknown>) : {} };
}
