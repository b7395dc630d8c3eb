import { check } from '@kkm/core';
import type { PaymentCommand } from '@kkm/core';
import { plannedQr, workCommandOf } from '@kkm/flow/ledger';
import type { AttemptRecord, QrRecord } from '@kkm/flow/ledger';
import type { LedgerOnTrial } from './ledger-on-trial';

/** A QR of which nothing was asked yet. */
export const planned: QrRecord = plannedQr('raiffeisen', 180);

/** Opens a payment whose money moves by a QR that stands as wanted, past all decisions. */
export async function openQr(ledger: LedgerOnTrial, wanted: Partial<QrRecord> = {}): Promise<PaymentCommand> {
  const model = await ledger.store.payment((await ledger.open()).paymentId);
  const [sale] = model?.attempts ?? [];
  check(model && sale, 'what was opened is there');
  const attempt: AttemptRecord = {
    ...sale,
    moneyPath: 'bank_qr',
    qr: { ...planned, ...wanted },
    shown: { ...sale.shown, id: ledger.newId('att'), method: 'sbp_qr' },
  };
  const id = ledger.newId('pay');
  const record = { ...model, shown: { ...model.shown, id, orderId: id, method: 'sbp_qr' as const }, attempts: [attempt] };
  const answer = await ledger.store.open({ record, key: { key: id, fingerprint: 'same' }, events: [] });
  check(answer.kind === 'opened', 'nothing is in its way');
  return workCommandOf(record, attempt.shown.id);
}
