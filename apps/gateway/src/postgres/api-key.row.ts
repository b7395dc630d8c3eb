import { Rejected } from '@kkm/core';
import type { ApiKey, Scope } from '@kkm/contracts';
import type { Sql, Statement } from '@kkm/postgres';

/** A row of `gateway.api_key` without its hashes. */
interface ApiKeyRow {
  readonly id: string;
  readonly name: string;
  readonly site_id: string | null;
  readonly scopes: Scope[];
  readonly hint: string;
  readonly created_at: Date;
  readonly rotated_at: Date | null;
  readonly revoked_at: Date | null;
}

/** A key as it is first stored. */
export interface NewApiKey {
  readonly id: string;
  readonly name: string;
  readonly siteId: string | null;
  readonly scopes: readonly Scope[];
  readonly hint: string;
  readonly hash: Buffer;
}

const shownColumns = 'id, name, site_id, scopes, hint, created_at, rotated_at, revoked_at';
const find: Statement = {
  name: 'api-key-by-hash',
  text: `select ${shownColumns} from gateway.api_key where revoked_at is null and (hash = $1 or (earlier_hash = $1 and earlier_until > now()))`,
};
const read: Statement = { name: 'api-key-read', text: `select ${shownColumns} from gateway.api_key where id = $1 and ($2::text is null or site_id = $2)` };
const page: Statement = {
  name: 'api-key-page',
  text: `select ${shownColumns} from gateway.api_key where ($1::text is null or site_id = $1) and ($2::text is null or id > $2) order by id limit $3`,
};
const insert: Statement = {
  name: 'api-key-insert',
  text: `insert into gateway.api_key (id, name, site_id, scopes, hint, hash) values ($1, $2, $3, $4, $5, $6) on conflict do nothing returning ${shownColumns}`,
};
const insertFirst: Statement = {
  name: 'api-key-insert-first',
  text: 'insert into gateway.api_key (id, name, site_id, scopes, hint, hash) select $1, $2, $3, $4, $5, $6 where not exists (select from gateway.api_key) on conflict do nothing',
};
const revoke: Statement = {
  name: 'api-key-revoke',
  text: `update gateway.api_key set revoked_at = coalesce(revoked_at, now()), earlier_hash = null, earlier_until = null where id = $1 and ($2::text is null or site_id = $2) returning ${shownColumns}`,
};
const rotate: Statement = {
  name: 'api-key-rotate',
  text: `update gateway.api_key set earlier_hash = case when $5 > 0 then hash end, earlier_until = case when $5 > 0 then now() + make_interval(secs => $5) end, hash = $3, hint = $4, rotated_at = now()
    where id = $1 and ($2::text is null or site_id = $2) and revoked_at is null returning ${shownColumns}`,
};
const siteExists: Statement = { name: 'api-key-site', text: 'select id from gateway.site where id = $1' };

/** The key with this hash that is valid now, or null. */
export async function apiKeyByHash(sql: Sql, hash: Buffer): Promise<ApiKey | null> {
  const [row] = await sql.rows<ApiKeyRow>(find, [hash]);
  return row ? shown(row) : null;
}

/** One key, within the site of the asking key. @throws Rejected `api_key.not_found`. */
export async function readApiKey(sql: Sql, id: string, siteId: string | null): Promise<ApiKey> {
  return one(await sql.rows<ApiKeyRow>(read, [id, siteId]));
}

/** A page of keys in order of making. */
export async function pageOfApiKeys(
  sql: Sql,
  asked: { readonly siteId: string | null; readonly cursor: string | null; readonly limit: number },
): Promise<{ apiKeys: ApiKey[]; next: string | null }> {
  const rows = await sql.rows<ApiKeyRow>(page, [asked.siteId, asked.cursor, asked.limit + 1]);
  const apiKeys = rows.slice(0, asked.limit).map(shown);
  return { apiKeys, next: rows.length > asked.limit ? (apiKeys.at(-1)?.id ?? null) : null };
}

/** Stores a new key. @throws Rejected `equipment.not_found` when its site does not exist. */
export async function storeApiKey(sql: Sql, key: NewApiKey): Promise<ApiKey> {
  if (key.siteId !== null && (await sql.rows(siteExists, [key.siteId])).length === 0)
    throw new Rejected('equipment.not_found', { detail: `There is no site ${key.siteId}.` });
  return one(await sql.rows<ApiKeyRow>(insert, valuesOf(key)));
}

/** Stores the first key, unless there is any. Tells whether it did. */
export async function storeFirstApiKey(sql: Sql, key: NewApiKey): Promise<boolean> {
  return (await sql.run(insertFirst, valuesOf(key))) > 0;
}

/** Revokes for good; doing it again changes nothing. @throws Rejected `api_key.not_found`. */
export async function revokeApiKey(sql: Sql, id: string, siteId: string | null): Promise<ApiKey> {
  return one(await sql.rows<ApiKeyRow>(revoke, [id, siteId]));
}

/** Puts a new secret in place; the earlier one stays valid for `graceSeconds`. @throws Rejected `api_key.not_found`, also for a revoked key. */
export async function rotateApiKey(
  sql: Sql,
  options: { readonly id: string; readonly siteId: string | null; readonly hash: Buffer; readonly hint: string; readonly graceSeconds: number },
): Promise<ApiKey> {
  return one(await sql.rows<ApiKeyRow>(rotate, [options.id, options.siteId, options.hash, options.hint, options.graceSeconds]));
}

function valuesOf(key: NewApiKey): readonly unknown[] {
  return [key.id, key.name, key.siteId, key.scopes, key.hint, key.hash];
}

function one(rows: readonly ApiKeyRow[]): ApiKey {
  const [row] = rows;
  if (!row) throw new Rejected('api_key.not_found');
  return shown(row);
}

function shown(row: ApiKeyRow): ApiKey {
  return {
    id: row.id,
    name: row.name,
    siteId: row.site_id,
    scopes: row.scopes,
    hint: row.hint,
    createdAt: row.created_at.toISOString(),
    rotatedAt: row.rotated_at?.toISOString() ?? null,
    revokedAt: row.revoked_at?.toISOString() ?? null,
  };
}
