import type { PaymentCommand } from '@kkm/core';
import type { ConstraintCase } from './constraint-case';
import type { LedgerOnTrial } from './ledger-on-trial';
import { openQr } from './open-qr';

const shown = (ledger: LedgerOnTrial): Promise<PaymentCommand> => openQr(ledger, { stage: 'open', askedAtMs: 1_000, qrId: 'AD10', showUntilMs: 2_000 });
const change = (what: string): string => `update ledger.qr set ${what} where attempt_id = :attempt`;
const account = (bank: string, site: string, active: boolean): string =>
  `('${site}', '${bank}', 'https://bank.example', 'MA1', 'sealed', ${active}, now(), 'Bob')`;

/** What the database refuses about QRs and the banks they are asked of. */
export const qrConstraints: readonly ConstraintCase[] = [
  { name: 'qr_written_once', promise: 'a bank is asked for a QR once', double: change(`asked_at = asked_at + interval '1 second'`) },
  { name: 'qr_written_once', promise: 'a QR keeps its name', double: change(`qr_id = 'AD11'`) },
  { name: 'qr_written_once', promise: 'a QR stays with its bank', double: change(`bank = 'tkassa'`) },
  {
    name: 'qr_written_once',
    promise: 'a QR that was paid stays paid',
    prepare: (ledger: LedgerOnTrial) => openQr(ledger, { stage: 'paid', askedAtMs: 1_000, qrId: 'AD10', showUntilMs: 2_000 }),
    double: change(`stage = 'dead'`),
  },
  {
    name: 'qr_written_once',
    promise: 'a QR whose answer was lost is not asked for again',
    prepare: (ledger: LedgerOnTrial) => openQr(ledger, { stage: 'lost', askedAtMs: 1_000 }),
    double: change(`stage = 'asked'`),
  },
]
  .map((one): ConstraintCase => ({ prepare: shown, drop: 'drop trigger qr_written_once on ledger.qr', ...one }))
  .concat([
    {
      name: 'qr_kept',
      promise: 'a QR is never forgotten',
      prepare: shown,
      double: 'delete from ledger.qr where attempt_id = :attempt',
      drop: 'drop trigger qr_kept on ledger.qr',
    },
    {
      name: 'one_qr_per_attempt',
      promise: 'an attempt has one QR',
      prepare: shown,
      double: `insert into ledger.qr (attempt_id, bank, stage, window_ms) values (:attempt, 'tkassa', 'planned', 1)`,
      drop: 'alter table ledger.qr drop constraint one_qr_per_attempt',
    },
    {
      name: 'qr_payload_immutable',
      promise: 'a guest is shown one QR',
      prepare: async (ledger) => {
        const command = await shown(ledger);
        await ledger.rows(`update ledger.attempt set qr_payload = 'https://qr.nspk.ru/AD10' where id = $1`, [command.attemptId]);
        return command;
      },
      double: `update ledger.attempt set qr_payload = 'https://qr.nspk.ru/AD11' where id = :attempt`,
      drop: 'drop trigger qr_payload_immutable on ledger.attempt',
    },
    {
      name: 'one_active_bank_per_site',
      promise: 'new QRs of a site are asked of one bank',
      prepare: shown,
      double: `insert into ledger.sbp_account values ${account('raiffeisen', 'club-9', true)}, ${account('tkassa', 'club-9', true)}`,
      drop: 'drop index ledger.one_active_bank_per_site',
    },
  ]);
