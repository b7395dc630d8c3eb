import { z } from 'zod';
import { askedTime, cursor, equipmentId, limits, opaqueId, queryInteger, timestamp } from '../fields';

/** One changing request of a user, or of a key that may change settings. Never a secret, never a body. */
export const auditEntrySchema = z.object({
  id: opaqueId,
  at: timestamp,
  by: z.object({ kind: z.enum(['user', 'api_key']), id: opaqueId, name: z.string() }).describe('With the name of that time.'),
  action: z.string().describe('The operationId of the route.'),
  method: z.string(),
  path: z.string().describe('Path as asked, without its query.'),
  targetId: z.string().nullable().describe('Id of what was changed, made or refused.'),
  siteId: equipmentId.nullable().describe('The site it belongs to, where the request tells.'),
  status: z.int().describe('HTTP status of the answer.'),
  code: z.string().nullable().describe('Code of the problem; null when it was done.'),
  address: z.string().describe('Where the request came from.'),
  requestId: z.string(),
});
/** One of {@link auditEntrySchema}. */
export type AuditEntry = z.output<typeof auditEntrySchema>;

/** Query of `GET /v1/audit`. */
export const listAuditQuery = z.strictObject({
  siteId: equipmentId.optional(),
  by: opaqueId.optional().describe('Id of a user or key.'),
  action: z
    .string()
    .regex(/^\w{1,64}$/)
    .optional()
    .describe('An operationId.'),
  targetId: z.string().min(1).max(limits.nameLength).optional(),
  from: askedTime.optional().describe('Not before.'),
  to: askedTime.optional().describe('Before.'),
  limit: queryInteger(limits.audit),
  cursor: cursor.optional(),
});

/** A page of the audit, newest first. */
export const auditPage = z.object({ entries: z.array(auditEntrySchema), next: z.string().nullable() });
