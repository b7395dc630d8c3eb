import { amountMinorMax } from '@kkm/core';
import type { CheckDocument, KkmCaller, KkmCommand, KkmAnswer } from '@kkm/core';
import { errorAnswer, notFoundAnswer } from './command-answers';
import type { CommandRecord } from './command-store';
import { doorTexts } from './door-texts';
import type { DoorRegister, DoorUnit, DoorUnits } from './fiscal-register';

/** What a command is to be done with; decided once, as the settings are when it comes. */
export type Plan = Pick<CommandRecord, 'registerId' | 'terminalId' | 'unit' | 'receiptNumber' | 'acquiring' | 'chargeAmount'>;

/** A plan, or why there is none: an answer that is not kept, because the same command may come again when its reason is gone. */
export type Planned = { readonly plan: Plan } | { readonly answer: KkmAnswer };

const nothing: Plan = { registerId: null, terminalId: null, unit: null, receiptNumber: null, acquiring: null, chargeAmount: null };

/** Finds the unit that a command names and what it wants charged or given back. @throws Unavailable when the settings cannot be read. */
export async function planCommand(caller: KkmCaller, command: KkmCommand, units: DoorUnits): Promise<Planned> {
  const { wish } = command;
  switch (wish.kind) {
    case 'List':
    case 'GetServerData':
    case 'OnOffUnut':
      return { plan: nothing };
    case 'RegisterTask':
      return withRegister(caller, command, { units, plan: ({ registerId }) => Promise.resolve({ plan: { ...nothing, registerId } }) });
    case 'RegisterCheck':
      return withRegister(caller, command, { units, plan: (register) => planCheck(caller, wish.check, { register, units }) });
    case 'PayByPaymentCard':
      if (!isAmount(wish.amount)) return refused(doorTexts.amountWrong);
      return withTerminal(caller, command, { units, plan: { receiptNumber: wish.receiptNumber, acquiring: 'charge', chargeAmount: wish.amount } });
    case 'ReturnPaymentByPaymentCard':
    case 'CancelPaymentByPaymentCard':
      if (!caller.mayGiveBack) return refused(doorTexts.mayNotGiveBack);
      if (wish.amount !== null && !isAmount(wish.amount)) return refused(doorTexts.amountWrong);
      return withTerminal(caller, command, { units, plan: { acquiring: 'return' } });
    case 'EmergencyReversal':
      if (!caller.mayGiveBack) return refused(doorTexts.mayNotGiveBack);
      return withTerminal(caller, command, { units, plan: { acquiring: 'return' } });
    default:
      return withTerminal(caller, command, { units, plan: {} });
  }
}

async function withTerminal(
  { siteId }: KkmCaller,
  { unit: { numDevice } }: KkmCommand,
  { units, plan }: { readonly units: DoorUnits; readonly plan: Partial<Plan> },
): Promise<Planned> {
  const terminal = await units.terminal(siteId, numDevice);
  if (!terminal?.enabled) return { answer: notFoundAnswer(numDevice) };
  const { registerId, terminalId } = terminal;
  return { plan: { ...nothing, registerId, terminalId, unit: named(terminal), ...plan } };
}

async function withRegister(
  { siteId }: KkmCaller,
  command: KkmCommand,
  { units, plan }: { readonly units: DoorUnits; readonly plan: (register: DoorRegister) => Promise<Planned> },
): Promise<Planned> {
  const register = await units.register(siteId, command);
  if (!register?.enabled) return { answer: notFoundAnswer(command.unit.numDevice) };
  const planned = await plan(register);
  if ('answer' in planned) return { answer: { ...planned.answer, ...named(register) } };
  return { plan: { ...planned.plan, registerId: register.registerId, unit: named(register) } };
}

/** Automatic acquiring runs for a fiscal check with an electronic part, when the check or else the register's setting says so (KkmServer facts, section 9.2). */
async function planCheck(
  caller: KkmCaller,
  check: CheckDocument,
  { register, units }: { readonly register: DoorRegister; readonly units: DoorUnits },
): Promise<Planned> {
  const { receiptNumber, sums } = check;
  const plain: Planned = { plan: { ...nothing, receiptNumber } };
  const isAsked = check.payByProcessing ?? register.acquiring.option !== 'none';
  if (!check.fiscal || sums.electronic === 0 || !isAsked) return plain;
  if (check.type !== 0 && check.type !== 1) return check.payByProcessing ? refused(doorTexts.typeNotPayable) : plain;
  if (!isAmount(sums.electronic)) return refused(doorTexts.amountWrong);
  if (check.type === 1 && !caller.mayGiveBack) return refused(doorTexts.mayNotGiveBack);
  const terminalId = await acquiringTerminal(caller.siteId, check, { register, units });
  // A return goes where the money came from, whatever terminal is named.
  if (check.type === 1) return { plan: { ...nothing, receiptNumber, terminalId, acquiring: 'return' } };
  if (terminalId === null) return refused(doorTexts.noTerminal);
  return { plan: { ...nothing, receiptNumber, terminalId, acquiring: 'charge', chargeAmount: sums.electronic } };
}

/** The check's own device; where it names none or any, the register's payment withdrawal device, else the site's first. */
async function acquiringTerminal(
  siteId: string,
  { numDeviceByProcessing: number }: CheckDocument,
  { register, units }: { readonly register: DoorRegister; readonly units: DoorUnits },
): Promise<string | null> {
  if (number === null || number === 0) return register.acquiring.terminalId ?? (number === 0 ? enabledId(await units.terminal(siteId, 0)) : null);
  return enabledId(await units.terminal(siteId, number));
}

function enabledId(terminal: Awaited<ReturnType<DoorUnits['terminal']>>): string | null {
  return terminal?.enabled ? terminal.terminalId : null;
}

function named({ numDevice, unitName }: DoorUnit): Pick<DoorUnit, 'numDevice' | 'unitName'> {
  return { numDevice, unitName };
}

function isAmount(minor: number): boolean {
  return Number.isSafeInteger(minor) && minor > 0 && minor <= amountMinorMax;
}

function refused(text: string): Planned {
  return { answer: errorAnswer(null, text) };
}
