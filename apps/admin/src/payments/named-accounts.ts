import type { BankIdentity } from '@kkm/core';

/** A settlement account and whose it is; empty where nobody has written that down. */
export interface NamedAccount {
  readonly number: string;
  readonly name: string;
}

/** The settlement accounts of terminals, each once, by name. */
export function namedAccounts(terminals: readonly { readonly bank: BankIdentity }[]): readonly NamedAccount[] {
  const names = new Map<string, string>();
  for (const { bank } of terminals) {
    if (bank.settlementAccount === null) continue;
    const { number } = bank.settlementAccount;
    names.set(number, names.get(number) || (bank.legalEntity?.name ?? ''));
  }
  const all = [...names].map(([number, name]) => ({ number, name }));
  return all.sort((one, other) => one.name.localeCompare(other.name) || one.number.localeCompare(other.number));
}
