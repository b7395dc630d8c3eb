import { z } from 'zod';
import { cursor, equipmentId, limits, line, opaqueId, queryInteger, timestamp } from '../fields';
import type { Scope } from './api-keys.contract';
import { scopes } from './api-keys.contract';

/** What a user is in the café. */
export const roles = ['cashier', 'manager', 'admin'] as const;
/** One of {@link roles}. */
export type Role = (typeof roles)[number];

const takesMoney: readonly Scope[] = ['payments:read', 'payments:write'];

/** What each role may do, in the words of API keys (ADR 0017). Each holds all of the one before. */
export const roleScopes: Readonly<Record<Role, readonly Scope[]>> = {
  cashier: takesMoney,
  manager: [...takesMoney, 'equipment:write', 'ledger:read', 'payments:resolve'],
  admin: scopes,
};

/** A name to sign in with. Upper and lower case are the same name. */
export const userName = line(limits.userNameLength).regex(/^\S(?:.*\S)?$/u, 'must not begin or end with a space');

/** A password to be set. */
export const newPassword = z.string().min(limits.passwordLength.min).max(limits.passwordLength.max);

/** A user as shown: never the password. */
export const userSchema = z.object({
  id: opaqueId,
  name: z.string(),
  role: z.enum(roles),
  siteId: equipmentId.nullable().describe('The site he belongs to; null: all sites.'),
  enabled: z.boolean().describe('Whether he may sign in.'),
  createdAt: timestamp,
  updatedAt: timestamp,
  passwordSetAt: timestamp,
  signedInAt: timestamp.nullable().describe('When he last signed in.'),
});
/** One of {@link userSchema}. */
export type User = z.output<typeof userSchema>;

/** Body of `POST /v1/users`. */
export const createUserBody = z.strictObject({
  name: userName,
  role: z.enum(roles),
  siteId: equipmentId.nullable().default(null),
  password: newPassword,
  enabled: z.boolean().default(true),
});
/** A user to be made, defaults filled in. */
export type CreateUserBody = z.output<typeof createUserBody>;

/** Body of `PATCH /v1/users/{id}`. */
export const changeUserBody = z.strictObject({
  name: userName.optional(),
  role: z.enum(roles).optional(),
  siteId: equipmentId.nullable().optional(),
  enabled: z.boolean().optional(),
});
/** The members of a user to be changed. */
export type ChangeUserBody = z.output<typeof changeUserBody>;

/** Body of `PUT /v1/users/{id}/password`. */
export const setUserPasswordBody = z.strictObject({ password: newPassword });

/** Query of `GET /v1/users`. */
export const listUsersQuery = z.strictObject({ siteId: equipmentId.optional(), limit: queryInteger(limits.equipment), cursor: cursor.optional() });

/** A page of users. */
export const userPage = z.object({ users: z.array(userSchema), next: z.string().nullable() });
