import { Rejected } from '@kkm/core';
import type { Method, MoneyPath, SbpBankName, SbpWay } from '@kkm/core';
import type { PaymentRecord, QrRecord } from '../records';
import type { SbpBanks } from './sbp-bank';

/** Through what a new sale's money is to move, and by which method its attempt goes. */
export interface ChosenPath {
  readonly method: Method;
  readonly moneyPath: MoneyPath;
  readonly qr: QrRecord | null;
  /** The QR that may follow at the guest's own wish, see {@link PaymentRecord}. */
  readonly guestQr: PaymentRecord['guestQr'];
}

/**
 * Chooses the one money path of a new sale (design-money, clause 20). Where the guest may choose, it begins with the card, unless the terminal itself lets
 * the guest choose within one sale. @throws Rejected `sbp.not_offered`, `sbp.bank_not_configured`.
 */
export async function choosePath(
  asked: { readonly siteId: string; readonly method: Method; readonly sbp?: SbpWay | undefined },
  banks: SbpBanks,
): Promise<ChosenPath> {
  const { siteId, method } = asked;
  const way = asked.sbp ?? { by: 'none' };
  if (method === 'card' || (method === 'card_or_sbp_qr' && way.by !== 'terminal')) {
    const guestQr = method === 'card' ? null : await guestQrOf(siteId, way, banks);
    return { method: 'card', moneyPath: 'terminal', qr: null, guestQr };
  }
  switch (way.by) {
    case 'none':
      throw new Rejected('sbp.not_offered');
    case 'terminal':
      return { method, moneyPath: 'terminal', qr: null, guestQr: null };
    case 'bank_qr': {
      const bank = await banks.active(siteId);
      if (bank === null) throw new Rejected('sbp.bank_not_configured');
      return { method: 'sbp_qr', moneyPath: 'bank_qr', qr: plannedQr(bank, way.windowSeconds), guestQr: null };
    }
  }
}

/** No bank is no hindrance: the payment begins with the card, and the cancel key ends it. */
async function guestQrOf(siteId: string, way: SbpWay, banks: SbpBanks): Promise<QrRecord | null> {
  if (way.by !== 'bank_qr' || way.guestSwitch !== 'cancel_key') return null;
  const bank = await banks.active(siteId);
  return bank && plannedQr(bank, way.windowSeconds);
}

/** A QR of which nothing was asked yet. */
export function plannedQr(bank: SbpBankName, windowSeconds: number): QrRecord {
  return {
    bank,
    stage: 'planned',
    windowMs: windowSeconds * 1_000,
    askedAtMs: null,
    qrId: null,
    bankExpiresAtMs: null,
    showUntilMs: null,
    endReason: null,
    endingSinceMs: null,
    nextAskAtMs: null,
    asks: 0,
    watchUntilMs: null,
    transactionId: null,
  };
}
