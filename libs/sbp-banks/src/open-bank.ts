import type { SbpBank } from '@kkm/flow/ledger';
import type { BankCalls } from './bank-calls';
import type { BankContract } from './bank-contract';
import { Raiffeisen } from './raiffeisen';
import { Tkassa } from './tkassa';

/** The SBP interface of the bank that a contract is with. */
export function openBank(contract: BankContract, calls: BankCalls): SbpBank {
  switch (contract.bank) {
    case 'raiffeisen':
      return new Raiffeisen(contract, calls);
    case 'tkassa':
      return new Tkassa(contract, calls);
  }
}
