import type { CheckDocument, KkmCommand } from '@kkm/core';
import { bankSlipOf } from '../bank-slip';
import type { ReceiptRequest } from '../fiscal-register';
import { looseFlag, looseMember, withoutMembers } from '../loose-members';
import type { LooseMembers } from '../loose-members';

/** How KKM's own register was searched, what KKM's acquiring was told, and what is set anew: not for the register elsewhere. */
const own = [
  ...['IdCommand', 'Timeout', 'NumDevice', 'InnKkm', 'KktNumber', 'IdDevice'],
  ...['PayByProcessing', 'NumDeviceByProcessing', 'ReceiptNumber', 'PrintSlipAfterCheck', 'PrintSlipForCashier', 'RRNCode', 'AuthorizationCode', 'UniversalID'],
];

/** A command as it goes on to the register elsewhere. */
export function forwarded(asSent: LooseMembers, command: string, numDevice: number): LooseMembers {
  return { ...withoutMembers(asSent, [...own, 'Command']), Command: command, NumDevice: numDevice };
}

/** A check as it goes on: never charged there, with the bank's slip inside unless it is to follow or nothing is printed. */
export function forwardedCheck(request: ReceiptRequest, numDevice: number): LooseMembers {
  const { check } = request;
  const members = { ...forwarded(check.asSent, 'RegisterCheck', numDevice), PayByProcessing: false };
  const slip = slipWishes(request);
  if (!slip?.inside) return members;
  const strings = looseMember(check.asSent, 'CheckStrings');
  return { ...withoutMembers(members, ['CheckStrings']), CheckStrings: [...(Array.isArray(strings) ? (strings as unknown[]) : []), ...printed(slip.text)] };
}

/** What is printed of the bank's slip besides: after the check, and once more for the cashier. */
export function slipDocuments(request: ReceiptRequest, numDevice: number): readonly LooseMembers[] {
  const slip = slipWishes(request);
  if (!slip) return [];
  const document = { Command: 'PrintDocument', NumDevice: numDevice, IsFiscalCheck: false, NotPrint: false, CheckStrings: printed(slip.text) };
  return [...(slip.inside ? [] : [document]), ...(slip.forCashier ? [document] : [])];
}

/** A shift's beginning or end at the register elsewhere, by the cashier of a command. */
export function shiftCommand(name: 'OpenShift' | 'CloseShift', { cashier }: Pick<KkmCommand, 'cashier'>, numDevice: number): LooseMembers {
  return { Command: name, NumDevice: numDevice, NotPrint: false, CashierName: cashier.name ?? '', CashierVATIN: cashier.vatin ?? '' };
}

/** Whether the check is to be sent to the guest instead of printed. */
export function isUnprinted(check: CheckDocument): boolean {
  return looseFlag(looseMember(check.asSent, 'NotPrint'));
}

function slipWishes({ check, payment }: ReceiptRequest): { readonly text: string; readonly inside: boolean; readonly forCashier: boolean } | null {
  const text = bankSlipOf(payment, check.type);
  if (text === null || isUnprinted(check)) return null;
  const says = (name: string): boolean => looseFlag(looseMember(check.asSent, name));
  return { text, inside: !says('PrintSlipAfterCheck'), forCashier: says('PrintSlipForCashier') };
}

function printed(slip: string): readonly LooseMembers[] {
  return ['<<->>', ...slip.split(/\r\n|\r|\n/)].map((line) => ({ PrintText: { Text: line } }));
}
