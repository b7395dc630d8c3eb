import { check } from '@kkm/core';
import type { BankIdentity, Method, MoneyPath, Operation } from '@kkm/core';
import { timeText } from './records';
import type { AttemptRecord, QrRecord } from './records';
import type { LedgerSurroundings } from './surroundings';

/** What a new attempt is to do. */
export interface AskedAttempt {
  readonly number: number;
  readonly operation: Operation;
  readonly method: Method;
  /** Absent: `terminal`. */
  readonly moneyPath?: MoneyPath;
  readonly qr?: QrRecord | null;
  readonly terminalId: string;
  /** What the bank knows the terminal by; kept where the money moves through it. */
  readonly bank: BankIdentity | null;
  readonly amount: number;
  readonly expiresInSeconds: number;
  /** Absent: false, see {@link AttemptRecord}. */
  readonly ledgerSends?: boolean;
}

/** A queued sale attempt. */
export function newSale(about: Omit<AskedAttempt, 'operation'>, around: LedgerSurroundings): AttemptRecord {
  return newAttempt({ ...about, operation: 'sale' }, around);
}

/** A queued attempt. */
export function newAttempt(about: AskedAttempt, around: LedgerSurroundings): AttemptRecord {
  check(Number.isSafeInteger(about.amount) && about.amount > 0, 'an attempt has an amount');
  const now = around.nowMs();
  const shown: AttemptRecord['shown'] = {
    id: around.newId('att'),
    number: about.number,
    operation: about.operation,
    method: about.method,
    terminalId: about.terminalId,
    amount: about.amount,
    status: 'queued',
    reason: null,
    message: null,
    hostResponseCode: null,
    card: null,
    rrn: null,
    authorisationCode: null,
    bankTerminalId: null,
    // A bank's QR has a contract of its own: its money goes where that says.
    bank: about.moneyPath === 'bank_qr' ? null : about.bank,
    slip: null,
    readFailures: 0,
    qr: null,
    createdAt: timeText(now),
    grantedAt: null,
    finishedAt: null,
  };
  return {
    shown,
    moneyPath: about.moneyPath ?? 'terminal',
    qr: about.qr ?? null,
    expiresAtMs: now + about.expiresInSeconds * 1000,
    chargedMinor: 0,
    merchantId: null,
    terminalTime: null,
    permit: null,
    resolution: null,
    original: null,
    doubtedAtMs: null,
    ledgerSends: about.ledgerSends ?? false,
  };
}
