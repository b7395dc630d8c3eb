import type { OutcomeReason, QrStage, SbpBankName } from '@kkm/core';
import type { AttemptRecord, QrRecord } from '@kkm/flow/ledger';

/** A row of `ledger.qr q`, as read through an outer join. */
export interface QrRow {
  readonly q_bank: SbpBankName | null;
  readonly q_stage: QrStage | null;
  readonly q_window_ms: number | null;
  readonly q_asked_at: Date | null;
  readonly q_qr_id: string | null;
  readonly q_bank_expires_at: Date | null;
  readonly q_show_until: Date | null;
  readonly q_end_reason: OutcomeReason | null;
  readonly q_ending_since: Date | null;
  readonly q_next_ask_at: Date | null;
  readonly q_asks: number | null;
  readonly q_watch_until: Date | null;
  readonly q_transaction_id: string | null;
}

/** Columns of `ledger.qr` that changes write, with their types. */
const columns = [
  ['stage', 'text'],
  ['asked_at', 'timestamptz'],
  ['qr_id', 'text'],
  ['bank_expires_at', 'timestamptz'],
  ['show_until', 'timestamptz'],
  ['end_reason', 'text'],
  ['ending_since', 'timestamptz'],
  ['next_ask_at', 'timestamptz'],
  ['asks', 'integer'],
  ['watch_until', 'timestamptz'],
  ['transaction_id', 'text'],
] as const;
const names = columns.map(([name]) => name);
const types = `payment_id text, attempt_id text, bank text, window_ms integer, ${columns.map(([name, type]) => `${name} ${type}`).join(', ')}`;

/** The columns of a {@link QrRow}. */
export const qrColumns = ['bank', 'window_ms', ...names].map((name) => `q.${name} as q_${name}`).join(', ');

/** The QR of an attempt; null when its money moves otherwise. */
export function qrFrom(row: QrRow): AttemptRecord['qr'] {
  const { q_bank: bank, q_stage: stage, q_window_ms: windowMs, q_asks: asks } = row;
  if (bank === null || stage === null || windowMs === null || asks === null) return null;
  return {
    bank,
    stage,
    windowMs,
    askedAtMs: msOf(row.q_asked_at),
    qrId: row.q_qr_id,
    bankExpiresAtMs: msOf(row.q_bank_expires_at),
    showUntilMs: msOf(row.q_show_until),
    endReason: row.q_end_reason,
    endingSinceMs: msOf(row.q_ending_since),
    nextAskAtMs: msOf(row.q_next_ask_at),
    asks,
    watchUntilMs: msOf(row.q_watch_until),
    transactionId: row.q_transaction_id,
  };
}

/** The row that a QR of an attempt is written from. */
export function qrRow(paymentId: string, attemptId: string, qr: QrRecord): Readonly<Record<string, unknown>> {
  return {
    payment_id: paymentId,
    attempt_id: attemptId,
    bank: qr.bank,
    stage: qr.stage,
    window_ms: qr.windowMs,
    asked_at: timeOf(qr.askedAtMs),
    qr_id: qr.qrId,
    bank_expires_at: timeOf(qr.bankExpiresAtMs),
    show_until: timeOf(qr.showUntilMs),
    end_reason: qr.endReason,
    ending_since: timeOf(qr.endingSinceMs),
    next_ask_at: timeOf(qr.nextAskAtMs),
    asks: qr.asks,
    watch_until: timeOf(qr.watchUntilMs),
    transaction_id: qr.transactionId,
  };
}

/** Rows of the QRs that new attempts begin with. */
export function plannedQrRows(paymentId: string, attempts: readonly AttemptRecord[]): readonly Readonly<Record<string, unknown>>[] {
  return attempts.flatMap(({ shown, qr }) => (qr ? [qrRow(paymentId, shown.id, qr)] : []));
}

/** Inserts the QRs of parameter `p` for payments in `rows`. */
export function insertQrs(p: string, rows: string): string {
  return `insert into ledger.qr (attempt_id, bank, window_ms, ${names.join(', ')}) select t.attempt_id, t.bank, t.window_ms, ${names.map((name) => `t.${name}`).join(', ')}
      from json_to_recordset(${p}) as t(${types}) join ${rows} s on s.id = t.payment_id`;
}

/** Writes what became of the QRs of parameter `p`, for payments that were `saved`. */
export function updateQrs(p: string): string {
  return `update ledger.qr q set ${names.map((name) => `${name} = t.${name}`).join(', ')}
      from json_to_recordset(${p}) as t(${types}) join saved s on s.id = t.payment_id where q.attempt_id = t.attempt_id`;
}

function msOf(time: Date | null): number | null {
  return time?.getTime() ?? null;
}

function timeOf(ms: number | null): string | null {
  return ms === null ? null : new Date(ms).toISOString();
}
