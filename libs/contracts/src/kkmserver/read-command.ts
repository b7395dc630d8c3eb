import type { ChargeReference, KkmCommand, KkmWish, RegisterTask } from '@kkm/core';
import { z } from 'zod';
import { doorText } from './door-texts';
import { flag, maybe, must, someRoubles, text, whole } from './lenient';
import { plainBody } from './plain-body';
import type { PlainBody } from './plain-body';
import { checkSchema } from './read-check';
import { chargeMembers, chargeNamed } from './universal-id';

/** Seconds that an answer may wait for: the API's own default, and the most a client gets. */
const waitSeconds = { usual: 60, max: 900 } as const;

/** `Timeout` of a client that does not want to wait. */
const atOnce = 1;

/** Longest id of a command. Clients send up to 60 characters. */
const idLength = 255;

/** Faults told at once; more would help nobody. */
const faultsMax = 5;

/** What a request was read as. */
export type ReadCommand =
  | { readonly kind: 'command'; readonly command: KkmCommand; readonly waitMs: number }
  /** `GetRezult`. `idCommand` is null when it is nothing that a command could be called. */
  | { readonly kind: 'result'; readonly idCommand: string | null }
  /** `unknown`: no such command; `refused`: it cannot be read. `name` and `idCommand` are echoed. */
  | { readonly kind: 'unknown' | 'refused'; readonly name: string; readonly idCommand: string; readonly error: string };

/** Reads a request leniently: members in any case, numbers and flags as text, null as left out. Never throws. */
export function readCommand(body: unknown): ReadCommand {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return refused('', '', doorText('bodyNoObject'));
  const sent = echoed(memberOf(body, 'command')).trim();
  const name = commandNames.get(plainLetters(sent));
  if (name === 'GetRezult') return { kind: 'result', idCommand: resultId(memberOf(body, 'idcommand')) };
  const idCommand = echoed(memberOf(body, 'idcommand'));
  const taken = plainBody(body);
  if (taken.kind === 'refused') return refused(sent, idCommand, taken.error);
  if (sent === '') return refused(sent, idCommand, doorText('commandMissing'));
  const wish = name === undefined ? undefined : wishes[name];
  if (name === undefined || wish === undefined) return { kind: 'unknown', name: sent, idCommand, error: `${doorText('commandUnknown')}: ${sent}` };
  const { members } = taken;
  const { Timeout: _timeout, ...asSent } = members; // How long somebody waits is no part of what is wanted: a repeat may wait longer.
  const read = envelope.safeParse(members);
  const wanted = wish(asSent).safeParse(members);
  if (!read.success || !wanted.success) return refused(name, idCommand, faultsOf([read.error, wanted.error]));
  const { Timeout, IdCommand, unit, cashier } = read.data;
  // The API spells this one with a Cyrillic С in places; its answer is spelled as it was asked.
  const spelled = name === 'GetCounters' && /[Сс]/.test(sent) ? 'GetСounters' : name;
  return { kind: 'command', command: { name: spelled, idCommand: IdCommand, unit, cashier, wish: wanted.data }, waitMs: waitMsOf(Timeout) };
}

const envelope = z
  .object({
    NumDevice: maybe(whole(0)),
    InnKkm: maybe(text(100)),
    KktNumber: maybe(text(100)),
    IdDevice: maybe(text(100)),
    IdCommand: maybe(text(idLength)),
    Timeout: maybe(whole(0)),
    CashierName: maybe(text(200)),
    CashierVATIN: maybe(text(100)),
  })
  .transform(({ IdCommand, Timeout, ...rest }) => ({
    IdCommand,
    Timeout,
    unit: { numDevice: rest.NumDevice ?? 0, innKkm: rest.InnKkm, kktNumber: rest.KktNumber, idDevice: rest.IdDevice },
    cashier: { name: rest.CashierName, vatin: rest.CashierVATIN },
  }));

type WishSchema = (asSent: PlainBody) => z.ZodType<KkmWish>;

/** No charge named. */
const nothingNamed: ChargeReference = { rrn: null, authorisationCode: null };

function returning(kind: 'ReturnPaymentByPaymentCard' | 'CancelPaymentByPaymentCard'): WishSchema {
  return () =>
    z
      .object({ Amount: maybe(someRoubles), ...chargeMembers })
      .transform((members, context) => ({ kind, amount: members.Amount, original: chargeNamed(members, context) ?? nothingNamed }));
}

function task(kind: Exclude<RegisterTask['kind'], 'DepositingCash' | 'PaymentCash' | 'GetDataCheck'>): WishSchema {
  return (asSent) => z.object({}).transform(() => ({ kind: 'RegisterTask', task: { kind }, asSent }));
}

function cash(kind: 'DepositingCash' | 'PaymentCash'): WishSchema {
  return (asSent) => z.object({ Amount: must(someRoubles) }).transform(({ Amount }) => ({ kind: 'RegisterTask', task: { kind, amount: Amount }, asSent }));
}

function plainly(wish: KkmWish): WishSchema {
  return () => z.object({}).transform(() => wish);
}

/** Every command but GetRezult, by the API's spelling, with what it asks for. */
const wishes: Readonly<Record<string, WishSchema>> = {
  PayByPaymentCard: () =>
    z
      .object({ Amount: must(someRoubles), ReceiptNumber: maybe(text(64)) })
      .transform(({ Amount, ReceiptNumber }) => ({ kind: 'PayByPaymentCard', amount: Amount, receiptNumber: ReceiptNumber })),
  ReturnPaymentByPaymentCard: returning('ReturnPaymentByPaymentCard'),
  CancelPaymentByPaymentCard: returning('CancelPaymentByPaymentCard'),
  AuthorisationByPaymentCard: plainly({ kind: 'AuthorisationByPaymentCard' }),
  AuthConfirmationByPaymentCard: plainly({ kind: 'AuthConfirmationByPaymentCard' }),
  CancelAuthorisationByPaymentCard: plainly({ kind: 'CancelAuthorisationByPaymentCard' }),
  EmergencyReversal: () => z.object(chargeMembers).transform((members, context) => ({ kind: 'EmergencyReversal', original: chargeNamed(members, context) })),
  Settlement: plainly({ kind: 'Settlement' }),
  TerminalReport: () => z.object({ Detailed: maybe(flag) }).transform(({ Detailed }) => ({ kind: 'TerminalReport', detailed: Detailed ?? false })),
  TransactionDetails: () =>
    z
      .object({ Amount: maybe(someRoubles), ...chargeMembers })
      .transform((members, context) => ({ kind: 'TransactionDetails', amount: members.Amount, original: chargeNamed(members, context) ?? nothingNamed })),
  PrintSlipOnTerminal: plainly({ kind: 'PrintSlipOnTerminal' }),
  RegisterCheck: (asSent) => checkSchema.transform((check) => ({ kind: 'RegisterCheck', check: { ...check, asSent } })),
  OpenShift: task('OpenShift'),
  CloseShift: task('CloseShift'),
  XReport: task('XReport'),
  ZReport: task('ZReport'),
  OpenCashDrawer: task('OpenCashDrawer'),
  GetLineLength: task('GetLineLength'),
  GetDataKKT: task('GetDataKKT'),
  OfdReport: task('OfdReport'),
  GetCounters: task('GetCounters'),
  PrintDocument: task('PrintDocument'),
  DepositingCash: cash('DepositingCash'),
  PaymentCash: cash('PaymentCash'),
  GetDataCheck: (asSent) =>
    z.object({ FiscalNumber: maybe(whole(-1)), NumberCopies: maybe(whole(0)) }).transform(({ FiscalNumber, NumberCopies }) => ({
      kind: 'RegisterTask',
      task: { kind: 'GetDataCheck', fiscalNumber: FiscalNumber ?? 0, copies: NumberCopies ?? 0 },
      asSent,
    })),
  List: () =>
    listFilters.transform((filters) => ({ kind: 'List', filters: Object.fromEntries(Object.entries(filters).filter(([, value]) => value !== null)) })),
  GetServerData: plainly({ kind: 'GetServerData' }),
  OnOffUnut: () => z.object({ Active: must(flag) }).transform(({ Active }) => ({ kind: 'OnOffUnut', active: Active })),
};

const listFilters = z.object({
  NumDevice: maybe(whole(0)),
  InnKkm: maybe(text(100)),
  IP: maybe(text(100)),
  Active: maybe(flag),
  OnOff: maybe(flag),
  OFD_Error: maybe(flag),
  OFD_DateErrorDoc: maybe(text(100)),
  FN_DateEnd: maybe(text(100)),
  FN_MemOverflowl: maybe(flag),
  FN_IsFiscal: maybe(flag),
});

const commandNames: ReadonlyMap<string, string> = new Map([...Object.keys(wishes), 'GetRezult'].map((name) => [plainLetters(name), name]));

/** The API writes some Latin letters as the Cyrillic ones that look alike. */
function plainLetters(name: string): string {
  return name.toLowerCase().replaceAll('с', 'c');
}

function waitMsOf(timeout: number | null): number {
  if (timeout === atOnce) return 0;
  return Math.min(timeout || waitSeconds.usual, waitSeconds.max) * 1_000;
}

/** A member of the body as it was sent; the last one when several differ in case alone. */
function memberOf(body: object, name: string): unknown {
  return Object.entries(body).findLast(([member]) => member.toLowerCase() === name)?.[1];
}

/** What may be repeated to the sender: a short line of text. */
function echoed(value: unknown): string {
  const line = typeof value === 'number' ? String(value) : value;
  return typeof line === 'string' ? line.slice(0, idLength).replace(/[\p{Cc}\p{Cs}]/gu, '') : '';
}

function resultId(value: unknown): string | null {
  const id = text(idLength).safeParse(value);
  return id.success && id.data !== '' ? id.data : null;
}

function refused(name: string, idCommand: string, error: string): ReadCommand {
  return { kind: 'refused', name, idCommand, error };
}

function faultsOf(errors: readonly (z.ZodError | undefined)[]): string {
  const faults = errors.flatMap((error) => error?.issues ?? []).map(({ path, message }) => (path.length > 0 ? `${placeOf(path)}: ${message}` : message));
  return [...new Set(faults)].slice(0, faultsMax).join('; ');
}

/** `CheckStrings[0].Register.Amount`. */
function placeOf(path: readonly PropertyKey[]): string {
  return path.map((step, index) => (typeof step === 'number' ? `[${step}]` : `${index > 0 ? '.' : ''}${String(step)}`)).join('');
}
