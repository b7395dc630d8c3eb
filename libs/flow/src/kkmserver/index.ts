export type { CommandDesk, CommandSight } from './command-desk';
export { commandStages, sameBillWithinMs } from './command-store';
export type { CommandAcquiring, CommandRecord, CommandStage, CommandStore, OutstandingFilter, Taken } from './command-store';
export type { DoorUnit, DoorUnits, DoorRegister, FiscalRegister, ReceiptFailurePolicy, ReceiptOutcome, ReceiptRequest } from './fiscal-register';
export type { ChargeSought, CommandPayments, CommandPorts, FindCharge, SagaLog, TerminalAnswer, TerminalRequests } from './ports';
