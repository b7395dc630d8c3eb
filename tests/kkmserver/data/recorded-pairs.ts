/** A request that was sent to a live server, and what it answered. */
export interface RecordedPair {
  readonly title: string;
  /** How the register's shift stood before. */
  readonly shift: 'open' | 'closed';
  readonly request: Readonly<Record<string, unknown>>;
  /** Members in the order in which they came. */
  readonly answer: Readonly<Record<string, unknown>>;
}

/** The register of the recordings, as {@link recordedPairs} name it. */
export const recordedRegister = { numDevice: 3, unitName: 'baz' } as const;

/** Answer headers that came with every recorded answer. */
export const recordedHeaders = {
  'content-type': 'application/json; charset=utf-8',
  'access-control-allow-origin': '*',
  'cache-control': 'no-store, no-cache, must-revalidate',
} as const;

/** Members that were masked in the recordings, or that count what that server had done before: compared by their shape. */
export const maskedMembers: Readonly<Record<string, RegExp>> = {
  CheckNumber: /^\d+$/,
  SessionNumber: /^\d+$/,
  QRCode: /^t=\d{8}T\d{4,6}&s=\d+\.\d{2}&fn=[^&]*&i=\d+&fp=[^&]*&n=\d$/,
};

const cashier = { CashierName: 'Иванова И.И.', CashierVATIN: '430601071197' } as const;
const ended = { Error: '', Status: 0 } as const;
const refusedAsOpen = { Error: 'Ошибка регистрации ( 60 : ККТ: Смена открыта – операция невозможна )', Status: 2 } as const;
const refusedAsClosed = {
  Error: 'Ошибка регистрации ( 61 : ККТ: Смена не открыта или смена превысила 24 часа – операция невозможна )',
  Status: 2,
} as const;
const { numDevice, unitName } = recordedRegister;
const from = { NumDevice: numDevice, UnitName: unitName } as const;

const open = { Command: 'OpenShift', NumDevice: numDevice, IdCommand: '278b0f5e-open', NotPrint: false, ...cashier };
const close = { Command: 'CloseShift', NumDevice: numDevice, IdCommand: '4d336a10-close', NotPrint: false, ...cashier };

/** Sold in the recorded check: a line of text, a rule, and goods with their barcode. */
const checkStrings = [
  { PrintText: { Text: 'Спасибо за покупку', Font: 1 } },
  { PrintText: { Text: '<<->>' } },
  {
    PrintText: { Text: 'Перчатки', Font: 4, Intensity: 0 },
    Register: {
      ...{ Name: 'Перчатки', Quantity: 3, Price: 100.5, Amount: 301.5, Department: 0, Tax: 18, EAN13: '1254789547853' },
      ...{ SignMethodCalculation: 4, SignCalculationObject: 1, MeasurementUnit: 'пара', NomenclatureCode: '' },
    },
    BarCode: { BarcodeType: 'EAN13', Barcode: '1254789547853' },
  },
];

/** A refusal of a command that needs an open shift. */
function withoutShift(name: string, members: Readonly<Record<string, unknown>> = {}): RecordedPair {
  const request = { Command: name, NumDevice: numDevice, IdCommand: `35e3-${name}`, ...members };
  return { title: `${name} without a shift`, shift: 'closed', request, answer: { Command: name, ...refusedAsClosed, IdCommand: request.IdCommand, ...from } };
}

/** A command after which only the envelope comes back. */
function plain(name: string, members: Readonly<Record<string, unknown>> = {}, payload: Readonly<Record<string, unknown>> = {}): RecordedPair {
  const request = { Command: name, NumDevice: numDevice, IdCommand: `f09b-${name}`, ...members };
  return { title: name, shift: 'open', request, answer: { ...payload, Command: name, ...ended, IdCommand: request.IdCommand, ...from } };
}

/**
 * Recorded from a live server 2.1.x with its register emulator in 2017 (published with esaulkov/kkmserver, MIT). Names, numbers of registers and ids were masked before they came here and
 * are filled with others.
 */
export const recordedPairs: readonly RecordedPair[] = [
  {
    title: 'OpenShift',
    shift: 'closed',
    request: open,
    answer: { CheckNumber: 1, SessionNumber: 2, Command: 'OpenShift', ...ended, IdCommand: open.IdCommand, ...from },
  },
  {
    title: 'OpenShift while it is open',
    shift: 'open',
    request: { ...open, IdCommand: 'dcfe-again' },
    answer: { Command: 'OpenShift', ...refusedAsOpen, IdCommand: 'dcfe-again', ...from },
  },
  {
    title: 'CloseShift',
    shift: 'open',
    request: close,
    answer: { CheckNumber: 1, SessionNumber: 2, Command: 'CloseShift', ...ended, IdCommand: close.IdCommand, ...from },
  },
  {
    title: 'ZReport',
    shift: 'open',
    request: { Command: 'ZReport', NumDevice: numDevice, IdCommand: 'dc57-z' },
    answer: { CheckNumber: 1, SessionNumber: 5, Command: 'ZReport', ...ended, IdCommand: 'dc57-z', ...from },
  },
  withoutShift('ZReport'),
  withoutShift('CloseShift', { NotPrint: false, ...cashier }),
  withoutShift('DepositingCash', { Amount: 1.01, ...cashier }),
  withoutShift('PaymentCash', { Amount: 1.01, ...cashier }),
  plain('XReport'),
  plain('DepositingCash', { Amount: 1.01, ...cashier }),
  plain('PaymentCash', { Amount: 1.01, ...cashier }),
  plain('OpenCashDrawer'),
  plain('GetLineLength', {}, { LineLength: 48 }),
  {
    title: 'RegisterCheck',
    shift: 'open',
    request: {
      ...{ Command: 'RegisterCheck', NumDevice: numDevice, IdCommand: '3266-check', Cash: 0, ElectronicPayment: 301.5, AdvancePayment: 0, Credit: 0 },
      ...{ CashProvision: 0, IsFiscalCheck: true, TypeCheck: 0, NotPrint: false, NumberCopies: 0, ...cashier, ClientAddress: '', TaxVariant: '' },
      CheckStrings: checkStrings,
    },
    answer: {
      ...{ CheckNumber: 17, SessionNumber: 6, QRCode: 't=20171214T044021&s=301.50&fn=9999078900001234&i=17&fp=1234567890&n=1' },
      ...{ Command: 'RegisterCheck', ...ended, IdCommand: '3266-check', ...from },
    },
  },
];

/** An item of `ListUnit` as it came, members in their order; texts masked in the recordings are filled with others. */
export const recordedUnit = {
  ...{ NumDevice: 1, IdDevice: 'ed5608d8-0000-4000-8000-000000000001', OnOff: true, Active: true, TypeDevice: 'Фискальный регистратор' },
  ...{ IdTypeDevice: 'KktEmulator', IP: '<Не определено>', NameDevice: 'KKT Эмулятор', UnitName: 'foo', KktNumber: '0149060506', INN: '7727401209' },
  ...{ RegNumber: '0000000001', FnNumber: '9999078900001234', InnOfd: '', NameOrganization: 'ООО', TaxVariant: '', AddDate: '2017-08-29T09:21:07' },
  ...{ OFD_Error: '', OFD_NumErrorDoc: 0, OFD_DateErrorDoc: '0001-01-01T00:00:00', FN_DateEnd: '2018-12-13T00:00:00', FN_MemOverflowl: false },
  ...{ FN_IsFiscal: false, PaperOver: false },
} as const;

/** The recorded List: its envelope has no unit and, without an id asked for, an empty one. */
export const recordedList = { request: { Command: 'List' }, envelope: { Command: 'List', Error: '', Status: 0, IdCommand: '' } } as const;
