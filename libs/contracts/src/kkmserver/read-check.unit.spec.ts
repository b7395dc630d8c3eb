import type { CheckDocument } from '@kkm/core';
import { doorText } from './door-texts';
import { readCommand } from './read-command';

/** A check recorded from a live server 2.1.x, its names and ids masked. */
const recorded = {
  Command: 'RegisterCheck',
  NumDevice: 3,
  IdCommand: '3266',
  Cash: 0.0,
  ElectronicPayment: 301.5,
  AdvancePayment: 0.0,
  Credit: 0.0,
  CashProvision: 0.0,
  IsFiscalCheck: true,
  TypeCheck: 0,
  NotPrint: false,
  NumberCopies: 0,
  CashierName: '...',
  CashierVATIN: '...',
  ClientAddress: '',
  TaxVariant: '',
  CheckStrings: [
    { PrintText: { Text: '...', Font: 1 } },
    { PrintText: { Text: '<<->>' } },
    {
      PrintText: { Text: '...', Font: 4, Intensity: 0 },
      Register: {
        Name: '...',
        Quantity: 3,
        Price: 100.5,
        Amount: 301.5,
        Department: 0,
        Tax: 18,
        EAN13: '1254789547853',
        SignMethodCalculation: 4,
        SignCalculationObject: 1,
        MeasurementUnit: 'пара',
        NomenclatureCode: '',
      },
      BarCode: { BarcodeType: 'EAN13', Barcode: '1254789547853' },
    },
  ],
};

const read = (members: object) => readCommand({ Command: 'RegisterCheck', IsFiscalCheck: true, ...members });
const check = (members: object): CheckDocument => {
  const result = read(members);
  if (result.kind !== 'command' || result.command.wish.kind !== 'RegisterCheck') throw new Error(JSON.stringify(result));
  return result.command.wish.check;
};
const errorOf = (members: object): string => {
  const result = read(members);
  return result.kind === 'refused' ? result.error : '';
};

describe('RegisterCheck', () => {
  it('is read from a recorded one, which goes on as it was sent', () => {
    expect(check(recorded)).toEqual({
      fiscal: true,
      type: 0,
      sums: { cash: 0, electronic: 30_150, advance: 0, credit: 0, provision: 0 },
      goods: [{ name: '...', quantity: 3, price: 10_050, amount: 30_150, tax: 18 }],
      payByProcessing: null,
      numDeviceByProcessing: null,
      receiptNumber: null,
      original: null,
      asSent: recorded,
    });
  });

  it('is read from strings and members in any case', () => {
    const sent = {
      isfiscalcheck: 'True',
      typecheck: '1',
      electronicpayment: '100.00',
      paybyprocessing: 'false',
      numdevicebyprocessing: '0',
      receiptnumber: 26,
      rrncode: '828913349373',
      authorizationcode: '',
      checkstrings: [
        { register: { name: 'Час', quantity: '0.33333333', price: '300', amount: '100.00', tax: '-1', ean13: 4600494000018 } },
        { printtext: null },
      ],
    };
    const result = readCommand({ command: 'registercheck', ...sent });
    expect(result).toMatchObject({
      kind: 'command',
      command: {
        wish: {
          check: {
            fiscal: true,
            type: 1,
            sums: { electronic: 10_000 },
            goods: [{ name: 'Час', quantity: 0.333, price: 30_000, amount: 10_000, tax: -1 }],
            payByProcessing: false,
            numDeviceByProcessing: 0,
            receiptNumber: '26',
            original: { rrn: '828913349373', authorisationCode: null },
            asSent: {
              Command: 'registercheck',
              PayByProcessing: 'false',
              CheckStrings: [{ Register: { Name: 'Час', EAN13: 4600494000018 } }, {}],
            },
          },
        },
      },
    });
  });

  it('leaves to the settings what it does not say', () => {
    const { payByProcessing, numDeviceByProcessing, original } = check({
      TypeCheck: 1,
      ElectronicPayment: 5,
      PayByProcessing: null,
      RRNCode: '',
      CheckStrings: null,
    });
    expect([payByProcessing, numDeviceByProcessing, original]).toEqual([null, null, null]);
  });

  it('works a line out that says only one of price and amount', () => {
    const { goods } = check({ CheckStrings: [{ Register: { Name: 'a', Quantity: 3, Price: 1.1 } }, { Register: { Name: 'b', Amount: 5 } }] });
    expect(goods).toEqual([
      { name: 'a', quantity: 3, price: 110, amount: 330, tax: null },
      { name: 'b', quantity: 1, price: 500, amount: 500, tax: null },
    ]);
  });

  it('is refused where it could charge somebody by mistake', () => {
    expect(errorOf({ ElectronicPayment: 5, RRNCode: '1' })).toContain(doorText('saleNamesCharge'));
    expect(errorOf({ ElectronicPayment: 5, UniversalID: 'RRN:1', PayByProcessing: false })).toBe('');
    expect(errorOf({ IsFiscalCheck: null, ElectronicPayment: 5 })).toContain(doorText('fiscalUnsaid'));
    expect(check({ IsFiscalCheck: null, CheckStrings: [{ PrintText: { Text: 'hi' } }] }).fiscal).toBe(false);
    expect(errorOf({ ElectronicPayment: -5 })).toContain('ElectronicPayment');
    expect(errorOf({ ElectronicPayment: 5, TypeCheck: 7 })).toContain(doorText('checkTypeUnknown'));
  });

  it.each([
    [{ CheckStrings: 'none' }, 'CheckStrings: '],
    [{ CheckStrings: [5] }, 'CheckStrings[0]: '],
    [{ CheckStrings: [{}, { Register: [] }] }, 'CheckStrings[1].Register'],
    [{ CheckStrings: [{ Register: { Name: 'a', Amount: 'x' } }] }, 'CheckStrings[0].Register.Amount: '],
    [{ CheckStrings: [{ Register: { Amount: 5 } }] }, 'CheckStrings[0].Register.Name: '],
    [{ PayByProcessing: 'maybe' }, 'PayByProcessing: '],
    [{ NumDeviceByProcessing: -1 }, 'NumDeviceByProcessing: '],
  ])('says where %j is wrong', (members, place) => expect(errorOf(members)).toContain(place));
});

describe('what is kept of a command', () => {
  const card = '4111111111111111';
  const kept = (members: object) => JSON.stringify(read(members));

  it('holds no card number, wherever a client puts it', () => {
    const members = {
      CardNumber: card,
      cardnumber: Number(card),
      CashierName: `Anna ${card}`,
      UniversalID: `CN:${card};RRN:1`,
      PayByProcessing: false,
      ClientInfo: Number(card),
      CheckStrings: [{ PrintText: { Text: `карта 4111 1111 1111 1111` } }, { CardHash: 'a' }],
    };
    expect(kept(members)).toMatch(/"kind":"command"/);
    expect(kept(members)).not.toMatch(/4111111111111111|4111 1111|CardNumber|cardnumber|CardHash|CN:/);
    expect(kept(members)).toContain('RRN:1');
  });

  it('leaves barcodes and codes alone, for they are printed and forwarded', () => {
    // Each of these passes the check digit of cards as well.
    const members = {
      KktNumber: '0000000000000000',
      ReceiptNumber: card,
      CheckStrings: [{ Register: { Name: '4600494000018', EAN13: '4006381333931' }, BarCode: { BarcodeType: 'CODE128', Barcode: card } }],
    };
    for (const code of ['0000000000000000', '4600494000018', '4006381333931', `"Barcode":"${card}"`, `"ReceiptNumber":"${card}"`])
      expect(kept(members)).toContain(code);
  });

  it('cannot be a body that nothing could keep', () => {
    const deep = JSON.parse(`${'{"a":'.repeat(5_000)}1${'}'.repeat(5_000)}`) as object;
    const faults = [
      [deep, 'bodyTooDeep'],
      [{ CheckStrings: new Array(60_000).fill(1) }, 'bodyTooManyParts'],
      [{ ClientInfo: 'a\0b' }, 'badText'],
      [{ ClientInfo: '\ud800' }, 'badText'],
      [{ 'a\0b': 1 }, 'badText'],
      [{ ClientInfo: 1e400 }, 'badNumber'],
      [{ ClientInfo: 1e17 }, 'badNumber'],
    ] as const;
    for (const [members, text] of faults) expect(errorOf(members)).toBe(doorText(text));
  });

  it('has no member of a prototype', () => {
    const sent = JSON.parse('{"__proto__":{"fiscal":true},"constructor":{"a":1},"IsFiscalCheck":false}') as object;
    const { fiscal, asSent } = check({ ...sent });
    expect([fiscal, Object.getPrototypeOf(asSent) === Object.prototype]).toEqual([false, true]);
  });
});
