export { bankCalls } from './bank-calls';
export type { BankCalls } from './bank-calls';
export { openBank } from './open-bank';
export type { BankContract } from './bank-contract';
