import type { AttemptRecord, Change, EventWrite, Opening, PaymentRecord, PermitRecord } from '@kkm/flow/ledger';

/** Rows as they are handed to the statements: JSON that Postgres unpacks by column name. Times are RFC 3339. */
type Row = Readonly<Record<string, unknown>>;

const timeText = (ms: number): string => new Date(ms).toISOString();

/** Columns of `ledger.payment` that never change. */
export function newPaymentRow({ shown, orderExclusive, lateApproval }: PaymentRecord): Row {
  const { id, siteId, orderId, registerId, currency, purpose, metadata, createdAt } = shown;
  const asked = { site_id: siteId, order_id: orderId, register_id: registerId, order_exclusive: orderExclusive, late_approval: lateApproval };
  return { id, ...asked, currency, purpose, metadata, created_at: createdAt };
}

/** Columns of `ledger.payment` that changes write. */
export function paymentRow({ shown, surfacedUndecided, surfacedMinor, refundPendingMinor, decideAtMs, switchQr, guestQr }: PaymentRecord): Row {
  return {
    id: shown.id,
    terminal_id: shown.terminalId,
    amount_minor: shown.amount,
    method: shown.method,
    status: shown.status,
    charged_minor: shown.chargedAmount,
    refunded_minor: shown.refundedAmount,
    cancel_requested: shown.cancelRequested,
    switch_to: shown.switchTo,
    switch_bank: switchQr?.bank ?? null,
    switch_window_ms: switchQr?.windowMs ?? null,
    guest_bank: guestQr?.bank ?? null,
    guest_window_ms: guestQr?.windowMs ?? null,
    surfaced_undecided: surfacedUndecided,
    surfaced_minor: surfacedMinor,
    refund_pending_minor: refundPendingMinor,
    decide_at: decideAtMs === null ? null : timeText(decideAtMs),
    sequence: shown.sequence,
    updated_at: shown.updatedAt,
    expires_at: shown.expiresAt,
    closed_at: shown.closedAt,
  };
}

/** A whole row of `ledger.attempt`. */
export function attemptRow(payment: PaymentRecord, attempt: AttemptRecord): Row {
  const { shown } = attempt;
  return {
    id: shown.id,
    payment_id: payment.shown.id,
    number: shown.number,
    operation: shown.operation,
    method: shown.method,
    money_path: attempt.moneyPath,
    site_id: payment.shown.siteId,
    terminal_id: shown.terminalId,
    amount_minor: shown.amount,
    charged_minor: attempt.chargedMinor,
    status: shown.status,
    reason: shown.reason,
    message: shown.message,
    host_response_code: shown.hostResponseCode,
    card: shown.card,
    rrn: shown.rrn,
    authorisation_code: shown.authorisationCode,
    bank_terminal_id: shown.bankTerminalId,
    merchant_id: attempt.merchantId,
    bank: shown.bank,
    terminal_time: attempt.terminalTime,
    slip: shown.slip,
    read_failures: shown.readFailures,
    qr_payload: shown.qr?.payload ?? null,
    qr_expires_at: shown.qr?.expiresAt ?? null,
    expires_at: timeText(attempt.expiresAtMs),
    created_at: shown.createdAt,
    granted_at: shown.grantedAt,
    finished_at: shown.finishedAt,
    doubted_at: attempt.doubtedAtMs === null ? null : timeText(attempt.doubtedAtMs),
    original_attempt_id: attempt.original?.attemptId ?? null,
    original_result_id: attempt.original?.chargeResultId ?? null,
    original_rrn: attempt.original?.rrn ?? null,
    original_authorisation_code: attempt.original?.authorisationCode ?? null,
    ledger_sends: attempt.ledgerSends,
  };
}

/** The row that a permit write works on; `kind` chooses between insert and update. */
export function permitRow({ next, permit }: Change): Row | null {
  if (!permit) return null;
  const about = { kind: permit.kind, payment_id: next.shown.id, attempt_id: permit.attemptId };
  if (permit.kind === 'lapse') return { ...about, nonce: permit.nonce, lease_until: timeText(permit.leaseUntilMs) };
  const takeOver = permit.kind === 'take-over' ? { from_nonce: permit.from, taken_over_at: timeText(permit.atMs) } : {};
  return { ...about, ...permitColumns(permit.permit), ...takeOver };
}

function permitColumns(permit: PermitRecord): Row {
  const { nonce, workerId, grantedAtMs, leaseUntilMs, takeOvers, grantedTo } = permit;
  return { nonce, worker_id: workerId, granted_at: timeText(grantedAtMs), lease_until: timeText(leaseUntilMs), take_overs: takeOvers, granted_to: grantedTo };
}

/** The charge a change records. Kept when it is the attempt's own outcome, undecided when it surfaced. */
export function chargeRow({ next, charge }: Change): Row | null {
  if (!charge) return null;
  const { rrn, authorisationCode, bankTerminalId } = charge.facts;
  return {
    payment_id: next.shown.id,
    attempt_id: charge.attemptId,
    result_id: charge.resultId,
    amount_minor: charge.amountMinor,
    rrn,
    authorisation_code: authorisationCode,
    bank_terminal_id: bankTerminalId,
    facts: charge.facts,
    surfaced: charge.surfaced,
    disposition: charge.surfaced ? 'undecided' : 'kept',
    recorded_at: next.shown.updatedAt,
  };
}

/** The row of money that a change gives back. */
export function returnRow({ next, returned }: Change): Row | null {
  if (!returned) return null;
  const { rrn, authorisationCode, bankTerminalId } = returned.facts;
  return {
    payment_id: next.shown.id,
    charge_result_id: returned.chargeResultId,
    attempt_id: returned.attemptId,
    result_id: returned.resultId,
    amount_minor: returned.amountMinor,
    rrn,
    authorisation_code: authorisationCode,
    bank_terminal_id: bankTerminalId,
    facts: returned.facts,
    surfaced: returned.surfaced,
  };
}

/** Rows of `ledger.posting`. */
export function postingRows({ next, postings }: Change): readonly Row[] {
  const about = { payment_id: next.shown.id, currency: next.shown.currency };
  return postings.map(({ entryId, account, amountMinor }) => ({ ...about, entry_id: entryId, account, amount_minor: amountMinor }));
}

/** Rows of `ledger.event`. A rejected request that named no site goes out under `unknown`. */
export function eventRows(paymentId: string | null, events: readonly EventWrite[], traceparent: string | null): readonly Row[] {
  return events.map(({ siteId, what, event }) => ({
    payment_id: paymentId,
    event_id: event.id,
    site_id: siteId,
    subject: event.subject,
    routing_key: `${siteId ?? 'unknown'}.payment.${what}`,
    traceparent,
    body: event,
  }));
}

/** The row of an idempotency key. */
export function keyRow(opening: Opening): Row {
  const { record, key } = opening;
  return { site_id: record.shown.siteId, key: key.key, fingerprint: key.fingerprint, payment_id: record.shown.id, attempt_id: record.attempts[0]?.shown.id };
}
