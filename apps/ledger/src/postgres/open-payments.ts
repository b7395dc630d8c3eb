import type { OpenAnswer, Opening } from '@kkm/flow/ledger';
import type { Sql } from '@kkm/postgres';
import { openStatement } from './open-statement';
import type { OpenRow } from './open-statement';
import { plannedQrRows } from './qr.row';
import { attemptRow, eventRows, keyRow, newPaymentRow, paymentRow } from './written-rows';

/** Opens payments in one transaction. `stale`: a key was used by a transaction that the statement could not see yet; run it again. */
export async function openPayments(
  sql: Sql,
  openings: readonly (Opening & { readonly traceparent: string | null })[],
): Promise<readonly (OpenAnswer | 'stale')[]> {
  // Keys are inserted in the order they are given, so that two batches with the same keys cannot wait for each other for ever.
  const sorted = [...openings].sort((one, other) => (one.key.key < other.key.key ? -1 : 1));
  const payments = sorted.map(({ record }) => ({ ...newPaymentRow(record), ...paymentRow(record) }));
  const attempts = sorted.flatMap(({ record }) => record.attempts.map((attempt) => attemptRow(record, attempt)));
  const events = sorted.flatMap((opening) => eventRows(opening.record.shown.id, opening.events, opening.traceparent));
  const qrs = sorted.flatMap(({ record }) => plannedQrRows(record.shown.id, record.attempts));
  const values = [payments, attempts, sorted.map(keyRow), events, qrs].map((rows) => JSON.stringify(rows));
  const rows = await sql.rows<OpenRow>(openStatement, values);
  const answers = new Map(rows.map((row) => [row.id, answerOf(row)]));
  return openings.map(({ record }) => answers.get(record.shown.id) ?? 'stale');
}

/** A used key comes before a busy order: the repeat of the request that made it busy is answered like the first. */
function answerOf(row: OpenRow): OpenAnswer | 'stale' {
  if (row.opened) return { kind: 'opened' };
  if (row.fingerprint !== null && row.payment_id !== null && row.attempt_id !== null) {
    return { kind: 'key-used', use: { fingerprint: row.fingerprint, paymentId: row.payment_id, attemptId: row.attempt_id } };
  }
  return row.conflict === null ? 'stale' : { kind: row.conflict };
}
