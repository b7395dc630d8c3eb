import type { MoneyPath } from '@kkm/core';
import type { MadeReturn } from '@kkm/flow/ledger';
import type { Statement } from '@kkm/postgres';
import { recordColumns, recordJoins } from './record.row';

/** The attempt that holds a terminal, as columns of an outer join; all null when none does. */
export interface OccupantRow {
  readonly o_id: string | null;
  readonly o_status: 'granted' | 'unknown' | null;
  readonly o_money_path: MoneyPath | null;
  readonly o_nonce: string | null;
  readonly o_worker_id: string | null;
  readonly o_granted_at: Date | null;
  readonly o_lease_until: Date | null;
  readonly o_take_overs: number | null;
}

/** The lease of a terminal, as columns of an outer join. */
export interface LeaseRow {
  readonly l_worker_id: string | null;
  readonly l_version: number | null;
  readonly l_taken_at: Date | null;
  readonly l_baselined: boolean;
}

const terminalColumns = `l.worker_id as l_worker_id, l.version as l_version, l.taken_at as l_taken_at, l.baselined as l_baselined, o.id as o_id, o.status as o_status,
  o.money_path as o_money_path, o.nonce as o_nonce, o.worker_id as o_worker_id, o.granted_at as o_granted_at, o.lease_until as o_lease_until,
  o.take_overs as o_take_overs`;

/** The newest restore, `v`, and how the terminal that `t` names stands since, `n`. Both are null where there never was one. */
const restoreJoins = (t: string): string => `
  left join lateral (select id, restored_at from ledger.restore order by id desc limit 1) v on true
  left join ledger.terminal_after_restore n on n.site_id = ${t}.site_id and n.terminal_id = ${t}.terminal_id and n.restore_id = v.id`;

/** What a restore forbids to the attempt `x`: a terminal that was not asked, or does not tell enough; what may have been done already. */
const afterRestore = `case
    when v.id is null then null
    when n.state is null then 'unasked'
    when n.state = 'held' or x.created_at < v.restored_at then 'held'
    when exists (select from ledger.found_charge f where f.site_id = x.site_id and f.terminal_id = x.terminal_id and f.decided_at is null
      and (f.amount_minor is null or f.amount_minor = x.amount_minor)) then 'held'
  end as after_restore`;

const occupantColumns = 'h.id, h.status, h.money_path, g2.nonce, g2.worker_id, g2.granted_at, g2.lease_until, g2.take_overs';

/** Joins lease `l` and occupant `o` of the terminal that `t` names; see `TerminalRecord`. What moves money there stands before what is only shown there. */
const terminalJoins = (t: string): string => `
  left join lateral (
    select l2.worker_id, l2.version, l2.taken_at, b.read_at is not null and (v.id is null or n.state is not null) as baselined
    from (select ${t}.site_id, ${t}.terminal_id) k ${restoreJoins('k')}
    left join ledger.terminal_lease l2 on l2.site_id = k.site_id and l2.terminal_id = k.terminal_id
    left join ledger.terminal_baseline b on b.site_id = k.site_id and b.terminal_id = k.terminal_id) l on true
  left join lateral (
    select * from (
      (select ${occupantColumns} from ledger.attempt h left join ledger.permit g2 on g2.attempt_id = h.id
        where h.site_id = ${t}.site_id and h.terminal_id = ${t}.terminal_id and h.money_path = 'terminal' and h.status in ('granted', 'unknown') limit 1)
      union all
      (select ${occupantColumns} from ledger.attempt h left join ledger.permit g2 on g2.attempt_id = h.id
        where h.site_id = ${t}.site_id and h.terminal_id = ${t}.terminal_id and h.money_path = 'bank_qr' and h.status = 'granted'
        order by g2.lease_until desc nulls last limit 1)) h
    order by h.money_path desc limit 1) o on true`;

/** Payments by id. $1 ids. */
export const paymentsById: Statement = {
  name: 'ledger.payments',
  text: `select i.ord::int as ord, ${recordColumns} from unnest($1::text[]) with ordinality as i(id, ord) join ledger.payment p on p.id = i.id ${recordJoins} order by i.ord, a.number`,
};

/** Payments by one of their attempts, and whether a result is in the inbox. $1 attempt ids, $2 result ids. */
export const paymentsByAttempt: Statement = {
  name: 'ledger.payments-by-attempt',
  text: `select i.ord::int as ord, exists (select from ledger.inbox b where b.result_id = i.result_id) as recorded, ${recordColumns}
    from unnest($1::text[], $2::text[]) with ordinality as i(attempt_id, result_id, ord)
    join ledger.attempt x on x.id = i.attempt_id join ledger.payment p on p.id = x.payment_id ${recordJoins} order by i.ord, a.number`,
};

/** What {@link permitFactsByAttempt} tells besides payment, lease and occupant. */
export interface AfterRestoreRow {
  readonly after_restore: 'unasked' | 'held' | null;
}

/** What a permit depends on, by attempt. $1 attempt ids. */
export const permitFactsByAttempt: Statement = {
  name: 'ledger.permit-facts',
  text: `select i.ord::int as ord, ${afterRestore}, ${terminalColumns}, ${recordColumns}
    from unnest($1::text[]) with ordinality as i(attempt_id, ord)
    join ledger.attempt x on x.id = i.attempt_id join ledger.payment p on p.id = x.payment_id ${recordJoins} ${terminalJoins('x')} ${restoreJoins('x')} order by i.ord, a.number`,
};

/** Lease and occupant of a terminal. $1 site, $2 terminal. */
export const terminalStanding: Statement = {
  name: 'ledger.terminal',
  text: `select ${terminalColumns} from (select $1::text as site_id, $2::text as terminal_id) t ${terminalJoins('t')}`,
};

/** The newest payment of an order; a test only where there is nothing else. $1 site, $2 order. */
export const newestOfOrder: Statement = {
  name: 'ledger.newest-of-order',
  text: `select 1 as ord, ${recordColumns}
    from (select * from ledger.payment where site_id = $1 and order_id = $2 order by purpose = 'test', id desc limit 1) p ${recordJoins} order by a.number`,
};

/** Where the money of the sale `s` goes. */
const accountOf = "s.bank #>> '{settlementAccount,number}'";
const bounds = `($3::text is null or status = $3) and ($4::text is null or id >= $4) and ($5::text is null or id < $5)
  and ($7::bigint is null or $7 in (amount_minor, charged_minor)) and ($8::text is null or purpose = $8)
  and ($9::text is null and $10::text is null or exists (select from ledger.attempt s where s.payment_id = payment.id and s.operation = 'sale'
    and ($9::text is null or s.method = $9) and ($10::text is null or ${accountOf} = $10)))`;
const filters = `($2::text is null or order_id = $2) and ${bounds}`;
const numbered = (chosen: string): string =>
  `select p.ord::int as ord, ${recordColumns} from (select row_number() over (order by id desc) as ord, c.* from (${chosen}) c) p ${recordJoins} order by p.ord, a.number`;

/** A page of all sites. $1 sites or null, $2 order, $3 status, $4 from id, $5 before id, $6 limit, $7 amount, $8 purpose, $9 method, $10 settlement account. */
export const listAll: Statement = {
  name: 'ledger.list-all',
  text: numbered(`select * from ledger.payment where ($1::text[] is null or site_id = any($1)) and ${filters} order by id desc limit $6`),
};

/** A page of one site. $1 site, the rest as {@link listAll}. */
export const listSite: Statement = {
  name: 'ledger.list-site',
  text: numbered(`select * from ledger.payment where site_id = $1 and ${filters} order by id desc limit $6`),
};

/** A page of one order. $1 site, $2 order, the rest as {@link listAll}. */
export const listOrder: Statement = {
  name: 'ledger.list-order',
  text: numbered(`select * from ledger.payment where site_id = $1 and order_id = $2 and ${bounds} order by id desc limit $6`),
};

/** Payments with an attempt or charge, `n`, that the bank calls so. A charge has its own name where it came late, or where a person decided before the bank told. */
const named = (isNamed: string): string =>
  numbered(`select * from ledger.payment where ($1::text[] is null or site_id = any($1)) and ${filters}
    and id in (select n.payment_id from ledger.attempt n where ${isNamed} union select n.payment_id from ledger.charge n where ${isNamed})
    order by id desc limit $6`);

/** A page of what goes to an account. All as {@link listAll}, the account not null. */
export const listByAccount: Statement = {
  name: 'ledger.list-by-account',
  text: numbered(`select * from ledger.payment where ($1::text[] is null or site_id = any($1)) and ${filters}
    and id in (select s.payment_id from ledger.attempt s where s.operation = 'sale' and ${accountOf} = $10) order by id desc limit $6`),
};

/** A page of what has an RRN. $11 RRN, $12 authorisation code or null, the rest as {@link listAll}. */
export const listByRrn: Statement = {
  name: 'ledger.list-by-rrn',
  text: named('n.rrn = $11 and ($12::text is null or n.authorisation_code = $12)'),
};

/** A page of what has an authorisation code. $11 authorisation code, the rest as {@link listAll}. */
export const listByCode: Statement = { name: 'ledger.list-by-code', text: named('n.authorisation_code = $11') };

/** What a key was used for. $1 site, $2 key. */
export const keyUse: Statement = {
  name: 'ledger.key-use',
  text: 'select fingerprint, payment_id, attempt_id from ledger.idempotency where site_id = $1 and key = $2',
};

/** Payments with a queued attempt past its expiry. $1 now, $2 limit. */
export const expiredPayments: Statement = {
  name: 'ledger.expired',
  text: `select payment_id from ledger.attempt where status = 'queued' and expires_at <= $1 order by expires_at limit $2`,
};

/** Payments that have ended, are not closed, and were not touched since. $1 since, $2 limit. */
export const paymentsToClose: Statement = {
  name: 'ledger.to-close',
  text: `select id from ledger.payment where closed_at is null and status in ('succeeded', 'declined', 'cancelled', 'expired', 'failed') and updated_at <= $1
    order by updated_at limit $2`,
};

/** Payments whose late money is due. $1 now, $2 limit. */
export const paymentsToDecide: Statement = {
  name: 'ledger.to-decide',
  text: 'select id from ledger.payment where decide_at <= $1 order by decide_at limit $2',
};

/** A charge with what was given back of it. */
export interface ChargeRow {
  readonly result_id: string;
  readonly attempt_id: string;
  readonly amount_minor: number;
  readonly rrn: string | null;
  readonly authorisation_code: string | null;
  readonly surfaced: boolean;
  readonly disposition: 'kept' | 'undecided' | 'returned';
  readonly returns: readonly MadeReturn[] | null;
}

/** Charges of a payment. $1 payment id. */
export const chargesOf: Statement = {
  name: 'ledger.charges',
  text: `select c.result_id, c.attempt_id, c.amount_minor, c.rrn, c.authorisation_code, c.surfaced, c.disposition,
      (select json_agg(json_build_object('resultId', r.result_id, 'attemptId', r.attempt_id, 'amountMinor', r.amount_minor, 'rrn', r.rrn) order by r.id)
        from ledger.charge_return r where r.charge_result_id = c.result_id) as returns
    from ledger.charge c where c.payment_id = $1 order by c.id`,
};
