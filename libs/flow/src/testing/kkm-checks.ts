import type { CheckDocument, KkmCommand } from '@kkm/core';
import type { ReceiptRequest } from '../kkmserver/fiscal-register';

/** A command as a door might have taken it. */
export const someKkmCommand: KkmCommand = {
  name: 'RegisterCheck',
  idCommand: 'id-1',
  unit: { numDevice: 3, innKkm: null, kktNumber: null, idDevice: null },
  cashier: { name: 'Иванова А.', vatin: '430601071197' },
  wish: { kind: 'List', filters: {} },
};

/** The check of KkmServer facts, section 11: goods for 301.50, paid electronically. */
export function someCheck(more: Partial<CheckDocument> = {}): CheckDocument {
  return {
    fiscal: true,
    type: 0,
    sums: { cash: 0, electronic: 30_150, advance: 0, credit: 0, provision: 0 },
    goods: [{ name: 'Носки', quantity: 3, price: 10_050, amount: 30_150, tax: 18 }],
    payByProcessing: null,
    numDeviceByProcessing: null,
    receiptNumber: null,
    original: null,
    asSent: {
      Command: 'RegisterCheck',
      NumDevice: 3,
      IdCommand: 'id-1',
      ElectronicPayment: 301.5,
      IsFiscalCheck: true,
      TypeCheck: 0,
      TaxVariant: '',
      CheckStrings: [
        { PrintText: { Text: '>#2#<ООО «Клуб»', Font: 1 } },
        { PrintText: { Text: '<<->>' } },
        {
          PrintText: { Text: 'Носки', Font: 4, Intensity: 0 },
          Register: { Name: 'Носки', Quantity: 3, Price: 100.5, Amount: 301.5, Tax: 18, EAN13: '1254789547853' },
          BarCode: { BarcodeType: 'EAN13', Barcode: '1254789547853' },
        },
      ],
    },
    ...more,
  };
}

/** A request for the receipt of {@link someCheck}, without automatic acquiring. */
export function someReceipt(more: Partial<ReceiptRequest> = {}): ReceiptRequest {
  return { key: 'key-1', check: someCheck(), command: someKkmCommand, payment: null, ...more };
}
