import type { Statement } from '@kkm/postgres';
import { recordColumns, recordJoins } from './record.row';
import type { RecordRow } from './record.row';

/** What {@link keepBaseline} tells. */
export interface BaselineRow {
  readonly leased: boolean | null;
  readonly busy: boolean;
  readonly found: number;
}

/**
 * Whether an RRN `r` of terminal ($1 site, $2 terminal) is of an attempt other than `mine`, of surfaced money, of a return approved late, or in an earlier baseline.
 * What moved by a bank's QR never shows in a terminal's report.
 */
const isKnown = (r: string, mine: string): string => `(
  exists (select from ledger.attempt a where a.rrn = ${r} and a.site_id = $1 and a.terminal_id = $2 and a.status = 'approved' and a.money_path = 'terminal' and a.id is distinct from ${mine})
  or exists (select from ledger.charge c join ledger.attempt a on a.id = c.attempt_id where c.rrn = ${r} and a.site_id = $1 and a.terminal_id = $2 and a.money_path = 'terminal' and a.id is distinct from ${mine})
  or exists (select from ledger.charge_return m join ledger.attempt a on a.id = m.attempt_id where m.surfaced and m.rrn = ${r} and a.site_id = $1 and a.terminal_id = $2 and a.money_path = 'terminal' and a.id is distinct from ${mine})
  or exists (select from ledger.found_operation f where f.site_id = $1 and f.terminal_id = $2 and f.rrn = ${r}))`;

/** Whether an attempt is unfinished at the terminal ($1 site, $2 terminal), or its answer to a person's decision is awaited. */
const isUnfinished = `(
  exists (select from ledger.attempt a where a.site_id = $1 and a.terminal_id = $2 and a.money_path = 'terminal' and a.status in ('granted', 'unknown'))
  or exists (select from ledger.resolution r join ledger.attempt a on a.id = r.attempt_id left join ledger.errand e on e.attempt_id = r.attempt_id
    where r.answered_at is null and a.site_id = $1 and a.terminal_id = $2 and a.money_path = 'terminal' and e.answered_in_vain is not true))`;

/**
 * Compares the report with books that were restored from a backup, once per terminal: it has to reach back to the backup, by the period or an operation that the books
 * know. What it shows after the newest of those was made since, and is kept as found charges. A terminal that the books never used is taken as it is.
 */
const compared = `
  prior as (
    select v.id as restore_id,
      not exists (select from ledger.terminal_baseline b where b.site_id = $1 and b.terminal_id = $2)
        and not exists (select from ledger.attempt a join ledger.permit g on g.attempt_id = a.id where a.site_id = $1 and a.terminal_id = $2) as unused,
      exists (select from shown where known) or exists (
        select from ledger.terminal_baseline b where b.site_id = $1 and b.terminal_id = $2 and b.bank_terminal_id = $4 and b.serial_number = $5
          and (b.since = $6 or exists (select from shown where rrn = b.newest_rrn))) as reaches
    from (select max(id) as id from ledger.restore) v
    left join ledger.terminal_after_restore n on n.site_id = $1 and n.terminal_id = $2
    where v.id is not null and n.restore_id is distinct from v.id),
  asked as (
    insert into ledger.terminal_after_restore (site_id, terminal_id, restore_id, state, asked_at)
    select $1, $2, restore_id, case when unused or reaches then 'compared' else 'held' end, $8 from kept, prior
    on conflict (site_id, terminal_id) do update set restore_id = excluded.restore_id, state = excluded.state, asked_at = excluded.asked_at,
      decided_by = null, evidence = null
    returning true),
  charges as (
    insert into ledger.found_charge (site_id, terminal_id, rrn, operation, amount_minor, terminal_time, found_at)
    select $1, $2, t.rrn, t.operation, t.amount_minor, t.terminal_time, $8 from asked, shown t
    where not t.known and t.ord > coalesce((select max(ord) from shown where known), 0)
    on conflict do nothing)`;

/**
 * Keeps a report as the terminal's baseline, unless another worker holds the lease or an attempt is unfinished there.
 * $1 site, $2 terminal, $3 worker, $4 bank terminal id, $5 serial number, $6 since, $7 newest RRN, $8 now, $9 operations.
 */
export const keepBaseline: Statement = {
  name: 'ledger.baseline',
  text: `
with
  place as (select
    (select l.worker_id = $3 from ledger.terminal_lease l where l.site_id = $1 and l.terminal_id = $2) as leased,
    ${isUnfinished} as busy),
  kept as (
    insert into ledger.terminal_baseline as b (site_id, terminal_id, bank_terminal_id, serial_number, since, newest_rrn, worker_id, read_at)
    select $1, $2, $4, $5, $6, $7, $3, $8 from place where leased and not busy
    on conflict (site_id, terminal_id) do update set bank_terminal_id = excluded.bank_terminal_id, serial_number = excluded.serial_number,
      since = excluded.since, newest_rrn = excluded.newest_rrn, worker_id = excluded.worker_id, read_at = excluded.read_at
    returning true),
  shown as (
    select t.rrn, t.operation, t.amount_minor, t.terminal_time, t.ord, ${isKnown('t.rrn', 'null')} as known
    from rows from (json_to_recordset($9) as (rrn text, operation text, "amountMinor" bigint, "terminalTime" text))
      with ordinality as t(rrn, operation, amount_minor, terminal_time, ord)),
  found as (
    insert into ledger.found_operation (site_id, terminal_id, rrn, operation, amount_minor, terminal_time, found_at)
    select $1, $2, t.rrn, t.operation, t.amount_minor, t.terminal_time, $8 from kept, shown t where not t.known
    on conflict do nothing returning rrn),
  ${compared}
select place.leased, place.busy, (select count(*)::int from found) as found from place`,
};

/** What {@link endBaseline} tells. */
export interface EndBaselineRow {
  readonly busy: boolean;
  readonly ended: boolean;
}

/** Forgets the terminal's baseline under the conditions of {@link keepBaseline}; the lease's new version makes others look again. $1 site, $2 terminal, $3 worker. */
export const endBaseline: Statement = {
  name: 'ledger.baseline-ends',
  text: `
with
  place as (select ${isUnfinished} as busy),
  held as (
    update ledger.terminal_lease l set version = l.version + 1 from place
    where l.site_id = $1 and l.terminal_id = $2 and l.worker_id = $3 and not place.busy returning l.version),
  gone as (delete from ledger.terminal_baseline b using held where b.site_id = $1 and b.terminal_id = $2)
select place.busy, exists (select from held) as ended from place`,
};

/** What {@link knowledge} tells. */
export interface KnowledgeRow {
  readonly known: readonly string[] | null;
  readonly bank_terminal_id: string | null;
  readonly serial_number: string | null;
  readonly since: string | null;
  readonly newest_rrn: string | null;
  readonly anchor_rrn: string | null;
}

/** What is known of a terminal's operations. The baseline counts only if it was read before the attempt's grant. $1 site, $2 terminal, $3 attempt, $4 RRNs. */
export const knowledge: Statement = {
  name: 'ledger.knowledge',
  text: `
select
  (select array_agg(r.rrn) from unnest($4::text[]) as r(rrn) where ${isKnown('r.rrn', '$3')}) as known,
  b.bank_terminal_id, b.serial_number, b.since, b.newest_rrn,
  (select a.rrn from ledger.attempt a
    where a.site_id = $1 and a.terminal_id = $2 and a.status = 'approved' and a.money_path = 'terminal' and a.rrn is not null and a.id <> $3
      and a.finished_at > b.read_at and a.finished_at <= m.granted_at
    order by a.finished_at desc limit 1) as anchor_rrn
from (select 1) one
left join ledger.attempt m on m.id = $3 and m.site_id = $1 and m.terminal_id = $2
left join ledger.terminal_baseline b on b.site_id = $1 and b.terminal_id = $2 and b.read_at < m.granted_at`,
};

/** Notes that no further errand is of use. $1 attempt, $2 now. */
export const noteAnsweredInVain: Statement = {
  name: 'ledger.answered-in-vain',
  text: `insert into ledger.errand (attempt_id, tries, due_at, answered_in_vain) values ($1, 0, $2, true)
    on conflict (attempt_id) do update set answered_in_vain = true`,
};

/** A row of {@link dueErrands}: the payment of an errand, the attempt it is for, and when the next is due. */
export type ErrandRow = RecordRow & { readonly for_attempt: string; readonly at_once: boolean; readonly next_at: Date };

/**
 * Takes the errands that are due and puts each off until its next time: two who ask at once never get the same.
 * An attempt in doubt that is new here is only noted; a return that waits, or a sale that the ledger opened by itself, is due at once; a bank is asked by the ledger itself. $1 now, $2 first pause, $3 longest pause, $4 the same of what waits (ms), $5 limit.
 */
export const dueErrands: Statement = {
  name: 'ledger.errands',
  text: `
with
  open as (
    select a.id, a.status = 'queued' as at_once
    from ledger.attempt a left join ledger.permit g on g.attempt_id = a.id left join ledger.errand e on e.attempt_id = a.id
    where ((a.status in ('granted', 'unknown') and g.lease_until <= $1) or (a.status = 'queued' and (a.operation <> 'sale' or a.ledger_sends))
        or (e.answered_in_vain is not true and a.id in (select r.attempt_id from ledger.resolution r where r.answered_at is null)))
      and (a.money_path = 'terminal' or (a.status = 'queued' and a.ledger_sends)) and (e.due_at is null or e.due_at <= $1)
    order by e.due_at nulls first limit $5),
  due as (
    insert into ledger.errand as e (attempt_id, tries, due_at)
    select id, at_once::int, $1::timestamptz + make_interval(secs => $2::float8 / 1000) from open
    on conflict (attempt_id) do update
      set tries = e.tries + 1, due_at = $1::timestamptz + make_interval(secs => least($2::float8 * 2 ^ least(e.tries, 20),
        case when exists (select from open o where o.id = e.attempt_id and o.at_once) then $4::float8 else $3::float8 end) / 1000)
      where e.due_at <= $1
    returning attempt_id, tries, due_at),
  taken as (
    select due.attempt_id, due.due_at, open.at_once, row_number() over (order by due.attempt_id) as ord from due join open on open.id = due.attempt_id where due.tries > 0)
select i.ord::int as ord, i.attempt_id as for_attempt, i.at_once, i.due_at as next_at, ${recordColumns}
from taken i join ledger.attempt x on x.id = i.attempt_id join ledger.payment p on p.id = x.payment_id ${recordJoins} order by i.ord, a.number`,
};
