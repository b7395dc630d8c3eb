import { readFailureRate } from '@kkm/core';
import type { HealthFigures, Operation, OutcomeReason, Purpose, TimeSpread } from '@kkm/core';
import type { HealthReader, TerminalTold } from '@kkm/flow/ledger';
import type { Sql, Statement } from '@kkm/postgres';

/** A row of {@link standing}. */
interface StandingRow {
  readonly worker_id: string | null;
  readonly taken_at: Date | null;
  readonly seen_at: Date | null;
  readonly link: 'up' | 'down' | null;
  readonly link_since: Date | null;
  readonly payment_id: string | null;
  readonly attempt_id: string | null;
  readonly operation: Operation | null;
  readonly purpose: Purpose | null;
  readonly status: 'granted' | 'unknown' | null;
  readonly granted_at: Date | null;
  readonly last_answer_at: Date | null;
}

/** A row of {@link figures}; `bucket` is null in that of the whole period. */
interface FiguresRow {
  readonly bucket: Date | null;
  readonly sales: number;
  readonly approved: number;
  readonly declined: number;
  readonly cancelled: number;
  readonly failed: number;
  readonly read_failures: number;
  readonly approval_ms: readonly [number, number] | null;
  readonly doubts: number;
  readonly doubts_open: number;
  readonly resolve_ms: readonly [number, number] | null;
}

/** A row of {@link failures}. */
interface FailureRow {
  readonly bucket: Date | null;
  readonly reason: OutcomeReason;
  readonly count: number;
}

/** Lease, link and occupant of a terminal; a QR holds it while its display is driven. $1 site, $2 terminal, $3 now. */
const standing: Statement = {
  name: 'ledger.health-now',
  text: `
select l.worker_id, l.taken_at, w.seen_at, l.link, l.link_since, o.payment_id, o.id as attempt_id, o.operation, p.purpose, o.status, o.granted_at,
  (select a.finished_at from ledger.attempt a
    where a.site_id = $1 and a.terminal_id = $2 and a.operation = 'sale' and a.granted_at is not null and a.money_path = 'terminal'
      and a.status in ('approved', 'declined', 'cancelled')
    order by a.granted_at desc limit 1) as last_answer_at
from (select $1::text as site_id, $2::text as terminal_id) t
left join ledger.terminal_lease l on l.site_id = t.site_id and l.terminal_id = t.terminal_id
left join ledger.worker w on w.site_id = l.site_id and w.worker_id = l.worker_id
left join lateral (
  (select a.* from ledger.attempt a where a.site_id = t.site_id and a.terminal_id = t.terminal_id and a.money_path = 'terminal' and a.status in ('granted', 'unknown'))
  union all
  (select a.* from ledger.attempt a join ledger.permit g on g.attempt_id = a.id
    where a.site_id = t.site_id and a.terminal_id = t.terminal_id and a.money_path = 'bank_qr' and a.status = 'granted' and g.lease_until > $3)
  limit 1) o on true
left join ledger.payment p on p.id = o.payment_id`,
};

const sent = `
  from ledger.attempt where site_id = $1 and terminal_id = $2 and operation = 'sale' and granted_at is not null and granted_at >= $3 and granted_at < $4`;

const milliseconds = (from: string): string => `extract(epoch from finished_at - ${from}) * 1000`;

/** Sales by bucket, and of the whole period. $1 site, $2 terminal, $3 from, $4 to, $5 `hour` or `day`. */
const figures: Statement = {
  name: 'ledger.health',
  text: `
with sale as (select date_trunc($5, granted_at, 'UTC') as bucket, status, read_failures, doubted_at,
    case when status = 'approved' and money_path = 'terminal' then ${milliseconds('granted_at')} end as approval_ms,
    case when doubted_at is not null then ${milliseconds('doubted_at')} end as resolve_ms ${sent})
select bucket, count(*)::int as sales,
  count(*) filter (where status = 'approved')::int as approved, count(*) filter (where status = 'declined')::int as declined,
  count(*) filter (where status = 'cancelled')::int as cancelled, count(*) filter (where status = 'failed')::int as failed,
  coalesce(sum(read_failures), 0)::int as read_failures, percentile_cont(array[0.5, 0.95]) within group (order by approval_ms) as approval_ms,
  count(doubted_at)::int as doubts, count(doubted_at) filter (where status = 'unknown')::int as doubts_open,
  percentile_cont(array[0.5, 0.95]) within group (order by resolve_ms) as resolve_ms
from sale group by grouping sets ((bucket), ()) order by bucket`,
};

/** Why sales were not approved, by bucket and for the whole period. Values as {@link figures}. */
const failures: Statement = {
  name: 'ledger.health-failures',
  text: `
with sale as (select date_trunc($5, granted_at, 'UTC') as bucket, reason ${sent} and reason is not null and status <> 'approved')
select bucket, reason, count(*)::int as count from sale group by grouping sets ((bucket, reason), (reason)) order by count desc, reason`,
};

/** Reads a terminal's health from the attempts; the index `attempt_health` holds what is counted. */
export function healthReader(sql: Sql): HealthReader {
  return {
    health: async ({ siteId, terminalId, from, to, bucket }, nowMs) => {
      const period = [siteId, terminalId, new Date(from), new Date(to), bucket];
      const [[now], sums, reasons] = await Promise.all([
        sql.rows<StandingRow>(standing, [siteId, terminalId, new Date(nowMs)]),
        sql.rows<FiguresRow>(figures, period),
        sql.rows<FailureRow>(failures, period),
      ]);
      const shown = (row: FiguresRow | undefined): HealthFigures => figuresFrom(row ?? nothing, reasons);
      const total = sums.find((row) => row.bucket === null);
      const buckets = sums.flatMap((row) => (row.bucket ? [{ from: row.bucket.toISOString(), ...shown(row) }] : []));
      return { told: toldFrom(now), total: shown(total), buckets };
    },
  };
}

const nothing: FiguresRow = {
  ...{ bucket: null, sales: 0, approved: 0, declined: 0, cancelled: 0, failed: 0, read_failures: 0 },
  ...{ approval_ms: null, doubts: 0, doubts_open: 0, resolve_ms: null },
};

function figuresFrom(row: FiguresRow, reasons: readonly FailureRow[]): HealthFigures {
  const { bucket, sales, approved, declined, cancelled, failed, read_failures: readFailures } = row;
  return {
    sales,
    approved,
    declined,
    cancelled,
    failed,
    readFailures,
    readFailureRate: readFailureRate(readFailures, sales),
    approvalMs: spreadFrom(row.approval_ms),
    failures: reasons.filter((other) => other.bucket?.getTime() === bucket?.getTime()).map(({ reason, count }) => ({ reason, count })),
    inDoubt: { count: row.doubts, open: row.doubts_open, resolveMs: spreadFrom(row.resolve_ms) },
  };
}

/** Without a value there is nothing to tell; Postgres answers null, or an array of nulls. */
function spreadFrom(percentiles: readonly (number | null)[] | null): TimeSpread | null {
  const [p50, p95] = percentiles ?? [];
  return typeof p50 === 'number' && typeof p95 === 'number' ? { p50: Math.round(p50), p95: Math.round(p95) } : null;
}

function toldFrom(row: StandingRow | undefined): TerminalTold {
  const worker = row?.worker_id && row.taken_at ? { id: row.worker_id, since: row.taken_at.toISOString(), seenAt: row.seen_at?.toISOString() ?? null } : null;
  return {
    worker,
    link: row?.link ?? null,
    linkSince: row?.link_since?.toISOString() ?? null,
    busy: busyFrom(row),
    inDoubt: row?.status === 'unknown',
    lastAnswerAt: row?.last_answer_at?.toISOString() ?? null,
  };
}

function busyFrom(row: StandingRow | undefined): TerminalTold['busy'] {
  const { payment_id: paymentId, attempt_id: attemptId, operation, purpose, granted_at: grantedAt } = row ?? {};
  return paymentId && attemptId && operation && purpose && grantedAt ? { paymentId, attemptId, operation, purpose, since: grantedAt.toISOString() } : null;
}
