import { Rejected } from '@kkm/core';
import type { Role, User } from '@kkm/contracts';
import { violatedConstraint } from '@kkm/postgres';
import type { Sql, Statement } from '@kkm/postgres';

/** A row of `gateway.user_account` without its hash. */
interface UserRow {
  readonly id: string;
  readonly name: string;
  readonly role: Role;
  readonly site_id: string | null;
  readonly enabled: boolean;
  readonly created_at: Date;
  readonly updated_at: Date;
  readonly password_set_at: Date;
  readonly signed_in_at: Date | null;
}

/** A user as first stored. */
export interface NewUser {
  readonly id: string;
  readonly name: string;
  readonly nameKey: string;
  readonly role: Role;
  readonly siteId: string | null;
  readonly enabled: boolean;
  readonly passwordHash: string;
}

/** What signing in needs to know of a user. */
export interface UserOfName {
  readonly id: string;
  readonly name: string;
  readonly enabled: boolean;
  readonly passwordHash: string;
  /** Whether he signed in from that address within a month. */
  readonly atHome: boolean;
}

const columns = 'id, name, role, site_id, enabled, created_at, updated_at, password_set_at, signed_in_at';
const within = '($2::text is null or site_id = $2)';
const read: Statement = { name: 'user-read', text: `select ${columns} from gateway.user_account where id = $1 and ${within}` };
const lock: Statement = { name: 'user-lock', text: `select ${columns} from gateway.user_account where id = $1 and ${within} for update` };
const page: Statement = {
  name: 'user-page',
  text: `select ${columns} from gateway.user_account where ($1::text is null or site_id = $1) and ($2::text is null or id > $2) order by id limit $3`,
};
const insert: Statement = {
  name: 'user-insert',
  text: `insert into gateway.user_account (id, name, name_key, role, site_id, enabled, password_hash) values ($1, $2, $3, $4, $5, $6, $7) returning ${columns}`,
};
const insertFirst: Statement = {
  name: 'user-insert-first',
  text: `insert into gateway.user_account (id, name, name_key, role, site_id, enabled, password_hash)
    select $1, $2, $3, $4, $5, $6, $7 where not exists (select from gateway.user_account) on conflict do nothing`,
};
const any: Statement = { name: 'user-any', text: 'select from gateway.user_account limit 1' };
const update: Statement = {
  name: 'user-update',
  text: `update gateway.user_account set name = $2, name_key = $3, role = $4, site_id = $5, enabled = $6, updated_at = now() where id = $1 returning ${columns}`,
};
const remove: Statement = { name: 'user-delete', text: 'delete from gateway.user_account where id = $1' };
const setHash: Statement = {
  name: 'user-password',
  text: 'update gateway.user_account set password_hash = $2, password_set_at = now(), updated_at = now() where id = $1',
};
const admins: Statement = {
  name: 'user-admins',
  text: `select id from gateway.user_account where role = 'admin' and site_id is null and enabled order by id for update`,
};
const named: Statement = {
  name: 'user-of-name',
  text: `select u.id, u.name, u.enabled, u.password_hash as "passwordHash", coalesce(a.signed_in_at > now() - interval '30 days', false) as "atHome"
    from gateway.user_account u left join gateway.user_address a on a.user_id = u.id and a.address = $2 where u.name_key = $1`,
};
const siteExists: Statement = { name: 'user-site', text: 'select from gateway.site where id = $1' };

/** One user, within the site of who asks. @throws Rejected `user.not_found`. */
export async function readUser(sql: Sql, id: string, siteId: string | null): Promise<User> {
  return one(await sql.rows<UserRow>(read, [id, siteId]));
}

/** The same, locked for the rest of the transaction. @throws Rejected `user.not_found`. */
export async function lockUser(sql: Sql, id: string, siteId: string | null): Promise<User> {
  return one(await sql.rows<UserRow>(lock, [id, siteId]));
}

/** A page of users in order of making. */
export async function pageOfUsers(
  sql: Sql,
  asked: { readonly siteId: string | null; readonly cursor: string | null; readonly limit: number },
): Promise<{ users: User[]; next: string | null }> {
  const rows = await sql.rows<UserRow>(page, [asked.siteId, asked.cursor, asked.limit + 1]);
  const users = rows.slice(0, asked.limit).map(shown);
  return { users, next: rows.length > asked.limit ? (users.at(-1)?.id ?? null) : null };
}

/** Stores a user. @throws Rejected `user.exists`; `equipment.not_found` when the site does not exist. */
export async function storeUser(sql: Sql, user: NewUser): Promise<User> {
  await mustExist(sql, user.siteId);
  return one(await refusingTakenName(sql.rows<UserRow>(insert, valuesOf(user))));
}

/** Stores the first user, unless there is any. Tells whether it did. */
export async function storeFirstUser(sql: Sql, user: NewUser): Promise<boolean> {
  return (await sql.run(insertFirst, valuesOf(user))) > 0;
}

/** Whether there is any user. */
export async function isAnyUser(sql: Sql): Promise<boolean> {
  return (await sql.rows(any)).length > 0;
}

/** Writes a user who was locked. @throws Rejected `user.exists`; `equipment.not_found` when the site does not exist. */
export async function updateUser(sql: Sql, user: Omit<NewUser, 'passwordHash'>): Promise<User> {
  await mustExist(sql, user.siteId);
  return one(await refusingTakenName(sql.rows<UserRow>(update, [user.id, user.name, user.nameKey, user.role, user.siteId, user.enabled])));
}

/** Deletes for good, with all sessions. */
export async function removeUser(sql: Sql, id: string): Promise<void> {
  await sql.run(remove, [id]);
}

/** Puts a new password's hash in place. */
export async function storePasswordHash(sql: Sql, id: string, passwordHash: string): Promise<void> {
  await sql.run(setHash, [id, passwordHash]);
}

/** The admins of all sites who may sign in, locked so that two of them cannot lower each other at once. */
export async function lockAdmins(sql: Sql): Promise<readonly string[]> {
  return (await sql.rows<{ readonly id: string }>(admins)).map(({ id }) => id);
}

/** The user of a name, or null. */
export async function userOfName(sql: Sql, nameKey: string, address: string): Promise<UserOfName | null> {
  const [user] = await sql.rows<UserOfName>(named, [nameKey, address]);
  return user ?? null;
}

async function mustExist(sql: Sql, siteId: string | null): Promise<void> {
  if (siteId !== null && (await sql.rows(siteExists, [siteId])).length === 0)
    throw new Rejected('equipment.not_found', { detail: `There is no site ${siteId}.` });
}

async function refusingTakenName<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (violatedConstraint(error) === 'user_name') throw new Rejected('user.exists');
    throw error;
  }
}

function valuesOf(user: NewUser): readonly unknown[] {
  return [user.id, user.name, user.nameKey, user.role, user.siteId, user.enabled, user.passwordHash];
}

function one(rows: readonly UserRow[]): User {
  const [row] = rows;
  if (!row) throw new Rejected('user.not_found');
  return shown(row);
}

function shown(row: UserRow): User {
  return {
    id: row.id,
    name: row.name,
    role: row.role,
    siteId: row.site_id,
    enabled: row.enabled,
    createdAt: row.created_at.toISOString(),
    updatedAt: row.updated_at.toISOString(),
    passwordSetAt: row.password_set_at.toISOString(),
    signedInAt: row.signed_in_at?.toISOString() ?? null,
  };
}
