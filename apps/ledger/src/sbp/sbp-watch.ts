import { idMadeAtMs, KnownError } from '@kkm/core';
import type { SbpBankName } from '@kkm/core';
import type { QrAtBank, QrWatch, RefundAtBank, RefundWatch, SbpBank } from '@kkm/flow/ledger';
import type { Logger, Metrics } from '@kkm/observability';

/** What is asked of a bank. */
type BankCall = 'create' | 'status' | 'cancel' | 'refund' | 'refundStatus';

/** Counts, times and tells what the ledger asks banks. No payload, no secret and no text of a bank is in any of it. */
export class SbpWatch implements QrWatch, RefundWatch {
  private readonly calls;
  private readonly standings;
  private readonly openToPaid;

  constructor(
    metrics: Metrics,
    private readonly log: Logger,
  ) {
    this.calls = metrics.histogram({
      name: 'kkm_sbp_call_seconds',
      help: 'Calls to SBP banks, by bank, call and what came of them: ok, or the code of the failure.',
      labels: ['bank', 'call', 'outcome'],
    });
    this.standings = metrics.counter({
      name: 'kkm_sbp_standings_total',
      help: 'What banks said of QRs and refunds when they were asked, no-answer included.',
      labels: ['bank', 'about', 'standing'],
    });
    this.openToPaid = metrics.histogram({
      name: 'kkm_sbp_open_to_paid_seconds',
      help: 'Time from the opening of an attempt to its bank first saying paid.',
      labels: ['bank'],
    });
  }

  asked(bank: string, about: 'status' | 'cancel' | 'refund' | 'refund-status', standing: QrAtBank['kind'] | RefundAtBank['kind'] | 'no-answer'): void {
    this.standings.inc({ bank, about, standing });
  }

  failed(error: unknown): void {
    this.log.warn({ err: error }, 'a QR or a refund could not be asked about and is tried again');
  }

  /** The bank with its calls timed, and failures told. */
  over(name: SbpBankName, siteId: string, bank: SbpBank): SbpBank {
    const timed = <T>(call: BankCall, orderId: string, run: () => Promise<T>): Promise<T> => this.timed({ bank: name, siteId, call, orderId }, run);
    return {
      create: (order) => timed('create', order.orderId, () => bank.create(order)),
      status: async (qr) => {
        const at = await timed('status', qr.orderId, () => bank.status(qr));
        if (at.kind === 'paid') this.paid(name, qr.orderId);
        return at;
      },
      cancel: (qr) => timed('cancel', qr.orderId, () => bank.cancel(qr)),
      refund: (refund) => timed('refund', refund.orderId, () => bank.refund(refund)),
      refundStatus: (refund) => timed('refundStatus', refund.orderId, () => bank.refundStatus(refund)),
      readNotification: (headers, body) => {
        const heard = bank.readNotification(headers, body);
        if (heard.status.kind === 'paid') this.paid(name, heard.orderId);
        return heard;
      },
      notificationReply: bank.notificationReply,
    };
  }

  private paid(bank: SbpBankName, orderId: string): void {
    const madeAtMs = idMadeAtMs(orderId);
    if (madeAtMs !== null) this.openToPaid.observe({ bank }, Math.max(0, Date.now() - madeAtMs) / 1000);
  }

  private async timed<T>(
    about: { readonly bank: SbpBankName; readonly siteId: string; readonly call: BankCall; readonly orderId: string },
    run: () => Promise<T>,
  ): Promise<T> {
    const { bank, call, siteId, orderId: attemptId } = about;
    const startedMs = performance.now();
    const ended = (outcome: string): void => this.calls.observe({ bank, call, outcome }, (performance.now() - startedMs) / 1000);
    try {
      const answer = await run();
      ended('ok');
      return answer;
    } catch (error) {
      const code = error instanceof KnownError ? error.code : 'internal';
      ended(code);
      this.log.warn({ bank, call, siteId, attemptId, code, detail: error instanceof KnownError ? error.detail : undefined }, 'a bank’s answer failed');
      throw error;
    }
  }
}
