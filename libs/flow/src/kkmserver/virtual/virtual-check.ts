import { unreachable } from '@kkm/core';
import type { CheckSums } from '@kkm/core';
import { bankSlipOf } from '../bank-slip';
import type { ReceiptRequest } from '../fiscal-register';
import { looseMember, looseText } from '../loose-members';
import { roubles, roublesText } from '../roubles';
import { centred, columns, marked, printedStrings, rule } from './slip-lines';
import type { VirtualCheck } from './virtual-books';
import { checkSum, receiptTypeOf } from './virtual-state';
import type { ReceiptType, VirtualState } from './virtual-state';

/** What everything that a virtual register makes says of itself. */
export const notFiscal = 'НЕ ФИСКАЛЬНЫЙ ДОКУМЕНТ';

/** The `Warning` of answers about what a virtual register made. */
export const notFiscalWarning = `${notFiscal}: чек зарегистрирован виртуальной кассой KKM и в налоговую не передаётся.`;

/** Where and when a check is made. `at` is local time as `yyyy-MM-ddTHH:mm:ss`. */
export interface CheckCircumstances {
  readonly unitName: string;
  readonly at: string;
  /** The register after the check was booked. */
  readonly state: VirtualState;
}

/** What was really taken: what the guest was charged where that is not what the check asked for. */
export function takenSums({ check, payment }: Pick<ReceiptRequest, 'check' | 'payment'>): CheckSums {
  if (payment === null || check.type !== 0 || payment.chargedAmount === 0) return check.sums;
  return { ...check.sums, electronic: payment.chargedAmount };
}

/** The check as it can be read back, with its slip. */
export function virtualCheck(request: ReceiptRequest, circumstances: CheckCircumstances): VirtualCheck {
  const { check, command } = request;
  const { state, at } = circumstances;
  const sums = takenSums(request);
  const number = state.documentNumber;
  const sum = checkSum(check, sums);
  const asSent = (name: string): string => looseText(looseMember(check.asSent, name));
  return {
    number,
    slip: slipOf(request, circumstances),
    qrCode: qrCodeOf({ at, sum, number, type: check.type }),
    data: {
      FiscalNumber: number,
      FiscalDate: at,
      CheckType: check.type,
      FiscalSign: '',
      CashierName: command.cashier.name ?? '',
      CashierVATIN: command.cashier.vatin ?? '',
      TaxVariant: asSent('TaxVariant'),
      ClientAddress: asSent('ClientAddress'),
      SenderEmail: asSent('SenderEmail'),
      PlaceMarket: asSent('PlaceMarket'),
      Register: check.goods.map(({ name, quantity, amount, tax }) => ({ Name: name, Quantity: quantity, Amount: roubles(amount), Tax: tax ?? -1 })),
      ...paidMembers(sums),
      AllSumm: roubles(sum),
    },
  };
}

/** The sums of a check as answers name them. */
export function paidMembers(sums: CheckSums): Readonly<Record<string, number>> {
  return {
    Cash: roubles(sums.cash),
    ElectronicPayment: roubles(sums.electronic),
    AdvancePayment: roubles(sums.advance),
    Credit: roubles(sums.credit),
    CashProvision: roubles(sums.provision),
  };
}

/** As fiscal registers write it, because clients read date and sum out of it; no tax office knows a storage 0 with the sign 0. */
function qrCodeOf({ at, sum, number, type }: { readonly at: string; readonly sum: number; readonly number: number; readonly type: number }): string {
  const receipt = receiptTypeOf(type)?.receipt ?? 'Shell';
  return `t=${at.replace(/[-:]/g, '')}&s=${(sum / 100).toFixed(2)}&fn=0&i=${number}&fp=0&n=${{ Shell: 1, ShellReturn: 2, Buy: 3, BuyReturn: 4 }[receipt]}`;
}

/** The text of a check: fiscal ones with their numbers and sums, others as what they were told to print. */
export function slipOf(request: ReceiptRequest, { unitName, at, state }: CheckCircumstances): string {
  const { check, command } = request;
  const sums = takenSums(request);
  const kind = receiptTypeOf(check.type);
  const bankSlip = bankSlipOf(request.payment, check.type);
  const head =
    check.fiscal && kind
      ? [...columns('КАССОВЫЙ ЧЕК', titleOf(kind.receipt)), ...columns(`Чек № ${state.documentNumber}`, `Смена № ${state.shiftNumber}`)]
      : [];
  const payments = [
    ['НАЛИЧНЫМИ', sums.cash],
    ['БЕЗНАЛИЧНЫМИ', sums.electronic],
    ['ПРЕДВАРИТЕЛЬНАЯ ОПЛАТА', sums.advance],
    ['ПОСЛЕДУЮЩАЯ ОПЛАТА', sums.credit],
    ['ИНАЯ ФОРМА ОПЛАТЫ', sums.provision],
  ] as const;
  const foot = check.fiscal
    ? [
        rule('='),
        ...columns('ИТОГ', `=${roublesText(checkSum(check, sums))}`),
        ...payments.filter(([, minor]) => minor > 0).flatMap(([name, minor]) => columns(name, `=${roublesText(minor)}`)),
      ]
    : [];
  const lines = [
    ...centred(notFiscal),
    ...centred(unitName),
    ...head,
    at.replace('T', ' '),
    ...(command.cashier.name === null ? [] : columns('Кассир', command.cashier.name)),
    rule(),
    ...printedStrings(looseMember(check.asSent, 'CheckStrings')),
    ...foot,
    ...(bankSlip === null ? [] : [rule(), ...marked(bankSlip)]),
    rule(),
    ...centred(notFiscal),
  ];
  return lines.join('\r\n');
}

function titleOf(receipt: ReceiptType): string {
  switch (receipt) {
    case 'Shell':
      return 'ПРИХОД';
    case 'ShellReturn':
      return 'ВОЗВРАТ ПРИХОДА';
    case 'Buy':
      return 'РАСХОД';
    case 'BuyReturn':
      return 'ВОЗВРАТ РАСХОДА';
    default:
      return unreachable(receipt);
  }
}
