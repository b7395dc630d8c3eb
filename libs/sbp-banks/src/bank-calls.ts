import { Agent as PlainAgent, request as plainRequest } from 'node:http';
import type { ClientRequest, IncomingMessage } from 'node:http';
import { Agent as TlsAgent, request as tlsRequest } from 'node:https';
import { Indeterminate, Unavailable } from '@kkm/core';

/** Answers of banks are a few hundred bytes long; what is longer than this is not one. */
const answerBytesMax = 65_536;
/** Connections to one bank that are kept for the next call. How many calls are under way at a time their callers limit. */
const socketsFreeMax = 16;
/** A kept connection that waited so long is let go by us: servers let theirs go after 5 s at the soonest, and an order on one that ends just then would be lost without an answer. */
const idleMsMax = 2_000;

/** One request to a bank. */
export interface BankRequest {
  readonly method: 'GET' | 'POST' | 'DELETE';
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON. */
  readonly body?: object;
  /** Ends the call: several requests of one call share it. */
  readonly deadline: AbortSignal;
}

/** What a bank answered. `body` is undefined when it is not JSON. */
export interface BankReply {
  readonly status: number;
  readonly body: unknown;
}

/** HTTP as banks are spoken to: no redirects, kept connections, bounded answers. */
export interface BankCalls {
  /**
   * Throws `Unavailable('sbp.bank_unavailable')` when the request cannot have been sent, and `Indeterminate('sbp.no_answer')` when it may have been and no
   * whole answer came. Nothing of request or answer is in either.
   */
  send(request: BankRequest): Promise<BankReply>;
  /** Lets the kept connections go. */
  close(): void;
}

/** Calls to banks over sockets of this machine; a connection is kept for `idleMs` after its last call. */
export function bankCalls({ idleMs = idleMsMax }: { readonly idleMs?: number } = {}): BankCalls {
  const kept = { keepAlive: true, maxFreeSockets: socketsFreeMax, timeout: idleMs }; // Ends free connections only.
  const agents = { plain: new PlainAgent(kept), tls: new TlsAgent(kept) };
  return {
    send: (request) => send(request, agents),
    close: () => {
      agents.plain.destroy();
      agents.tls.destroy();
    },
  };
}

function send(asked: BankRequest, agents: { readonly plain: PlainAgent; readonly tls: TlsAgent }): Promise<BankReply> {
  const url = new URL(asked.url);
  const isTls = url.protocol === 'https:';
  const text = asked.body === undefined ? null : Buffer.from(JSON.stringify(asked.body));
  const headers = { accept: 'application/json', ...(text ? { 'content-type': 'application/json', 'content-length': text.length } : {}), ...asked.headers };
  const options = { method: asked.method, headers, signal: asked.deadline };
  return new Promise((resolve, reject) => {
    const outgoing = isTls ? tlsRequest(url, { ...options, agent: agents.tls }) : plainRequest(url, { ...options, agent: agents.plain });
    const isSent = sendingOf(outgoing, isTls ? 'secureConnect' : 'connect');
    const fail = (error: unknown): void =>
      reject(isSent() ? new Indeterminate('sbp.no_answer', whyOf(error)) : new Unavailable('sbp.bank_unavailable', whyOf(error)));
    outgoing.on('error', fail);
    outgoing.on('response', (answer) => {
      readAnswer(answer).then((bytes) => resolve({ status: answer.statusCode ?? 0, body: jsonOf(bytes) }), fail);
    });
    outgoing.end(text ?? undefined);
  });
}

/** Tells whether bytes of the request can have left: not before its connection, and TLS where there is some, stood. */
function sendingOf(outgoing: ClientRequest, ready: 'connect' | 'secureConnect'): () => boolean {
  let sent = false;
  outgoing.on('socket', (socket) => {
    if (outgoing.reusedSocket) sent = true;
    else socket.once(ready, () => (sent = true));
  });
  return () => sent;
}

async function readAnswer(answer: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = [];
  let length = 0;
  for await (const part of answer as AsyncIterable<Buffer>) {
    length += part.length;
    if (length > answerBytesMax) throw new RangeError('the answer is too long');
    parts.push(part);
  }
  return Buffer.concat(parts);
}

function jsonOf(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch {
    // What it means that a bank does not answer in JSON depends on what it was asked.
    return undefined;
  }
}

function whyOf(error: unknown): { readonly cause: unknown; readonly detail: string } {
  const code: unknown = typeof error === 'object' && error !== null && 'code' in error ? error.code : null;
  return { cause: error, detail: typeof code === 'string' ? code : 'no whole answer' };
}
