import { Rejected } from '@kkm/core';
import type { BankIdentity, Method, SbpWay } from '@kkm/core';
import type { PaymentEquipment, TerminalWay } from './ports';

/** What the caller said about where and how to charge. */
export interface AskedWay {
  readonly registerId: string | null;
  readonly terminalId: string | null;
  readonly method: Method | null;
}

/** Where and how a payment is charged. */
export interface ChosenWay {
  readonly terminalId: string;
  readonly method: Method;
  /** How SBP is paid at the terminal. */
  readonly sbp: SbpWay;
  /** What the bank knows the terminal by. */
  readonly bank: BankIdentity | null;
}

/**
 * Picks terminal and method: the named terminal, else the one of the register's automatic acquiring. A named terminal sets the register's option aside.
 * @throws Rejected `equipment.not_found`, `equipment.no_terminal`, `equipment.method_not_enabled`, `sbp.not_offered`.
 */
export function chooseTerminal(asked: AskedWay, { acquiring, terminal }: Pick<PaymentEquipment, 'acquiring' | 'terminal'>): ChosenWay {
  if (asked.registerId !== null && !acquiring)
    throw new Rejected('equipment.not_found', { detail: `Register ${asked.registerId} does not exist at this site.` });
  if (asked.terminalId === null) {
    if (!acquiring) throw new Rejected('equipment.no_terminal', { detail: 'Neither registerId nor terminalId is given.' });
    if (acquiring.option === 'none' || acquiring.terminalId === null)
      throw new Rejected('equipment.no_terminal', { detail: `Automatic acquiring of register ${asked.registerId} is off.` });
  } else if (!terminal) {
    throw new Rejected('equipment.not_found', { detail: `Terminal ${asked.terminalId} does not exist at this site.` });
  }
  if (!terminal) throw new Rejected('equipment.no_terminal', { detail: 'The terminal of the register’s automatic acquiring does not exist.' });
  if (!terminal.enabled) throw new Rejected('equipment.no_terminal', { detail: `Terminal ${terminal.terminalId} is switched off in the settings.` });
  const method = methodOf(asked, acquiring?.option ?? 'none');
  mustOffer(terminal, method);
  return { terminalId: terminal.terminalId, method, sbp: terminal.sbp, bank: terminal.bank };
}

/** Refuses SBP alone where the terminal does not take it; a payment by card or SBP begins with the card there. @throws Rejected `sbp.not_offered`. */
export function mustOffer({ terminalId, sbp }: TerminalWay, method: Method): void {
  if (method === 'sbp_qr' && sbp.by === 'none') throw new Rejected('sbp.not_offered', { detail: `Terminal ${terminalId} takes no SBP.` });
}

function methodOf(asked: AskedWay, option: 'none' | Method): Method {
  if (asked.method === null) return option === 'none' ? 'card' : option;
  const overridden = asked.terminalId !== null;
  if (!overridden && !allows(option, asked.method)) throw new Rejected('equipment.method_not_enabled', { detail: `The register takes ${option}.` });
  return asked.method;
}

/** `card_or_sbp_qr` allows each of its halves; any other option allows itself only. */
function allows(option: 'none' | Method, method: Method): boolean {
  return option === method || option === 'card_or_sbp_qr';
}
