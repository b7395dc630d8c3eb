import { equipmentIdPattern, Rejected } from '@kkm/core';
import type { SiteScope } from '@kkm/core';
import type { Sql, Statement } from '@kkm/postgres';

/** The tables whose rows are found and listed alike. */
export type EntryTable = 'site' | 'register' | 'terminal' | 'terminal_profile';

/** What a caller names: an entry, perhaps its site, within the sites it may see. */
export interface Sought {
  readonly id: string;
  readonly siteId: string | null;
  readonly scope: SiteScope;
}

/** A page that is asked for. */
export interface AskedPage {
  readonly scope: SiteScope;
  readonly siteId: string | null;
  readonly limit: number;
  readonly cursor: string | null;
}

/** The site column of a table; a site is its own. A profile without a site is everybody's to read. */
const siteColumn: Readonly<Record<EntryTable, string>> = {
  site: 'id',
  register: 'site_id',
  terminal: 'site_id',
  terminal_profile: `coalesce(site_id, '')`,
};

const tables: readonly EntryTable[] = ['site', 'register', 'terminal', 'terminal_profile'];
const findStatements = statementsOf(
  'find',
  (table, site) => `select * from gateway.${table} where id = $1 and ($2::text is null or ${site} = $2) and ($3::text[] is null or ${site} = any($3)) limit 2`,
);
const lockStatements = statementsOf('lock', (table, site) => `select * from gateway.${table} where id = $1 and ${site} = $2 for update`);
const pageStatements = statementsOf(
  'page',
  (table, site) =>
    `select * from gateway.${table} where ($1::text is null or ${site} = $1) and ($2::text[] is null or ${site} = any($2)) and ($3::text is null or (${site}, id) > ($3, $4)) order by ${site}, id limit $5`,
);

/** Finds one entry. @throws Rejected `equipment.not_found`; `request.invalid` when two sites of the caller use the id. */
export async function findEntry<Row extends object>(sql: Sql, table: EntryTable, { id, siteId, scope }: Sought): Promise<Row> {
  if (!equipmentIdPattern.test(id)) throw notFound(table, '');
  const rows = await sql.rows<Row>(findStatements[table], [id, siteId, visible(table, scope)]);
  if (rows.length > 1)
    throw new Rejected('request.invalid', { members: { errors: [{ pointer: 'query:siteId', detail: 'names the site: several use this id' }] } });
  const [row] = rows;
  if (!row) throw notFound(table, id);
  return row;
}

/** Locks an entry that was found, for the rest of the transaction. @throws Rejected `equipment.not_found` when it went away meanwhile. */
export async function lockEntry<Row extends object>(sql: Sql, table: EntryTable, entry: { readonly id: string; readonly site: string }): Promise<Row> {
  const [row] = await sql.rows<Row>(lockStatements[table], [entry.id, entry.site]);
  if (!row) throw notFound(table, entry.id);
  return row;
}

/** Reads a page in order of site and id; `next` is null at the end. */
export async function pageOfEntries<Row extends { readonly id: string; readonly site_id?: string | null }>(
  sql: Sql,
  table: EntryTable,
  page: AskedPage,
): Promise<{ rows: Row[]; next: string | null }> {
  const [afterSite, afterId] = page.cursor === null ? [null, null] : splitCursor(page.cursor);
  const rows = await sql.rows<Row>(pageStatements[table], [page.siteId, visible(table, page.scope), afterSite, afterId, page.limit + 1]);
  if (rows.length <= page.limit) return { rows, next: null };
  const shown = rows.slice(0, page.limit);
  const last = shown.at(-1);
  return { rows: shown, next: last ? `${table === 'site' ? last.id : (last.site_id ?? '')}/${last.id}` : null };
}

/** A new revision of a site's settings; also the lock that makes changes of one site wait for each other. @throws Rejected `equipment.not_found` when there is no such site. */
export async function nextRevision(sql: Sql, siteId: string): Promise<number> {
  const [row] = await sql.rows<{ revision: number }>(bump, [siteId]);
  if (!row) throw notFound('site', siteId);
  return row.revision;
}

/**
 * SQL for the number of a new register or terminal of site `$1`: the next that neither kind has, so that a client which lists devices finds each number once (ADR 0014). The
 * site's row is locked by {@link nextRevision}, so two of them never get the same.
 */
export const nextNumber = `(select coalesce(max(num_device), 0) + 1 from
  (select num_device from gateway.register where site_id = $1 union all select num_device from gateway.terminal where site_id = $1) as numbers)`;

const bump: Statement = { name: 'next-revision', text: 'update gateway.site set revision = revision + 1 where id = $1 returning revision' };

function notFound(table: EntryTable, id: string): Rejected {
  return new Rejected('equipment.not_found', { detail: `There is no ${table.replace('_', ' ')} ${id}`.trimEnd() });
}

/** Sites a caller may see in a table; profiles without a site belong to everybody. */
function visible(table: EntryTable, scope: SiteScope): readonly string[] | null {
  return scope && table === 'terminal_profile' ? [...scope, ''] : scope;
}

function splitCursor(cursor: string): readonly [string, string] {
  const at = cursor.indexOf('/');
  if (at < 0) throw new Rejected('request.invalid', { members: { errors: [{ pointer: 'query:cursor', detail: 'must be a cursor of an earlier page' }] } });
  return [cursor.slice(0, at), cursor.slice(at + 1)];
}

function statementsOf(name: string, text: (table: EntryTable, site: string) => string): Readonly<Record<EntryTable, Statement>> {
  const entries = tables.map((table) => [table, { name: `${name}-${table}`, text: text(table, siteColumn[table]) }] as const);
  return Object.fromEntries(entries) as Record<EntryTable, Statement>;
}
