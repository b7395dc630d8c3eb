import type { Statement } from '@kkm/postgres';

/** Gives a lease that nobody ever had. $1 site, $2 terminal, $3 worker, $4 now. */
export const takeFirstLease: Statement = {
  name: 'ledger.lease-first',
  text: `insert into ledger.terminal_lease (site_id, terminal_id, worker_id, taken_at) values ($1, $2, $3, $4) on conflict do nothing`,
};

/** Moves a lease that still has the version seen, and whose attempt, or the QR that is shown there, was not renewed since. $1 site, $2 terminal, $3 worker, $4 now, $5 version, $6 driven until. */
export const takeLease: Statement = {
  name: 'ledger.lease',
  text: `update ledger.terminal_lease set worker_id = $3, taken_at = $4, version = version + 1 where site_id = $1 and terminal_id = $2 and version = $5
    and not exists (select from ledger.attempt a join ledger.permit g on g.attempt_id = a.id where a.site_id = $1 and a.terminal_id = $2 and a.money_path = 'terminal'
      and a.status in ('granted', 'unknown') and g.lease_until is distinct from $6::timestamptz)
    and not exists (select from ledger.attempt a join ledger.permit g on g.attempt_id = a.id where a.site_id = $1 and a.terminal_id = $2 and a.money_path = 'bank_qr'
      and a.status = 'granted' and g.lease_until > $4 and g.lease_until is distinct from $6::timestamptz)`,
};

/** What {@link heartbeat} tells. */
export interface HeartbeatRow {
  readonly members: readonly string[] | null;
  readonly held: readonly string[] | null;
  readonly renewed: readonly { readonly attemptId: string; readonly cancelPending: boolean }[] | null;
}

/**
 * One heartbeat: membership, leases still held, permits renewed where the nonce is in force and the attempt unfinished. The lease of a display that has ended
 * stays ended, whatever heartbeat was on its way. A worker that leaves and holds nothing any more is forgotten.
 * A link is written only when it changed.
 * $1 site, $2 worker, $3 leaving, $4 now, $5 members seen since, $6 terminal ids, $7 attempt ids, $8 nonces, $9 lease until, $10 those of $6 that answer, or null.
 */
export const heartbeat: Statement = {
  name: 'ledger.heartbeat',
  text: `
with
  presence as (select not $3 or cardinality($6::text[]) > 0 or cardinality($7::text[]) > 0 as stays),
  me as (insert into ledger.worker (site_id, worker_id, seen_at, leaving) select $1, $2, $4, $3 from presence where stays
    on conflict (site_id, worker_id) do update set seen_at = excluded.seen_at, leaving = excluded.leaving),
  gone as (delete from ledger.worker w using presence where w.site_id = $1 and w.worker_id = $2 and not stays),
  linked as (
    update ledger.terminal_lease l set link = t.link, link_since = $4
    from (select id, case when id = any($10::text[]) then 'up' else 'down' end as link from unnest($6::text[]) as u(id) where $10::text[] is not null) t
    where l.site_id = $1 and l.terminal_id = t.id and l.worker_id = $2 and l.link is distinct from t.link),
  renewed as (
    update ledger.permit g set lease_until = greatest(g.lease_until, $9)
    from unnest($7::text[], $8::text[]) as d(attempt_id, nonce), ledger.attempt a, ledger.payment p
    where g.attempt_id = d.attempt_id and g.nonce = d.nonce and a.id = g.attempt_id and a.site_id = $1 and a.status in ('granted', 'unknown') and p.id = a.payment_id
      and (a.money_path = 'terminal' or g.lease_until > $4)
    returning g.attempt_id, p.cancel_requested)
select
  (select array_agg(worker_id order by worker_id) from (
    select worker_id from ledger.worker where site_id = $1 and worker_id <> $2 and seen_at >= $5 and not leaving union all select $2 where not $3) m(worker_id)) as members,
  (select array_agg(terminal_id) from ledger.terminal_lease where site_id = $1 and worker_id = $2 and terminal_id = any($6::text[])) as held,
  (select json_agg(json_build_object('attemptId', attempt_id, 'cancelPending', cancel_requested is not distinct from 'pending')) from renewed) as renewed`,
};

/** Workers of a site that were heard since. $1 site, $2 since. */
export const workersSeen: Statement = {
  name: 'ledger.workers-seen',
  text: 'select worker_id, seen_at from ledger.worker where site_id = $1 and seen_at >= $2',
};

/** Forgets workers that have not been seen for long. $1 seen before. */
export const forgetWorkers: Statement = { name: 'ledger.forget-workers', text: 'delete from ledger.worker where seen_at < $1' };

/** Keeps a result whose attempt is unknown. $1 result, $2 attempt, $3 site, $4 body. */
export const keepOrphan: Statement = {
  name: 'ledger.orphan',
  text: 'insert into ledger.orphan_result (result_id, attempt_id, site_id, body) values ($1, $2, $3, $4) on conflict do nothing',
};
