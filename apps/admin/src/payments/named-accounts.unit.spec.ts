import { noBankIdentity } from '@kkm/core';
import { namedAccounts } from './named-accounts';

const terminal = (number: string | null, name: string | null) => ({
  bank: { ...noBankIdentity, settlementAccount: number === null ? null : { number, bik: null }, legalEntity: name === null ? null : { name, inn: null } },
});

describe('the accounts of terminals', () => {
  it('are listed once each, by whose they are, with the name that any terminal gives', () => {
    expect(namedAccounts([terminal('2', 'Night Club'), terminal('1', null), terminal(null, 'Nobody'), terminal('3', 'Bar'), terminal('1', 'Arena')])).toEqual([
      { number: '1', name: 'Arena' },
      { number: '3', name: 'Bar' },
      { number: '2', name: 'Night Club' },
    ]);
  });
});
