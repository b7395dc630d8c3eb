import type { DueClaim, DueQr, GrowingClaim } from '@kkm/flow/ledger';
import type { Sql, Statement } from '@kkm/postgres';

interface DueRow {
  readonly payment_id: string;
  readonly attempt_id: string;
}

/** Takes the QRs that are due and puts each off: two who look at once never get the same. $1 now, $2 pause (ms), $3 limit. */
const dueQrs: Statement = {
  name: 'ledger.due-qrs',
  text: `
with
  due as (select attempt_id from ledger.qr where next_ask_at <= $1 order by next_ask_at limit $3 for update skip locked),
  taken as (update ledger.qr q set next_ask_at = $1::timestamptz + make_interval(secs => $2::float8 / 1000) from due where q.attempt_id = due.attempt_id returning q.attempt_id)
select a.payment_id, a.id as attempt_id from taken join ledger.attempt a on a.id = taken.attempt_id`,
};

/** The same for returns that the ledger itself makes at a bank, with a pause that doubles up to $4 (ms); when each is looked at next stands where errands of other attempts stand. */
const dueBankReturns: Statement = {
  name: 'ledger.due-bank-returns',
  text: `
with
  open as (
    select a.id, a.payment_id from ledger.attempt a left join ledger.errand e on e.attempt_id = a.id
    where a.money_path = 'bank_qr' and a.operation <> 'sale' and a.status in ('queued', 'granted', 'unknown') and (e.due_at is null or e.due_at <= $1)
    order by e.due_at nulls first limit $3),
  taken as (
    insert into ledger.errand as e (attempt_id, tries, due_at) select id, 1, $1::timestamptz + make_interval(secs => $2::float8 / 1000) from open
    on conflict (attempt_id) do update set tries = e.tries + 1,
      due_at = $1::timestamptz + make_interval(secs => least($4::float8, $2::float8 * power(2, least(e.tries, 20))) / 1000) where e.due_at <= $1
    returning attempt_id)
select open.payment_id, open.id as attempt_id from taken join open on open.id = taken.attempt_id`,
};

/** Takes QRs that are due; see `QrStore.dueQrs`. */
export async function takeDueQrs(sql: Sql, nowMs: number, { claimMs, limit }: DueClaim): Promise<readonly DueQr[]> {
  return take(sql, dueQrs, [new Date(nowMs), claimMs, limit]);
}

/** Takes returns through a bank that are due; see `QrStore.dueBankReturns`. */
export async function takeDueBankReturns(sql: Sql, nowMs: number, { claimMs, maxMs, limit }: GrowingClaim): Promise<readonly DueQr[]> {
  return take(sql, dueBankReturns, [new Date(nowMs), claimMs, limit, maxMs]);
}

async function take(sql: Sql, statement: Statement, values: readonly unknown[]): Promise<readonly DueQr[]> {
  const rows = await sql.rows<DueRow>(statement, values);
  return rows.map((row) => ({ paymentId: row.payment_id, attemptId: row.attempt_id }));
}
