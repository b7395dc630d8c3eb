import type { Role, ShownSession } from '@kkm/contracts';
import { roleScopes } from '@kkm/contracts';
import type { Sql, Statement } from '@kkm/postgres';
import { hashOfSecret } from '../access/secret';

/** How long a session lasts. */
export const sessionLasts = { seconds: 12 * 3_600, idleSeconds: 3_600 } as const;

/** Sessions one user may have open; a further one ends the oldest. */
const sessionsMax = 20;

/** How far behind the time of the last use may be, so that not every request writes. */
const usedWithinSeconds = 60;

interface SessionRow {
  readonly user_id: string;
  readonly name: string;
  readonly role: Role;
  readonly site_id: string | null;
  readonly started_at: Date;
  readonly ends_at: Date;
}

const alive = `s.ends_at > now() and s.used_at > now() - make_interval(secs => ${sessionLasts.idleSeconds}) and u.enabled`;
const columns = 'u.id as user_id, u.name, u.role, u.site_id, s.started_at, s.ends_at';
// One statement: what it changes it does not see, so the session is judged by the use before this one.
const use: Statement = {
  name: 'session-use',
  text: `with used as (
      update gateway.user_session set used_at = now() where hash = $1 and used_at < now() - make_interval(secs => ${usedWithinSeconds})
        and used_at > now() - make_interval(secs => ${sessionLasts.idleSeconds}))
    select ${columns} from gateway.user_session s join gateway.user_account u on u.id = s.user_id where s.hash = $1 and ${alive}`,
};
const living: Statement = {
  name: 'session-living',
  text: `select s.hash from gateway.user_session s join gateway.user_account u on u.id = s.user_id where s.hash = any($1) and ${alive}`,
};
const begin: Statement = {
  name: 'session-begin',
  text: `with u as (update gateway.user_account set signed_in_at = now() where id = $1 and password_hash = $2 and enabled returning *),
    at_home as (insert into gateway.user_address (user_id, address) select id, $4 from u on conflict (user_id, address) do update set signed_in_at = now()),
    s as (insert into gateway.user_session (hash, user_id, ends_at) select $3, id, now() + make_interval(secs => ${sessionLasts.seconds}) from u returning *)
    select ${columns} from s join u on u.id = s.user_id`,
};
const endOldest: Statement = {
  name: 'session-end-oldest',
  text: `delete from gateway.user_session where user_id = $1 and hash not in
    (select hash from gateway.user_session where user_id = $1 order by started_at desc, hash limit ${sessionsMax})`,
};
const end: Statement = { name: 'session-end', text: 'delete from gateway.user_session where hash = $1' };
const endAll: Statement = { name: 'session-end-all', text: 'delete from gateway.user_session where user_id = $1' };
const sweep: Statement = {
  name: 'session-sweep',
  text: `delete from gateway.user_session where ends_at < now() or used_at < now() - make_interval(secs => ${sessionLasts.idleSeconds})`,
};

/** The session of this hash that is open now, or null; it counts as used. */
export async function useSession(sql: Sql, hash: Buffer): Promise<ShownSession | null> {
  const [row] = await sql.rows<SessionRow>(use, [hash]);
  return row ? shown(row) : null;
}

/** Those of the secrets whose sessions are open now; none counts as used. */
export async function livingSecrets(sql: Sql, secrets: readonly string[]): Promise<ReadonlySet<string>> {
  const byHash = new Map(secrets.map((secret) => [hashOfSecret(secret).toString('base64'), secret]));
  const rows = await sql.rows<{ readonly hash: Buffer }>(living, [secrets.map(hashOfSecret)]);
  return new Set(rows.map(({ hash }) => byHash.get(hash.toString('base64')) ?? ''));
}

/** Begins a session; null when the user's password is another by now, or he may not sign in. */
export async function beginSession(
  sql: Sql,
  session: { readonly userId: string; readonly passwordHash: string; readonly hash: Buffer; readonly address: string },
): Promise<ShownSession | null> {
  const [row] = await sql.rows<SessionRow>(begin, [session.userId, session.passwordHash, session.hash, session.address]);
  if (row) await sql.run(endOldest, [session.userId]);
  return row ? shown(row) : null;
}

/** Ends one session. */
export async function endSession(sql: Sql, hash: Buffer): Promise<void> {
  await sql.run(end, [hash]);
}

/** Ends all sessions of a user. */
export async function endSessionsOf(sql: Sql, userId: string): Promise<void> {
  await sql.run(endAll, [userId]);
}

/** Throws out what has ended by time. */
export async function sweepSessions(sql: Sql): Promise<void> {
  await sql.run(sweep);
}

function shown(row: SessionRow): ShownSession {
  return {
    userId: row.user_id,
    name: row.name,
    role: row.role,
    siteId: row.site_id,
    scopes: [...roleScopes[row.role]],
    startedAt: row.started_at.toISOString(),
    endsAt: row.ends_at.toISOString(),
    idleSeconds: sessionLasts.idleSeconds,
  };
}
