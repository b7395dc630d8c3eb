import { Rejected } from '@kkm/core';
import type { SettingAuthor, SettingChange, SettingKind, SiteScope } from '@kkm/core';
import type { Sql, Statement } from '@kkm/postgres';

/** A row of `gateway.setting_change`, with what the others say of it. */
interface SettingChangeRow {
  readonly id: number;
  readonly at: Date;
  readonly by_kind: SettingAuthor['kind'];
  readonly by_id: string;
  readonly by_name: string;
  readonly kind: SettingKind;
  readonly site_id: string | null;
  readonly entry_id: string;
  readonly before: SettingChange['before'];
  readonly after: SettingChange['after'];
  readonly secret_changed: boolean;
  readonly undoes: number | null;
  readonly undone_by: number | null;
  readonly is_newest: boolean;
}

/** What is asked of the history. */
export interface AskedChanges {
  readonly scope: SiteScope;
  /** Whether changes of sites' banks are shown. */
  readonly withBanks: boolean;
  readonly siteId: string | null;
  readonly kind: SettingKind | null;
  readonly entryId: string | null;
  readonly cursor: string | null;
  readonly limit: number;
}

/** Changes of what every site shares are everybody's to see, as the profiles themselves are. */
const visible = `($1::text[] is null or c.site_id is null or c.site_id = any($1)) and ($2 or c.kind <> 'sbp_account')`;
const told = `c.*, (select u.id from gateway.setting_change u where u.undoes = c.id) as undone_by,
  not exists (select from gateway.setting_change later
    where later.kind = c.kind and later.entry_id = c.entry_id and later.site_id is not distinct from c.site_id and later.id > c.id) as is_newest`;
const byId: Statement = { name: 'setting-change', text: `select ${told} from gateway.setting_change c where ${visible} and c.id = $3` };
const undoOf: Statement = { name: 'setting-change-undo', text: `select ${told} from gateway.setting_change c where c.undoes = $1` };
const page: Statement = {
  name: 'setting-change-page',
  text: `select ${told} from gateway.setting_change c
    where ${visible} and ($3::text is null or c.site_id = $3) and ($4::text is null or c.kind = $4) and ($5::text is null or c.entry_id = $5)
      and ($6::bigint is null or c.id < $6)
    order by c.id desc limit $7`,
};

/** The history of settings, as it is read. */
export class SettingChanges {
  constructor(private readonly sql: Sql) {}

  /** A page, newest first. */
  async list(asked: AskedChanges): Promise<{ settingChanges: SettingChange[]; next: string | null }> {
    const { scope, withBanks, siteId, kind, entryId, limit } = asked;
    const before = asked.cursor === null ? null : numberOf(asked.cursor);
    if (Number.isNaN(before))
      throw new Rejected('request.invalid', { members: { errors: [{ pointer: 'query:cursor', detail: 'must be a cursor of an earlier page' }] } });
    const rows = await this.sql.rows<SettingChangeRow>(page, [scope, withBanks, siteId, kind, entryId, before, limit + 1]);
    const shown = rows.slice(0, limit).map(shownChange);
    return { settingChanges: shown, next: rows.length > limit ? (shown.at(-1)?.id ?? null) : null };
  }

  /** @throws Rejected `setting.not_found`. */
  async read(id: string, asked: Pick<AskedChanges, 'scope' | 'withBanks'>): Promise<SettingChange> {
    const number = numberOf(id);
    const [row] = Number.isNaN(number) ? [] : await this.sql.rows<SettingChangeRow>(byId, [asked.scope, asked.withBanks, number]);
    if (!row) throw new Rejected('setting.not_found');
    return shownChange(row);
  }

  /** The change by which another was taken back. @throws Rejected `setting.not_found`. */
  async undoOf(id: string): Promise<SettingChange> {
    const [row] = await this.sql.rows<SettingChangeRow>(undoOf, [id]);
    if (!row) throw new Rejected('setting.not_found');
    return shownChange(row);
  }
}

/** Whether a change can only be taken back by who knows a secret: KKM keeps none of what went before. */
export function needsSecret({ kind, before, secretChanged }: Pick<SettingChange, 'kind' | 'before' | 'secretChanged'>): boolean {
  if (!secretChanged || before === null) return false;
  return kind === 'sbp_account' || (before['fiscal'] as { readonly passwordSet?: boolean } | undefined)?.passwordSet === true;
}

/** Whether there is nothing to go back to: a site that has a bank never has none again. */
export function isFirstBank({ kind, before }: Pick<SettingChange, 'kind' | 'before'>): boolean {
  return kind === 'sbp_account' && before === null;
}

function shownChange(row: SettingChangeRow): SettingChange {
  const { kind, before, after, secret_changed: secretChanged } = row;
  const change = { kind, before, after, secretChanged };
  return {
    id: String(row.id),
    at: row.at.toISOString(),
    by: { kind: row.by_kind, id: row.by_id, name: row.by_name },
    siteId: row.site_id,
    entryId: row.entry_id,
    what: before === null ? 'created' : after === null ? 'deleted' : 'changed',
    ...change,
    undoes: row.undoes === null ? null : String(row.undoes),
    undoneBy: row.undone_by === null ? null : String(row.undone_by),
    undoable: row.is_newest && !needsSecret(change) && !isFirstBank(change),
  };
}

/** NaN for what is no id of a change. */
function numberOf(id: string): number {
  return /^\d{1,15}$/.test(id) ? Number(id) : Number.NaN;
}
