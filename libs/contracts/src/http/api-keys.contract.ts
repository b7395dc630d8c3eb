import { z } from 'zod';
import { cursor, equipmentId, limits, line, opaqueId, queryInteger, timestamp } from '../fields';

/** What a caller may be allowed to do. `payments:resolve`: the decision of a person about a payment in doubt. `admin`: keys, users, the audit, and that decision too. */
export const scopes = ['payments:write', 'payments:read', 'payments:resolve', 'equipment:write', 'ledger:read', 'admin'] as const;
/** One of {@link scopes}. */
export type Scope = (typeof scopes)[number];

/** A key as it is shown: never the secret. */
export const apiKeySchema = z.object({
  id: opaqueId,
  name: z.string(),
  siteId: equipmentId.nullable().describe('The site it belongs to; null: an operator’s key, for every site.'),
  scopes: z.array(z.enum(scopes)),
  hint: z.string().describe('The last four characters of the key.'),
  createdAt: timestamp,
  rotatedAt: timestamp.nullable(),
  revokedAt: timestamp.nullable(),
});
/** One of {@link apiKeySchema}. */
export type ApiKey = z.output<typeof apiKeySchema>;

/** The answer that shows a key, once. */
export const issuedApiKeySchema = apiKeySchema.extend({ key: z.string().describe('Shown once; KKM keeps only its hash.') });

/** Body of `POST /v1/api-keys`. */
export const createApiKeyBody = z.strictObject({
  name: line(limits.nameLength),
  siteId: equipmentId.nullable().default(null),
  scopes: z.array(z.enum(scopes)).min(1).max(scopes.length),
});

/** Body of `POST /v1/api-keys/{id}/rotate`. */
export const rotateApiKeyBody = z.strictObject({
  graceSeconds: z.int().min(0).max(limits.rotationGraceSeconds).default(0).describe('How long the old key still works.'),
});

/** Query of `GET /v1/api-keys`. */
export const listApiKeysQuery = z.strictObject({ limit: queryInteger(limits.equipment), cursor: cursor.optional() });

/** A page of keys. */
export const apiKeyPage = z.object({ apiKeys: z.array(apiKeySchema), next: z.string().nullable() });
