import { AskForQr, HearNotification, RefundAtBanks, WatchQrs } from '@kkm/flow/ledger';
import type { QrPorts, QrStore, SbpBank } from '@kkm/flow/ledger';
import { bankCalls, openBank } from '@kkm/sbp-banks';
import { openingKeys } from '@kkm/sealing';
import type { Chore } from '../chores';
import { SiteBanks } from './site-banks';
import type { SbpAccountTable } from './site-banks';
import type { SbpWatch } from './sbp-watch';

/** QRs and refunds whose bank is to be asked are looked for this often. */
const watchQrsMs = 200;
const refundsMs = 500;

/** What the ledger's talk with banks is built from. */
export interface BankParts extends QrPorts {
  readonly qrs: QrStore;
  readonly table: SbpAccountTable;
  readonly watch: SbpWatch;
  /** 32 bytes, base64url; null: no bank can be set or used. */
  readonly sealingKey: string | null;
  /** Puts crash points around a bank, under the crash matrix alone. */
  readonly wrap: (bank: SbpBank) => SbpBank;
}

/** The ledger's talk with banks. */
export interface LedgerBanks {
  readonly banks: SiteBanks;
  readonly asking: AskForQr;
  readonly hearing: HearNotification;
  /** What is asked without anybody's call. */
  readonly chores: readonly Chore[];
  /** Waits for what is being asked, and lets the connections go. To be called when nothing new is begun any more. */
  stop(): Promise<void>;
}

/** Builds the ledger's talk with banks. */
export async function ledgerBanks({ store, around, hints, qrs, table, watch, sealingKey, wrap }: BankParts): Promise<LedgerBanks> {
  const calls = bankCalls();
  const keys = sealingKey === null ? null : await openingKeys(Buffer.from(sealingKey, 'base64url'));
  const banks = new SiteBanks({
    table,
    keys,
    nowMs: around.nowMs,
    connect: (contract, siteId) => wrap(watch.over(contract.bank, siteId, openBank(contract, calls))),
  });
  const ports = { store, around, hints };
  const watching = new WatchQrs({ ...ports, qrs, watch }, banks);
  const refunding = new RefundAtBanks({ store, around, qrs, watch }, banks);
  const chores = [
    { what: 'ask banks about QRs', everyMs: watchQrsMs, work: () => watching.look() },
    { what: 'give money back through banks', everyMs: refundsMs, work: () => refunding.look() },
  ];
  const stop = async (): Promise<void> => {
    await Promise.all([watching.idle(), refunding.idle()]);
    calls.close();
  };
  return { banks, asking: new AskForQr(ports, banks), hearing: new HearNotification(ports, banks), chores, stop };
}
