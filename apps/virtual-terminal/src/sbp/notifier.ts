import { createHmac } from 'node:crypto';
import { formatMinor } from '@kkm/core';
import type { SbpQrRow } from '@kkm/drivers/terminals';

/** A payment that a merchant is to be told of. */
export interface Notice {
  readonly qr: SbpQrRow;
  readonly secret: string;
  readonly url: string;
}

/** Times, milliseconds: the pause behind the first failure, doubled up to the longest, for a day (sbp.yaml, "Webhook"). */
const firstPauseMs = 500;
const longestPauseMs = 3_600_000;
const dayMs = 86_400_000;
const answerWithinMs = 5_000;
/** How many notices wait for their next try; further ones are not repeated. */
const waitingMax = 10_000;

/** Notifies merchants until they answer 200. */
export class Notifier {
  private readonly timers = new Set<NodeJS.Timeout>();
  private readonly closing = new AbortController();

  /** Begins; nobody waits for it. */
  tell(notice: Notice): void {
    void this.send(notice, { pauseMs: firstPauseMs, leftMs: dayMs });
  }

  /** Forgets what is under way and what is still to be repeated. */
  close(): void {
    this.closing.abort();
    for (const timer of this.timers) clearTimeout(timer);
    this.timers.clear();
  }

  private async send(notice: Notice, { pauseMs, leftMs }: { readonly pauseMs: number; readonly leftMs: number }): Promise<void> {
    if (await isTaken(notice, this.closing.signal)) return;
    if (leftMs <= 0 || this.closing.signal.aborted || this.timers.size >= waitingMax) return;
    const timer = setTimeout(() => {
      this.timers.delete(timer);
      void this.send(notice, { pauseMs: Math.min(longestPauseMs, pauseMs * 2), leftMs: leftMs - pauseMs });
    }, pauseMs);
    this.timers.add(timer);
  }
}

async function isTaken({ qr, secret, url }: Notice, closing: AbortSignal): Promise<boolean> {
  const body = noticeBody(qr);
  const signed = [body.amount, body.sbpMerchantId, body.order, body.paymentStatus, body.transactionDate].join('|');
  const headers = { 'content-type': 'application/json', 'x-api-signature-sha256': createHmac('sha256', secret).update(signed).digest('hex') };
  try {
    const signal = AbortSignal.any([closing, AbortSignal.timeout(answerWithinMs)]);
    const answer = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body), redirect: 'error', signal });
    await answer.arrayBuffer();
    return answer.status === 200;
  } catch {
    // Nobody is there: told again later.
    return false;
  }
}

/** The members of the bank's public interface. */
function noticeBody(qr: SbpQrRow) {
  const paidAt = new Date(qr.paidAtMs ?? qr.createdAtMs).toISOString();
  return {
    transactionId: qr.transactionId,
    qrId: qr.qrId,
    sbpMerchantId: qr.merchantId,
    merchantId: 1,
    amount: Number(formatMinor(qr.amountMinor)),
    currency: 'RUB',
    transactionDate: paidAt,
    paymentStatus: 'SUCCESS',
    additionalInfo: qr.additionalInfo ?? '',
    order: qr.order,
    createDate: new Date(qr.createdAtMs).toISOString(),
  };
}
