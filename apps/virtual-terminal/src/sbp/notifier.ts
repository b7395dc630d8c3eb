import { createHmac } from 'node:crypto';
import { formatMinor } from '@kkm/core';
import type { SbpQrRow } from '@kkm/drivers/terminals';

/** A payment that a merchant is to be told of. */
export interface Notice {
  readonly qr: SbpQrRow;
  readonly secret: string;
  readonly url: string;
}

/** Pauses before a notification is repeated; the real bank goes on for a day (sbp.yaml, "Webhook"). */
const pausesMs = [500, 2_000, 5_000, 15_000, 60_000, 300_000] as const;
const answerWithinMs = 5_000;

/** Notifies merchants until they answer 200. */
export class Notifier {
  private readonly timers = new Set<NodeJS.Timeout>();

  /** Begins; nobody waits for it. */
  tell(notice: Notice): void {
    void this.send(notice, 0);
  }

  /** Forgets what is still to be repeated. */
  close(): void {
    for (const timer of this.timers) clearTimeout(timer);
    this.timers.clear();
  }

  private async send(notice: Notice, tries: number): Promise<void> {
    if (await isTaken(notice)) return;
    const pause = pausesMs[tries];
    if (pause === undefined) return;
    const timer = setTimeout(() => {
      this.timers.delete(timer);
      void this.send(notice, tries + 1);
    }, pause);
    this.timers.add(timer);
  }
}

async function isTaken({ qr, secret, url }: Notice): Promise<boolean> {
  const body = noticeBody(qr);
  const signed = [body.amount, body.sbpMerchantId, body.order, body.paymentStatus, body.transactionDate].join('|');
  const headers = { 'content-type': 'application/json', 'x-api-signature-sha256': createHmac('sha256', secret).update(signed).digest('hex') };
  try {
    const answer = await fetch(url, {
      method: 'POST',
      headers,
      body: JSON.stringify(body),
      redirect: 'error',
      signal: AbortSignal.timeout(answerWithinMs),
    });
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
