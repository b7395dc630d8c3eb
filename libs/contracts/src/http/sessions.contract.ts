import { z } from 'zod';
import { equipmentId, limits, opaqueId, timestamp } from '../fields';
import { scopes } from './api-keys.contract';
import { newPassword, roles, userName } from './users.contract';

/** What somebody types to prove who he is. Only its length is bounded: what a password must be is judged when it is set. */
const typedPassword = z.string().min(1).max(limits.passwordLength.max);

/** Who is signed in, what he may do, and for how long. */
export const sessionSchema = z.object({
  userId: opaqueId,
  name: z.string(),
  role: z.enum(roles),
  siteId: equipmentId.nullable().describe('The site the user belongs to; null: all sites.'),
  scopes: z.array(z.enum(scopes)).describe('What the role allows, in the words of API keys.'),
  startedAt: timestamp,
  endsAt: timestamp.describe('The session ends then, whatever is done.'),
  idleSeconds: z.int().describe('It ends earlier when nothing was asked for so long.'),
});
/** One of {@link sessionSchema}. */
export type ShownSession = z.output<typeof sessionSchema>;

/** Body of `POST /v1/session`. */
export const signInBody = z.strictObject({ name: userName, password: typedPassword });

/** Body of `PUT /v1/session/password`. */
export const changeOwnPasswordBody = z.strictObject({
  current: typedPassword,
  password: newPassword.describe('The new one; it must not be the name.'),
});
