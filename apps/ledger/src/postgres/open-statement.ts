import type { Statement } from '@kkm/postgres';
import { attemptNames, attemptTypes, attemptValues } from './attempt-columns';
import { eventInserts, eventRecordset } from './event-inserts';
import { insertQrs } from './qr.row';

/** What {@link openStatement} tells of each payment it was asked to open. */
export interface OpenRow {
  readonly id: string;
  readonly opened: boolean;
  /** What other payments of the order do, as the statement saw it. */
  readonly conflict: 'order-busy' | 'order-charged' | null;
  /** The earlier use of the key, as the statement saw it; a use that was committed meanwhile shows only on the next run. */
  readonly fingerprint: string | null;
  readonly payment_id: string | null;
  readonly attempt_id: string | null;
}

/**
 * Opens payments: key, payment, attempt, event and outbox rows in one statement, which is one transaction.
 * The key is inserted first; where it is taken nothing else of that payment is written. What other payments of the order do is looked at for a friendly answer;
 * against races stand the indexes `one_open_payment_per_order` and `one_charge_per_order_and_amount`.
 * $1 payments, $2 attempts, $3 keys, $4 events, $5 QRs: JSON arrays.
 */
export const openStatement: Statement = {
  name: 'ledger.open',
  text: `
with
  wanted as (select * from json_to_recordset($1) as t(
    id text, site_id text, order_id text, register_id text, terminal_id text, amount_minor bigint, currency text, method text, purpose text, status text, charged_minor bigint,
    refunded_minor bigint, cancel_requested text, order_exclusive boolean, late_approval text, surfaced_undecided integer, guest_bank text, guest_window_ms integer, sequence integer, metadata json,
    created_at timestamptz, updated_at timestamptz, expires_at timestamptz, closed_at timestamptz)),
  conflict as (
    select w.id, bool_or(p.status <> 'succeeded' or p.surfaced_undecided > 0) as busy
    from wanted w join ledger.payment p on p.site_id = w.site_id and p.order_id = w.order_id
    where w.order_exclusive and p.purpose = 'sale' and (p.status in ('pending', 'in_progress', 'in_doubt') or p.surfaced_undecided > 0
      or (p.status = 'succeeded' and p.refunded_minor < p.charged_minor and p.amount_minor = w.amount_minor))
    group by w.id),
  used as (
    insert into ledger.idempotency (site_id, key, fingerprint, payment_id, attempt_id)
    select t.site_id, t.key, t.fingerprint, t.payment_id, t.attempt_id
    from json_to_recordset($3) as t(site_id text, key text, fingerprint text, payment_id text, attempt_id text)
    where not exists (select from conflict c where c.id = t.payment_id)
    on conflict on constraint idempotency_key_taken do nothing
    returning payment_id as id),
  opened as (
    insert into ledger.payment (id, site_id, order_id, register_id, terminal_id, amount_minor, currency, method, purpose, status, charged_minor, refunded_minor, cancel_requested,
      order_exclusive, late_approval, surfaced_undecided, guest_bank, guest_window_ms, sequence, metadata, created_at, updated_at, expires_at, closed_at)
    select w.id, w.site_id, w.order_id, w.register_id, w.terminal_id, w.amount_minor, w.currency, w.method, w.purpose, w.status, w.charged_minor, w.refunded_minor, w.cancel_requested,
      w.order_exclusive, w.late_approval, w.surfaced_undecided, w.guest_bank, w.guest_window_ms, w.sequence, w.metadata, w.created_at, w.updated_at, w.expires_at, w.closed_at
    from wanted w join used on used.id = w.id
    returning id),
  begun as (insert into ledger.attempt (${attemptNames}) select ${attemptValues} from json_to_recordset($2) as t(${attemptTypes}) join opened on opened.id = t.payment_id),
  planned as (${insertQrs('$5', 'opened')}),
  ${eventInserts(`select e.* from ${eventRecordset('$4')} join opened on opened.id = e.payment_id`)}
select w.id, o.id is not null as opened, case when c.busy then 'order-busy' when not c.busy then 'order-charged' end as conflict, k.fingerprint, k.payment_id, k.attempt_id
from wanted w
join json_to_recordset($3) as t(site_id text, key text, payment_id text) on t.payment_id = w.id
left join opened o on o.id = w.id
left join conflict c on c.id = w.id
left join ledger.idempotency k on k.site_id = t.site_id and k.key = t.key`,
};
