import { check, isFinalAttempt, KnownError } from '@kkm/core';
import type { OutcomeReason, QrAnswer, QrRequest } from '@kkm/core';
import { changeOf, hiddenChangeOf } from '../change';
import { timeText } from '../records';
import type { QrRecord } from '../records';
import { stale, untilSaved } from '../until-saved';
import { qrMove } from './qr-decision';
import { sbpTimes } from './sbp-bank';
import type { CreatedQr, SbpBanks, SbpOrder } from './sbp-bank';
import { findQr, SettleQr } from './settle-qr';
import type { FoundQr, QrPorts } from './settle-qr';

/** How soon a worker asks again while another handling of its question is at the bank. */
const retryAfterMs = 300;
/** The bank may take the code a little longer than the guest is given: its clock is its own. */
const bankGraceMs = 60_000;

/**
 * Tells the worker that has the permit what to show. The first to ask makes the ledger ask the bank: it writes down that it asks, asks once, writes
 * down what came, and only then tells it (design-money, clause 19).
 */
export class AskForQr {
  private readonly settle: SettleQr;

  constructor(
    private readonly ports: QrPorts,
    private readonly banks: SbpBanks,
  ) {
    this.settle = new SettleQr(ports);
  }

  /** Never throws for what a worker may meet. Takes as long as the bank does, at most {@link sbpTimes.callMs}. */
  async execute(request: QrRequest): Promise<QrAnswer> {
    return untilSaved<QrAnswer>(async () => {
      const found = await findQr(this.ports.store, request.attemptId);
      const { record, attempt } = found ?? {};
      if (!found || record?.shown.siteId !== request.siteId || attempt?.shown.terminalId !== request.terminalId) return { kind: 'not-in-force' };
      if (isFinalAttempt(found.attempt.shown.status)) return endedAnswer(found);
      if (found.attempt.permit?.nonce !== request.nonce) return { kind: 'not-in-force' };
      return this.answer(found, request);
    });
  }

  private async answer(found: FoundQr, { display }: QrRequest): Promise<QrAnswer | typeof stale> {
    const { around } = this.ports;
    const { record, attempt, qr } = found;
    const nowMs = around.nowMs();
    const cancelPending = record.shown.cancelRequested === 'pending';
    const move = qrMove({ qr, status: attempt.shown.status, cancelPending, leaseUntilMs: attempt.permit?.leaseUntilMs ?? null, nowMs });
    const reason = qr.stage === 'open' && move.kind === 'ask' ? reasonOf(display) : null;
    if (reason !== null) return this.again(await this.settle.end(found, reason));
    switch (move.kind) {
      case 'give-up':
        return this.again(await this.settle.giveUp(found, move));
      case 'end':
        return this.again(await this.settle.end(found, move.reason));
      case 'rest':
        return this.leave(found);
      case 'wait':
        return qr.stage === 'planned' ? this.ask(found) : { kind: 'wait', retryAfterMs };
      case 'ask':
        return qr.stage === 'open' ? showAnswer(found, nowMs) : this.leave(found);
    }
  }

  /** What was saved is looked at anew. */
  private again(_saved: unknown): typeof stale {
    return stale;
  }

  /** The display has ended, whatever the bank has still to say: the terminal is free. */
  private async leave(found: FoundQr): Promise<QrAnswer | typeof stale> {
    const { permit, shown } = found.attempt;
    const nowMs = this.ports.around.nowMs();
    if (permit && permit.leaseUntilMs > nowMs) {
      const lapse = { kind: 'lapse', attemptId: shown.id, nonce: permit.nonce, leaseUntilMs: nowMs } as const;
      if ((await this.ports.store.save(hiddenChangeOf(found.record, { permit: lapse }))) !== 'saved') return stale;
    }
    return endedAnswer(found);
  }

  private async ask(found: FoundQr): Promise<typeof stale> {
    const { store, around } = this.ports;
    const { record, attempt, qr } = found;
    const askedAtMs = around.nowMs();
    const bank = await this.banks.of(record.shown.siteId, qr.bank);
    if (!bank) return this.again(await this.settle.giveUp(found, { stage: 'planned', reason: 'not_supported', message: 'sbp.bank_not_configured' }));
    const asked: QrRecord = { ...qr, stage: 'asked', askedAtMs, nextAskAtMs: askedAtMs + sbpTimes.askedMs, watchUntilMs: askedAtMs + sbpTimes.watchMs };
    // The sequence moves, so that of all who saw it planned only one asks.
    const change = changeOf(record, { qr: { attemptId: attempt.shown.id, qr: asked }, silent: true }, around);
    if ((await store.save(change)) !== 'saved') return stale;
    try {
      const created = await bank.create(orderOf(found, askedAtMs));
      await this.open(attempt.shown.id, created);
    } catch (error) {
      if (!(error instanceof KnownError)) throw error;
      await this.refused(attempt.shown.id, error);
    }
    return stale;
  }

  /** Writes down what the bank made. When the attempt has ended meanwhile nobody will be told of it. */
  private async open(attemptId: string, created: CreatedQr): Promise<void> {
    await untilSaved(async () => {
      const found = await findQr(this.ports.store, attemptId);
      check(found, 'what was asked about is still there');
      const { record, attempt, qr } = found;
      if (qr.stage !== 'asked' || attempt.shown.status !== 'granted') return null;
      const nowMs = this.ports.around.nowMs();
      const showUntilMs = nowMs + qr.windowMs;
      const open: QrRecord = {
        ...qr,
        stage: 'open',
        qrId: created.qrId,
        bankExpiresAtMs: created.expiresAtMs ?? (qr.askedAtMs ?? nowMs) + qr.windowMs + bankGraceMs,
        showUntilMs,
        nextAskAtMs: nowMs + sbpTimes.pollMs,
        asks: 0,
      };
      const shown = { ...attempt.shown, qr: { payload: created.payload, expiresAt: timeText(showUntilMs) } };
      const change = changeOf(record, { changed: [{ ...attempt, shown }], qr: { attemptId, qr: open }, silent: true }, this.ports.around);
      return (await this.ports.store.save(change)) === 'saved' ? null : stale;
    });
  }

  /** The bank made nothing, or its answer was lost: then it may have made a code that nobody will ever see. */
  private async refused(attemptId: string, error: KnownError): Promise<void> {
    const reason = error.code === 'sbp.refused' ? 'not_supported' : 'host_unreachable';
    await untilSaved(async () => {
      const found = await findQr(this.ports.store, attemptId);
      if (found?.qr.stage !== 'asked') return null;
      return await this.settle.giveUp(found, { stage: 'lost', reason, message: error.detail ?? error.code });
    });
  }
}

function reasonOf(display: QrRequest['display']): OutcomeReason | null {
  if (display === 'cancelled') return 'customer_cancelled';
  return display === 'refused' ? 'not_supported' : null;
}

function showAnswer({ attempt, qr }: FoundQr, nowMs: number): QrAnswer {
  check(attempt.shown.qr && qr.showUntilMs !== null, 'an open QR has a payload and a time');
  return { kind: 'show', qr: attempt.shown.qr, forMs: Math.max(1, qr.showUntilMs - nowMs) };
}

function endedAnswer({ attempt }: FoundQr): QrAnswer {
  return { kind: 'ended', status: attempt.shown.status, reason: attempt.shown.reason };
}

function orderOf({ record, attempt, qr }: FoundQr, askedAtMs: number): SbpOrder {
  return {
    orderId: attempt.shown.id,
    amountMinor: attempt.shown.amount,
    currency: record.shown.currency,
    expiresAtMs: askedAtMs + qr.windowMs + bankGraceMs,
    purpose: `Заказ ${record.shown.orderId}`.slice(0, 140),
  };
}
