import { randomBytes } from 'node:crypto';
import type { AuditEntry, Route, Scope } from '@kkm/contracts';
import { equipmentIdPattern, newId } from '@kkm/core';
import type { Caller } from '../access/caller';
import { deciderOf } from '../access/caller';
import type { DoorReply, DoorRequest } from '../http/exchange';

/** An answer with the request it answers. */
export interface Answered {
  readonly request: DoorRequest;
  readonly reply: DoorReply;
  readonly route: Route;
  /** The body that goes out; what is read of it are ids and the code of a problem, never more. */
  readonly payload: unknown;
}

/** Longer bodies are not read for their site. */
const readMax = 256 * 1024;

/** Scopes whose routes are noted for keys as well; the payments of programs are not (they are in the ledger). */
const notedScopes: readonly Scope[] = ['admin', 'equipment:write'];

/** Whether the request belongs into the audit: it changes something, and a user sent it or a key that may change settings. */
export function isNoted(route: Route, caller: Caller | null): caller is Caller {
  if (route.method === 'GET' || caller === null) return false;
  return caller.kind === 'user' || (typeof route.access !== 'string' && route.access.some((scope) => notedScopes.includes(scope)));
}

/** The entry of an answered request. Names of routes, ids and codes alone: nothing of a body that could be secret. */
export function auditEntryOf(caller: Caller, { request, reply, route, payload }: Answered): AuditEntry {
  const now = new Date();
  const [path = ''] = request.url.split('?');
  const said = factsOf(payload);
  return {
    id: newId('aud', now.getTime(), (bytes) => randomBytes(bytes)),
    at: now.toISOString(),
    by: deciderOf(caller),
    action: route.operationId,
    method: route.method,
    path: path.slice(0, 300),
    targetId: (request.params['id'] ?? madeId(reply.getHeaders()['location']))?.slice(0, 100) ?? null,
    siteId: caller.siteId ?? siteOf(request, route, said),
    status: reply.statusCode,
    code: reply.statusCode >= 400 ? textOf(said, 'code') : null,
    address: request.ip,
    requestId: request.id,
  };
}

/** Whose site an operator's request was about: as the answer says, else as the request does. */
function siteOf({ body, query, params }: DoorRequest, route: Route, said: object | null): string | null {
  const named = route.path.startsWith('/v1/sites') ? (params['id'] ?? textOf(said, 'id') ?? textOf(body, 'id')) : null;
  const siteId = named ?? textOf(said, 'siteId') ?? textOf(body, 'siteId') ?? textOf(query, 'siteId');
  return siteId !== null && equipmentIdPattern.test(siteId) ? siteId : null;
}

function factsOf(payload: unknown): object | null {
  if (typeof payload !== 'string' || payload.length > readMax || !payload.startsWith('{')) return null;
  return JSON.parse(payload) as object;
}

function madeId(location: unknown): string | undefined {
  return typeof location === 'string' ? location.split('/').at(-1)?.split('?')[0] : undefined;
}

function textOf(value: unknown, name: string): string | null {
  if (typeof value !== 'object' || value === null || !(name in value)) return null;
  const member: unknown = Reflect.get(value, name);
  return typeof member === 'string' ? member : null;
}
