export { FakeBank } from './kit/fake-bank';
export type { BankAnswer, BankTotals, BankTransaction } from './kit/fake-bank';
export { formatFault, parseFault } from './kit/faults';
export type { Fault } from './kit/faults';
export { cardKinds, customerActions, defaultBehaviour } from './kit/virtual-terminal';
export type { AttendantAction, Behaviour, CardKind, CustomerAction, Screen, TerminalEffect, TerminalInput, VirtualTerminal } from './kit/virtual-terminal';
export { createInpasTerminal } from './inpas-sa/terminal';
export type { InpasTerminalOptions } from './inpas-sa/terminal';
export type { TerminalIdentity } from './inpas-sa/terminal-texts';
