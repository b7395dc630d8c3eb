import { Agent, request } from 'node:http';
import type { IncomingHttpHeaders } from 'node:http';
import { text } from 'node:stream/consumers';
import type { DoorAccess } from './door-line';

/** An answer as it came over the wire. */
export interface RawAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

/** Sends bodies as they are, over a few connections that stay open. */
export class RawDoor {
  private readonly agent: Agent;

  constructor(
    private readonly access: DoorAccess,
    connections = 8,
  ) {
    this.agent = new Agent({ keepAlive: true, maxSockets: connections });
  }

  /** Posts bytes, or a command as JSON. Rejects when the connection is dropped. */
  post(body: Uint8Array | Readonly<Record<string, unknown>>, path = '/Execute'): Promise<RawAnswer> {
    const { url, user, password } = this.access;
    const bytes = body instanceof Uint8Array ? body : new TextEncoder().encode(JSON.stringify(body));
    return new Promise((resolve, reject) => {
      const sent = request(`${url}${path}`, { method: 'POST', agent: this.agent, auth: `${user}:${password}`, headers: { 'content-length': bytes.length } });
      sent.on('error', reject);
      sent.on('response', (answer) => {
        text(answer).then((said) => resolve({ status: answer.statusCode ?? 0, headers: answer.headers, text: said }), reject);
      });
      sent.end(bytes);
    });
  }

  /** Posts a command and reads the JSON of the answer. */
  async command(members: Readonly<Record<string, unknown>>): Promise<Readonly<Record<string, unknown>>> {
    return JSON.parse((await this.post(members)).text) as Readonly<Record<string, unknown>>;
  }

  /** Closes the connections. */
  close(): void {
    this.agent.destroy();
  }
}
