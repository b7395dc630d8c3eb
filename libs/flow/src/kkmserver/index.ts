export type { CommandDesk, CommandSight } from './command-desk';
export type { CommandRecord, CommandStage, CommandStore, Taken } from './command-store';
export type { DoorUnit, DoorUnits, DoorRegister, FiscalRegister, ReceiptFailurePolicy, ReceiptOutcome, ReceiptRequest } from './fiscal-register';
