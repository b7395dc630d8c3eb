import { auditEntryOf, isNoted } from '../audit/audit-entry';
import type { AuditTrail } from '../audit/audit-trail';
import type { DoorReply, DoorRequest } from './exchange';
import { routeOf } from './route-index';

/** The part of a Fastify instance that the audit needs. */
export interface AuditedServer {
  addHook(name: 'onSend', hook: (request: DoorRequest, reply: DoorReply, payload: unknown) => Promise<unknown>): unknown;
}

/** Notes every changing request of users, and of keys that may change settings, once its outcome is known and before it is told. */
export function hangAudit(server: AuditedServer, trail: AuditTrail): void {
  server.addHook('onSend', async (request, reply, payload) => {
    const route = routeOf(request.method, request.routeOptions.url);
    if (route && isNoted(route, request.caller)) await trail.note(auditEntryOf(request.caller, { request, reply, route, payload }));
    return payload;
  });
}
