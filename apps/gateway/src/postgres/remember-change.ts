import { Rejected } from '@kkm/core';
import type { SettingKind } from '@kkm/core';
import type { Sql, Statement } from '@kkm/postgres';
import type { SettingsAuthor } from '../equipment/ports';

/** A setting by what it is, where and which. */
export interface SettingName {
  readonly kind: SettingKind;
  readonly siteId: string | null;
  readonly entryId: string;
}

/** Who changes a setting, and from what to what; null where there was or is nothing. Neither holds a secret. */
export interface RememberedChange extends SettingName {
  readonly by: SettingsAuthor;
  readonly before: object | null;
  readonly after: object | null;
  /** A password or secret was set, changed or dropped with it. */
  readonly secretChanged?: boolean;
}

const remember: Statement = {
  name: 'remember-setting',
  text: `insert into gateway.setting_change (by_kind, by_id, by_name, kind, site_id, entry_id, before, after, secret_changed, undoes)
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
};
const changedSince: Statement = {
  name: 'setting-changed-since',
  text: `select id from gateway.setting_change where kind = $1 and site_id is not distinct from $2 and entry_id = $3 and id > $4 limit 1`,
};

/**
 * Writes the history of a setting, in the transaction that changes it. The caller holds a lock that makes changes of the entry wait for each other.
 * @throws Rejected `setting.changed_since` when it takes back a change that is not the newest of its entry.
 */
export async function rememberChange(sql: Sql, change: RememberedChange): Promise<void> {
  const { by, kind, siteId, entryId, before, after, secretChanged = false } = change;
  if (by.undoing !== undefined) await refuseChangedSince(sql, change, by.undoing);
  const told = [before && JSON.stringify(before), after && JSON.stringify(after)];
  await sql.run(remember, [by.kind, by.id, by.name, kind, siteId, entryId, ...told, secretChanged, by.undoing ?? null]);
}

/** Refuses to take back a change that another one followed. @throws Rejected `setting.changed_since`. */
export async function refuseChangedSince(sql: Sql, { kind, siteId, entryId }: SettingName, changeId: string): Promise<void> {
  const later = await sql.rows(changedSince, [kind, siteId, entryId, changeId]);
  if (later.length > 0) throw new Rejected('setting.changed_since');
}
