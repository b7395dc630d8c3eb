import type { IncomingMessage, ServerResponse } from 'node:http';
import { check } from '@kkm/core';
import type { Caller } from '../access/caller';

/** The part of a Fastify request that the doors read. */
export interface DoorRequest {
  readonly id: string;
  readonly method: string;
  /** Path and query as sent. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly host: string;
  /** Address of the peer. */
  readonly ip: string;
  readonly protocol: string;
  readonly body: unknown;
  readonly query: unknown;
  readonly params: Readonly<Record<string, string>>;
  readonly raw: IncomingMessage;
  readonly routeOptions: { readonly url?: string | undefined };
  /** Set by the door once the key is known. */
  caller: Caller | null;
}

/** The part of a Fastify reply that the doors write. */
export interface DoorReply {
  readonly raw: ServerResponse;
  readonly sent: boolean;
  readonly statusCode: number;
  /** Milliseconds since the request came. */
  readonly elapsedTime: number;
  status(code: number): DoorReply;
  header(name: string, value: string): DoorReply;
  send(body: unknown): unknown;
  /** A file of the admin page, compressed where the browser takes it. */
  sendFile(name: string): unknown;
  hijack(): unknown;
  getHeaders(): Readonly<Record<string, unknown>>;
}

/** The caller of a route that needs a key; the door has seen to it. */
export function callerOf(request: DoorRequest): Caller {
  check(request.caller, 'the door names the caller');
  return request.caller;
}
