import { Rejected } from '@kkm/core';
import type { SbpNotificationAnswer, SbpNotificationRequest } from '@kkm/core';
import { stale, untilSaved } from '../until-saved';
import type { SbpBanks } from './sbp-bank';
import { findQr, SettleQr } from './settle-qr';
import type { QrPorts } from './settle-qr';

/** Hears a bank's notification: its signature alone says that it is the bank's (design-money, clause 19). */
export class HearNotification {
  private readonly settle: SettleQr;

  constructor(
    private readonly ports: QrPorts,
    private readonly banks: SbpBanks,
  ) {
    this.settle = new SettleQr(ports);
  }

  /** Throws `Rejected` with `sbp.bank_not_configured`, `sbp.signature_invalid` or `request.malformed`. Repeats change nothing. */
  async execute(request: SbpNotificationRequest): Promise<SbpNotificationAnswer> {
    const { siteId, bank: name } = request;
    const bank = await this.banks.of(siteId, name);
    if (!bank) throw new Rejected('sbp.bank_not_configured');
    const { orderId, status } = bank.readNotification(request.headers, request.body);
    const reply = bank.notificationReply;
    const found = await findQr(this.ports.store, orderId);
    // The merchant may take money by other systems, too: what is not ours is taken note of, and not asked for again.
    if (found?.record.shown.siteId !== siteId || found.qr.bank !== name) return { kind: 'ignored', reply };
    if (status.kind === 'paid') await this.settle.heard(orderId, status, found);
    else await this.askSoon(orderId);
    return { kind: 'heard', reply };
  }

  /** All but "paid" is only a reason to ask: the bank's answer to a question is newer. */
  private async askSoon(attemptId: string): Promise<void> {
    await untilSaved(async () => {
      const found = await findQr(this.ports.store, attemptId);
      if (!found || (found.qr.stage !== 'open' && found.qr.stage !== 'ending')) return null;
      return (await this.settle.askNext(found, this.ports.around.nowMs())) === stale ? stale : null;
    });
  }
}
