import { roubles } from '../roubles';
import { lineLength } from './slip-lines';
import { receiptTypes, sessionState, taxNames } from './virtual-state';
import type { Counter, ReceiptType, VirtualState } from './virtual-state';
import { paidMembers } from './virtual-check';

/** A date that is not known, as the API writes it. */
export const noDate = '0001-01-01T00:00:00';

/** No storage of a virtual register ever ends; clients want a date that is not past. */
const never = '2099-12-31T00:00:00';

/** Version of KKM's virtual register where a register names its firmware. */
const firmware = 'KKM';

/** Members that describe a register without a fiscal storage, in lists of units and in its own data alike. */
export const virtualUnit = {
  KktNumber: '',
  FnNumber: '',
  RegNumber: '',
  InnOfd: '',
  TaxVariant: '',
  AddressSettle: '',
  BSOMode: false,
  ServiceMode: false,
  OFD_Error: '',
  OFD_NumErrorDoc: 0,
  OFD_DateErrorDoc: noDate,
  FN_DateEnd: never,
  FN_MemOverflowl: false,
  FN_IsFiscal: false,
  PaperOver: false,
  FFDVersion: '1.2',
  FFDVersionFN: '1.2',
  FFDVersionKKT: '1.2',
  Firmware_Version: firmware,
} as const;

/** The payload of `GetDataKKT`. Every member of `Info` has the type that the strictest known client reads (KkmServer facts, section 9.4). */
export function kktData(
  state: VirtualState,
  now: { readonly ms: number; readonly local: string; readonly enabled: boolean },
): Readonly<Record<string, unknown>> {
  const info = {
    ...virtualUnit,
    InnOrganization: '',
    NameOrganization: '',
    PlaceSettle: '',
    SenderEmail: '',
    EncryptionMode: false,
    OfflineMode: true,
    AutomaticMode: false,
    AutomaticNumber: '',
    InternetMode: false,
    PrinterAutomatic: false,
    SaleExcisableGoods: false,
    SignOfGambling: false,
    SignOfLottery: false,
    SignPawnshop: false,
    SignAssurance: false,
    SignOfAgent: '',
    SaleMarking: false,
    UrlServerOfd: '',
    PortServerOfd: '',
    NameOFD: '',
    UrlOfd: '',
    FN_DateStart: noDate,
    OnOff: now.enabled,
    Active: now.enabled,
    SessionState: sessionState(state, now.ms),
    BalanceCash: roubles(state.cash),
    DateTimeKKT: now.local,
    Firmware_Status: 0,
    LicenseExpirationDate: never,
  };
  return { CheckNumber: state.documentNumber, SessionNumber: state.shiftNumber, LineLength: lineLength, URL: '', Info: info };
}

/** The payload of `GetCounters`; twice, because the vendor's own pages write the C of two names in Latin and in Cyrillic. */
export function countersData({ total, shift }: VirtualState): Readonly<Record<string, unknown>> {
  const counters = [
    ...receiptTypes.map((receipt) => counterMembers('Total', receipt, total[receipt])),
    ...receiptTypes.map((receipt) => counterMembers('Shift', receipt, shift[receipt])),
  ];
  return { Counters: counters, Сounters: counters };
}

function counterMembers(type: 'Total' | 'Shift', receipt: ReceiptType, counter: Counter): Readonly<Record<string, unknown>> {
  return {
    CountersType: type,
    СountersType: type,
    ReceiptType: receipt,
    Count: counter.count,
    Sum: roubles(counter.sum),
    ...paidMembers(counter.sums),
    ...Object.fromEntries(taxNames.map((name) => [name, roubles(counter.taxes[name])])),
    CorrectionsCount: counter.correctionsCount,
    CorrectionsSum: roubles(counter.correctionsSum),
  };
}
