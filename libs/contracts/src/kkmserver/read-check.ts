import type { CheckDocument, CheckGoods } from '@kkm/core';
import { z } from 'zod';
import { doorText } from './door-texts';
import { flag, maybe, must, quantity, roubles, text, whole } from './lenient';
import { chargeMembers, chargeNamed } from './universal-id';

/** Types of checks: sale, return, their corrections, the two of EGAIS, and the same for purchases. */
const checkTypes = new Set([0, 1, 2, 3, 8, 9, 10, 11, 12, 13]);

/** The return of a sale. */
const returnOfSale = 1;

/** Longest name of goods that is read; registers cut theirs at 64 or 128. */
const goodsNameLength = 1_000;

const goodsLine = z
  .object({ Name: must(text(goodsNameLength)), Quantity: maybe(quantity), Price: maybe(roubles), Amount: maybe(roubles), Tax: maybe(whole(-1, 999)) })
  .transform((line): CheckGoods => {
    const count = line.Quantity ?? 1;
    const amount = line.Amount ?? Math.round((line.Price ?? 0) * count);
    return { name: line.Name, quantity: count, price: line.Price ?? amount, amount, tax: line.Tax };
  });

const line = z.object(
  {
    Register: maybe(
      z
        .unknown()
        .pipe(z.object({}, doorText('wantsObject')).loose())
        .pipe(goodsLine),
    ),
  },
  doorText('wantsObject'),
);

const sum = maybe(roubles).transform((minor) => minor ?? 0);

/** A check, as `RegisterCheck` brings it. `asSent` is added by whoever has it. */
export const checkSchema = z
  .object({
    IsFiscalCheck: maybe(flag),
    TypeCheck: maybe(whole(0)),
    Cash: sum,
    ElectronicPayment: sum,
    AdvancePayment: sum,
    Credit: sum,
    CashProvision: sum,
    CheckStrings: maybe(z.array(line, doorText('wantsList'))),
    PayByProcessing: maybe(flag),
    NumDeviceByProcessing: maybe(whole(0)),
    ReceiptNumber: maybe(text(64)),
    ...chargeMembers,
  })
  .transform((check, context): Omit<CheckDocument, 'asSent'> => {
    const sums = {
      cash: check.Cash,
      electronic: check.ElectronicPayment,
      advance: check.AdvancePayment,
      credit: check.Credit,
      provision: check.CashProvision,
    };
    const type = check.TypeCheck ?? 0;
    const original = chargeNamed(check, context);
    if (!checkTypes.has(type)) context.addIssue({ code: 'custom', path: ['TypeCheck'], message: doorText('checkTypeUnknown') });
    // Taken for fiscal it might charge a guest for nothing; taken for a note it might let one go unpaid.
    if (check.IsFiscalCheck === null && Object.values(sums).some((minor) => minor > 0))
      context.addIssue({ code: 'custom', path: ['IsFiscalCheck'], message: doorText('fiscalUnsaid') });
    // Whoever names an earlier charge means to give money back: a sale would take it a second time.
    if (type === 0 && original !== null && sums.electronic > 0 && check.PayByProcessing !== false)
      context.addIssue({ code: 'custom', path: ['RRNCode'], message: doorText('saleNamesCharge') });
    return {
      fiscal: check.IsFiscalCheck ?? false,
      type,
      sums,
      goods: (check.CheckStrings ?? []).flatMap(({ Register }) => (Register === null ? [] : [Register])),
      payByProcessing: check.PayByProcessing,
      numDeviceByProcessing: check.NumDeviceByProcessing,
      receiptNumber: check.ReceiptNumber,
      original: type === returnOfSale ? original : null,
    };
  });
