import { accountFitsBik, isInn } from '@kkm/core';
import type { Terminal } from './equipment';

/** What the bank knows a terminal by. */
export type Bank = Terminal['bank'];

/** The members of {@link Bank} as they are typed; empty: not known. */
export interface BankDraft {
  readonly terminalId: string;
  readonly merchantId: string;
  readonly entity: string;
  readonly inn: string;
  readonly account: string;
  readonly bik: string;
}

/** What is typed where this is known. */
export function draftOfBank({ terminalId, merchantId, legalEntity, settlementAccount }: Bank): BankDraft {
  return {
    terminalId: terminalId ?? '',
    merchantId: merchantId ?? '',
    entity: legalEntity?.name ?? '',
    inn: legalEntity?.inn ?? '',
    account: settlementAccount?.number ?? '',
    bik: settlementAccount?.bik ?? '',
  };
}

/** What was typed, as KKM takes it. */
export function bankOfDraft({ terminalId, merchantId, entity, inn, account, bik }: BankDraft): Bank {
  const known = (text: string): string | null => (text === '' ? null : text);
  return {
    terminalId: known(terminalId),
    merchantId: known(merchantId),
    legalEntity: entity === '' && inn === '' ? null : { name: entity, inn: known(inn) },
    settlementAccount: account === '' && bik === '' ? null : { number: account, bik: known(bik) },
  };
}

/** A member that cannot be right, by the name of its text. */
export type BankFault = 'inn' | 'account' | 'bik' | 'key';

/** What can be told wrong before it is sent: lengths and check digits. */
export function bankFaults({ inn, account, bik }: BankDraft): readonly BankFault[] {
  const isAccount = /^\d{20}$/.test(account);
  const isBik = /^\d{9}$/.test(bik);
  return [
    ...(inn !== '' && !isInn(inn) ? (['inn'] as const) : []),
    ...((account !== '' || bik !== '') && !isAccount ? (['account'] as const) : []),
    ...(bik !== '' && !isBik ? (['bik'] as const) : []),
    ...(isAccount && isBik && !accountFitsBik(account, bik) ? (['key'] as const) : []),
  ];
}
