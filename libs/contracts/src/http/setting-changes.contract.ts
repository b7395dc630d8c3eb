import { settingKinds } from '@kkm/core';
import type { SettingChange } from '@kkm/core';
import { z } from 'zod';
import { cursor, equipmentId, limits, opaqueId, queryInteger, timestamp } from '../fields';

const entry = z.record(z.string(), z.unknown()).nullable();

/** One change of a setting, as it is shown. */
export const settingChangeSchema = z.object({
  id: opaqueId,
  at: timestamp,
  by: z.object({ kind: z.enum(['api_key', 'user', 'door']), id: z.string(), name: z.string() }),
  kind: z.enum(settingKinds),
  siteId: equipmentId.nullable().describe('Null: a profile of every site.'),
  entryId: equipmentId,
  what: z.enum(['created', 'changed', 'deleted']),
  before: entry.describe('The entry as it was, as its own route shows it, without secrets; null when it was created.'),
  after: entry.describe('The entry as it is since; null when it was deleted.'),
  secretChanged: z.boolean().describe('A password or secret was set, changed or dropped with it.'),
  undoes: opaqueId.nullable().describe('The change that this one took back.'),
  undoneBy: opaqueId.nullable().describe('The change by which this one was taken back.'),
  undoable: z.boolean().describe('It is the newest change of its entry and needs no secret to be taken back. What is in use shows when it is tried.'),
}) satisfies z.ZodType<SettingChange>;

/** A page of changes, newest first. */
export const settingChangePage = z.object({ settingChanges: z.array(settingChangeSchema), next: z.string().nullable() });

/** Query of `GET /v1/setting-changes`. */
export const listSettingChangesQuery = z.strictObject({
  siteId: equipmentId.optional(),
  kind: z.enum(settingKinds).optional(),
  id: equipmentId.optional().describe('The entry that was changed.'),
  limit: queryInteger(limits.equipment),
  cursor: cursor.optional(),
});

/** Body of `POST /v1/setting-changes/{id}/undo`: empty, or left out. */
export const undoSettingBody = z.strictObject({});
