import type { Attempt, BankIdentity, CardFacts, LateApproval, MoneyPath, Payment, SbpBankName } from '@kkm/core';
import { plannedQr } from '@kkm/flow/ledger';
import type { AttemptRecord, PaymentRecord, QrRecord, SurfacedCharge } from '@kkm/flow/ledger';
import { qrColumns, qrFrom } from './qr.row';
import type { QrRow } from './qr.row';
import { resolutionColumns, resolutionFrom } from './resolution.row';
import type { ResolutionRow } from './resolution.row';

/** A row of `ledger.payment`, as read. */
interface PaymentRow {
  readonly id: string;
  readonly site_id: string;
  readonly order_id: string;
  readonly register_id: string | null;
  readonly terminal_id: string;
  readonly amount_minor: number;
  readonly currency: Payment['currency'];
  readonly method: Payment['method'];
  readonly purpose: Payment['purpose'];
  readonly status: Payment['status'];
  readonly charged_minor: number;
  readonly refunded_minor: number;
  readonly cancel_requested: Payment['cancelRequested'];
  readonly switch_to: Payment['switchTo'];
  readonly switch_bank: SbpBankName | null;
  readonly switch_window_ms: number | null;
  readonly guest_bank: SbpBankName | null;
  readonly guest_window_ms: number | null;
  readonly order_exclusive: boolean;
  readonly late_approval: LateApproval;
  readonly surfaced_undecided: number;
  readonly surfaced_minor: number;
  readonly refund_pending_minor: number;
  readonly decide_at: Date | null;
  readonly sequence: number;
  readonly metadata: Readonly<Record<string, string>>;
  readonly created_at: Date;
  readonly updated_at: Date;
  readonly expires_at: Date;
  readonly closed_at: Date | null;
}

/** A row of `ledger.attempt`, as read. */
interface AttemptRow {
  readonly id: string;
  readonly number: number;
  readonly operation: Attempt['operation'];
  readonly method: Attempt['method'];
  readonly money_path: MoneyPath;
  readonly terminal_id: string;
  readonly amount_minor: number;
  readonly charged_minor: number;
  readonly status: Attempt['status'];
  readonly reason: Attempt['reason'];
  readonly message: string | null;
  readonly host_response_code: string | null;
  readonly card: CardFacts | null;
  readonly rrn: string | null;
  readonly authorisation_code: string | null;
  readonly bank_terminal_id: string | null;
  readonly merchant_id: string | null;
  readonly bank: BankIdentity | null;
  readonly terminal_time: string | null;
  readonly slip: string | null;
  readonly read_failures: number;
  readonly qr_payload: string | null;
  readonly qr_expires_at: Date | null;
  readonly expires_at: Date;
  readonly created_at: Date;
  readonly granted_at: Date | null;
  readonly finished_at: Date | null;
  readonly doubted_at: Date | null;
  readonly original_attempt_id: string | null;
  readonly original_result_id: string | null;
  readonly original_rrn: string | null;
  readonly original_authorisation_code: string | null;
  readonly ledger_sends: boolean;
}

/** A row of `ledger.permit`, as read through an outer join. */
interface PermitRow {
  readonly nonce: string | null;
  readonly worker_id: string | null;
  readonly granted_at: Date | null;
  readonly lease_until: Date | null;
  readonly take_overs: number | null;
  readonly granted_to: string | null;
}

type Prefixed<Row, Prefix extends string> = { readonly [Key in keyof Row & string as `${Prefix}${Key}`]: Row[Key] };

/** One row of a read: a payment, one of its attempts, and that one's permit, QR and resolution. `ord` tells which of the things asked for it answers. */
export type RecordRow = { readonly ord: number; readonly p_surfaced: readonly SurfacedCharge[] | null } & Prefixed<PaymentRow, 'p_'> &
  Prefixed<AttemptRow, 'a_'> &
  Prefixed<PermitRow, 'g_'> &
  QrRow &
  ResolutionRow;

const paymentColumns: readonly (keyof PaymentRow)[] = [
  'id',
  'site_id',
  'order_id',
  'register_id',
  'terminal_id',
  'amount_minor',
  'currency',
  'method',
  'purpose',
  'status',
  'charged_minor',
  'refunded_minor',
  'cancel_requested',
  'switch_to',
  'switch_bank',
  'switch_window_ms',
  'guest_bank',
  'guest_window_ms',
  'order_exclusive',
  'late_approval',
  'surfaced_undecided',
  'surfaced_minor',
  'refund_pending_minor',
  'decide_at',
  'sequence',
  'metadata',
  'created_at',
  'updated_at',
  'expires_at',
  'closed_at',
];
const attemptColumns: readonly (keyof AttemptRow)[] = [
  'id',
  'number',
  'operation',
  'method',
  'money_path',
  'terminal_id',
  'amount_minor',
  'charged_minor',
  'status',
  'reason',
  'message',
  'host_response_code',
  'card',
  'rrn',
  'authorisation_code',
  'bank_terminal_id',
  'merchant_id',
  'bank',
  'terminal_time',
  'slip',
  'read_failures',
  'qr_payload',
  'qr_expires_at',
  'expires_at',
  'created_at',
  'granted_at',
  'finished_at',
  'doubted_at',
  'original_attempt_id',
  'original_result_id',
  'original_rrn',
  'original_authorisation_code',
  'ledger_sends',
];
const permitColumns: readonly (keyof PermitRow)[] = ['nonce', 'worker_id', 'granted_at', 'lease_until', 'take_overs', 'granted_to'];

const prefixed = (alias: string, columns: readonly string[]): string => columns.map((column) => `${alias}.${column} as ${alias}_${column}`).join(', ');

const surfacedColumn = `(select json_agg(json_build_object('attemptId', c.attempt_id, 'resultId', c.result_id, 'amount', c.amount_minor, 'rrn', c.rrn, 'disposition', c.disposition, 'at', c.recorded_at) order by c.id)
  from ledger.charge c where c.payment_id = p.id and c.surfaced) as p_surfaced`;

/** The columns of a {@link RecordRow}, for a select from `payment p`, `attempt a`, `permit g`, `qr q` and `resolution r`. */
export const recordColumns = [
  prefixed('p', paymentColumns),
  prefixed('a', attemptColumns),
  prefixed('g', permitColumns),
  qrColumns,
  resolutionColumns,
  surfacedColumn,
].join(', ');

/** What joins a payment `p` to its attempts, their permits, QRs and resolutions. */
export const recordJoins = `join ledger.attempt a on a.payment_id = p.id
  left join ledger.permit g on g.attempt_id = a.id left join ledger.qr q on q.attempt_id = a.id left join ledger.resolution r on r.attempt_id = a.id`;

/** The record that rows of one payment make; rows come by attempt number. */
export function recordFrom(rows: readonly [RecordRow, ...RecordRow[]]): PaymentRecord {
  const [row] = rows;
  return {
    orderExclusive: row.p_order_exclusive,
    surfacedUndecided: row.p_surfaced_undecided,
    surfaced: (row.p_surfaced ?? []).map((money) => ({ ...money, at: new Date(money.at).toISOString() })),
    surfacedMinor: row.p_surfaced_minor,
    refundPendingMinor: row.p_refund_pending_minor,
    lateApproval: row.p_late_approval,
    decideAtMs: row.p_decide_at?.getTime() ?? null,
    switchQr: plannedFrom(row.p_switch_bank, row.p_switch_window_ms),
    guestQr: plannedFrom(row.p_guest_bank, row.p_guest_window_ms),
    attempts: rows.map(attemptFrom),
    shown: {
      id: row.p_id,
      siteId: row.p_site_id,
      orderId: row.p_order_id,
      registerId: row.p_register_id,
      terminalId: row.p_terminal_id,
      amount: row.p_amount_minor,
      currency: row.p_currency,
      method: row.p_method,
      purpose: row.p_purpose,
      status: row.p_status,
      chargedAmount: row.p_charged_minor,
      refundedAmount: row.p_refunded_minor,
      cancelRequested: row.p_cancel_requested,
      switchTo: row.p_switch_to,
      sequence: row.p_sequence,
      createdAt: row.p_created_at.toISOString(),
      updatedAt: row.p_updated_at.toISOString(),
      expiresAt: row.p_expires_at.toISOString(),
      closedAt: row.p_closed_at?.toISOString() ?? null,
      metadata: row.p_metadata,
    },
  };
}

function plannedFrom(bank: SbpBankName | null, windowMs: number | null): QrRecord | null {
  return bank !== null && windowMs !== null ? plannedQr(bank, windowMs / 1_000) : null;
}

function attemptFrom(row: RecordRow): AttemptRecord {
  const qr = row.a_qr_payload !== null && row.a_qr_expires_at ? { payload: row.a_qr_payload, expiresAt: row.a_qr_expires_at.toISOString() } : null;
  return {
    moneyPath: row.a_money_path,
    qr: qrFrom(row),
    expiresAtMs: row.a_expires_at.getTime(),
    chargedMinor: row.a_charged_minor,
    merchantId: row.a_merchant_id,
    terminalTime: row.a_terminal_time,
    permit: permitFrom(row),
    resolution: resolutionFrom(row),
    original: originalFrom(row),
    doubtedAtMs: row.a_doubted_at?.getTime() ?? null,
    ledgerSends: row.a_ledger_sends,
    shown: {
      id: row.a_id,
      number: row.a_number,
      operation: row.a_operation,
      method: row.a_method,
      terminalId: row.a_terminal_id,
      amount: row.a_amount_minor,
      status: row.a_status,
      reason: row.a_reason,
      message: row.a_message,
      hostResponseCode: row.a_host_response_code,
      card: row.a_card,
      rrn: row.a_rrn,
      authorisationCode: row.a_authorisation_code,
      bankTerminalId: row.a_bank_terminal_id,
      bank: row.a_bank,
      slip: row.a_slip,
      readFailures: row.a_read_failures,
      qr,
      createdAt: row.a_created_at.toISOString(),
      grantedAt: row.a_granted_at?.toISOString() ?? null,
      finishedAt: row.a_finished_at?.toISOString() ?? null,
    },
  };
}

function originalFrom(row: RecordRow): AttemptRecord['original'] {
  const { a_original_attempt_id: attemptId, a_original_result_id: chargeResultId, a_original_rrn: rrn } = row;
  if (attemptId === null || chargeResultId === null || rrn === null) return null;
  return { attemptId, chargeResultId, rrn, authorisationCode: row.a_original_authorisation_code };
}

function permitFrom(row: RecordRow): AttemptRecord['permit'] {
  if (row.g_nonce === null || row.g_worker_id === null || !row.g_granted_at || !row.g_lease_until || row.g_take_overs === null) return null;
  return {
    nonce: row.g_nonce,
    workerId: row.g_worker_id,
    grantedAtMs: row.g_granted_at.getTime(),
    leaseUntilMs: row.g_lease_until.getTime(),
    takeOvers: row.g_take_overs,
    grantedTo: row.g_granted_to,
  };
}

/** Groups rows by what they answer: the rows of the thing asked for first, second, … An empty group means that nothing was found. */
export function groupRows<Row extends { readonly ord: number }>(rows: readonly Row[], asked: number): readonly (readonly Row[])[] {
  const groups: Row[][] = Array.from({ length: asked }, () => []);
  for (const row of rows) groups[row.ord - 1]?.push(row);
  return groups;
}

/** Whether a group has rows. */
export function hasRows<Row>(rows: readonly Row[]): rows is readonly [Row, ...Row[]] {
  return rows.length > 0;
}
