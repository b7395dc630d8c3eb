/** A charge that a case may give back or ask about. */
export interface EarlierCharge {
  readonly universalId: string;
  readonly rrn: string;
  readonly authorisationCode: string;
  readonly roubles: number;
}

type Members = Readonly<Record<string, unknown>>;

/** A command with input that must work, and input that must be refused. */
export interface CommandCase {
  readonly name: string;
  /** Members beside Command, NumDevice and IdCommand. */
  readonly good: (earlier: EarlierCharge) => Members;
  /** What the answer to good input holds beside the envelope. */
  readonly gives: readonly string[];
  /** Whether the register's shift must be open or closed before; left out: either. */
  readonly shift?: 'open' | 'closed';
  /** Changes to good input after which the command is refused. */
  readonly bad: Readonly<Record<string, Members>>;
  /** Good input that KKM refuses in this release, with these words. */
  readonly refusedWith?: RegExp;
}

const cashier = { CashierName: 'Иванова И.И.', CashierVATIN: '430601071197' };
const nowhere = { 'a unit that is not there': { NumDevice: 404 } };
const trio = ['UniversalID', 'Amount', 'Slip'];
const noCharge = { 'a charge that nobody made': { UniversalID: 'RRN:999999999999;AC:999999', RRNCode: null, AuthorizationCode: null } };
const noSuchAmount = {
  'an amount of nothing': { Amount: 0 },
  'a negative amount': { Amount: -1 },
  'a third decimal': { Amount: 1.001 },
  'an amount in words': { Amount: 'сто' },
};
const needsShift = { shift: 'open' } as const;

/** A sale over one line of goods. */
export function goodCheck(roubles: number): Members {
  return {
    ...{ IsFiscalCheck: true, TypeCheck: 0, NotPrint: false, NumberCopies: 0, ...cashier, Cash: 0, ElectronicPayment: roubles },
    CheckStrings: [{ Register: { Name: 'Час игры', Quantity: 1, Price: roubles, Amount: roubles, Tax: -1, EAN13: 4600051000057 } }, { PrintText: null }],
  };
}

const acquiring: readonly CommandCase[] = [
  {
    name: 'PayByPaymentCard',
    good: () => ({ Amount: '12.34', CardNumber: '' }),
    gives: [...trio, 'RRNCode', 'AuthorizationCode'],
    bad: { ...nowhere, ...noSuchAmount, 'no amount': { Amount: null } },
  },
  {
    name: 'ReturnPaymentByPaymentCard',
    good: ({ universalId, roubles }) => ({ Amount: roubles, UniversalID: universalId }),
    gives: trio,
    bad: { ...nowhere, ...noSuchAmount, ...noCharge, 'no reference at all': { UniversalID: '' }, 'more than was charged': { Amount: 999_999 } },
  },
  {
    name: 'CancelPaymentByPaymentCard',
    good: ({ rrn, authorisationCode, roubles }) => ({ Amount: roubles, RRNCode: rrn, AuthorizationCode: authorisationCode, CardNumber: '', ReceiptNumber: '' }),
    gives: trio,
    bad: { ...nowhere, ...noSuchAmount, ...noCharge, 'more than was charged': { Amount: 999_999 } },
  },
  ...['AuthorisationByPaymentCard', 'AuthConfirmationByPaymentCard', 'CancelAuthorisationByPaymentCard'].map((name) => ({
    name,
    good: () => ({ Amount: 10 }),
    gives: [],
    bad: { 'a unit in words': { NumDevice: 'первый' } },
    refusedWith: /не умеет блокировать/,
  })),
  { name: 'EmergencyReversal', good: ({ universalId }) => ({ UniversalID: universalId }), gives: trio, bad: { ...nowhere, ...noCharge } },
  { name: 'Settlement', good: () => ({}), gives: [], bad: nowhere },
  { name: 'TerminalReport', good: () => ({ Detailed: 'true' }), gives: [], bad: { ...nowhere, 'a flag in words': { Detailed: 'да' } } },
  {
    name: 'TransactionDetails',
    good: ({ rrn, authorisationCode, roubles }) => ({ Amount: roubles, RRNCode: rrn, AuthorizationCode: authorisationCode, CardNumber: '', ReceiptNumber: '' }),
    gives: ['Slip'],
    bad: noCharge,
  },
  { name: 'PrintSlipOnTerminal', good: () => ({}), gives: ['PrintSlipOnTerminal'], bad: nowhere },
];

const fiscal: readonly CommandCase[] = [
  {
    name: 'RegisterCheck',
    good: () => goodCheck(56.78),
    gives: ['CheckNumber', 'SessionNumber', 'SessionCheckNumber', 'QRCode', 'ElectronicPayment', 'RezultProcessing', ...trio],
    bad: {
      ...nowhere,
      'a type of check that there is not': { TypeCheck: 7 },
      'a sum in words': { ElectronicPayment: 'сто' },
      'a negative sum': { ElectronicPayment: -5 },
      'a reference on a sale': { RRNCode: '123456789012', AuthorizationCode: '123456' },
      'a device for acquiring that is not there': { NumDeviceByProcessing: 404 },
      'lines that are no list': { CheckStrings: 'Час игры' },
      'sums without a word whether it is fiscal': { IsFiscalCheck: null },
    },
  },
  { name: 'OpenShift', good: () => ({ ...cashier, NotPrint: false }), shift: 'closed', gives: ['CheckNumber', 'SessionNumber'], bad: nowhere },
  { name: 'CloseShift', good: () => ({ ...cashier, NotPrint: false }), ...needsShift, gives: ['CheckNumber', 'SessionNumber'], bad: nowhere },
  { name: 'ZReport', good: () => cashier, ...needsShift, gives: ['CheckNumber', 'SessionNumber'], bad: nowhere },
  { name: 'XReport', good: () => cashier, ...needsShift, gives: [], bad: nowhere },
  { name: 'DepositingCash', good: () => ({ ...cashier, Amount: 100 }), ...needsShift, gives: [], bad: { ...nowhere, ...noSuchAmount } },
  { name: 'PaymentCash', good: () => ({ ...cashier, Amount: 0.01 }), ...needsShift, gives: [], bad: { ...nowhere, ...noSuchAmount } },
  { name: 'OpenCashDrawer', good: () => cashier, gives: [], bad: nowhere },
  { name: 'GetLineLength', good: () => ({}), gives: ['LineLength'], bad: nowhere },
  { name: 'GetDataKKT', good: () => ({ InnKkm: '', KktNumber: '' }), gives: ['CheckNumber', 'SessionNumber', 'LineLength', 'Info'], bad: nowhere },
  { name: 'OfdReport', good: () => cashier, gives: [], bad: nowhere },
  { name: 'GetCounters', good: () => ({}), gives: ['Counters'], bad: nowhere },
  {
    name: 'GetDataCheck',
    good: () => ({ FiscalNumber: 0, NumberCopies: 0 }),
    gives: ['Slip', 'RegisterCheck'],
    bad: { ...nowhere, 'a check that is not there': { FiscalNumber: -1 } },
  },
  { name: 'PrintDocument', good: () => ({ CheckStrings: [{ PrintText: { Text: '<<->>' } }] }), gives: [], bad: nowhere },
];

const service: readonly CommandCase[] = [
  { name: 'List', good: () => ({ Active: true, NumDevice: null }), gives: ['ListUnit'], bad: { 'a flag in words': { Active: 'да' } } },
  { name: 'GetServerData', good: () => ({}), gives: ['ServerData'], bad: { 'a unit that is an object': { NumDevice: {} } } },
  { name: 'OnOffUnut', good: () => ({ Active: 'True' }), gives: [], bad: { ...nowhere, 'no word whether on or off': { Active: null } } },
];

/** Every command that the door takes, GetRezult aside. */
export const commandCases: readonly CommandCase[] = [...acquiring, ...fiscal, ...service];

/** Members that must be refused, whatever the command: nothing is done, and the answer is a KkmServer answer. */
export const hostileMembers: Readonly<Record<string, Members>> = {
  'SQL for a number': { NumDevice: "1'; DROP TABLE gateway.kkm_command; --" },
  'a list for a number': { NumDevice: [1] },
  'an object for an id': { IdCommand: { $ne: null } },
  'an id of half a megabyte': { IdCommand: 'x'.repeat(500_000) },
  'a name with the zero character': { CashierName: 'a\u0000b' },
  'half of a character pair': { CashierName: '\ud800' },
  'a negative Timeout': { Timeout: -1 },
  'a Timeout beyond all numbers': { Timeout: 1e300 },
  'a hundred levels of nesting': { CashierName: nested(100) },
};

function nested(depth: number): unknown {
  let value: unknown = 'x';
  for (let level = 0; level < depth; level += 1) value = { a: value };
  return value;
}
