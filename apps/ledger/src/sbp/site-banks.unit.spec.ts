import { Unavailable } from '@kkm/core';
import type { SbpBank } from '@kkm/flow/ledger';
import type { BankContract } from '@kkm/sbp-banks';
import { openingKeys, sealSecret } from '@kkm/sealing';
import { SiteBanks } from './site-banks';
import type { KeptAccount, SiteBankParts } from './site-banks';

const seed = new Uint8Array(32).fill(7);
const bound = { siteId: 'club-1', bank: 'raiffeisen' } as const;

describe('the banks of sites', () => {
  const given: BankContract[] = [];
  let kept: KeptAccount | null = null;
  const parts: SiteBankParts = {
    table: { active: async () => kept, find: async () => kept, set: async () => kept?.account ?? null },
    keys: null,
    connect: (contract) => {
      given.push(contract);
      return {} as SbpBank;
    },
    nowMs: () => 0,
  };
  const contract = async (secret: string, baseUrl = 'https://bank.example'): Promise<KeptAccount> => {
    const { publicKey } = await openingKeys(seed);
    const sealedSecret = await sealSecret(secret, { publicKey, ...bound });
    return { sealedSecret, account: { ...bound, baseUrl, merchantId: 'MA1', active: true, changedAt: '', changedBy: 'key' } };
  };
  beforeEach(() => {
    given.length = 0;
    kept = null;
  });

  it('are opened once per contract, and anew when it was changed', async () => {
    const banks = new SiteBanks({ ...parts, keys: await openingKeys(seed) });
    expect(await banks.of('club-1', 'raiffeisen')).toBeNull();
    kept = await contract('one');
    const first = await banks.of('club-1', 'raiffeisen');
    expect(await banks.of('club-1', 'raiffeisen')).toBe(first);
    kept = { ...kept, account: { ...kept.account, baseUrl: 'https://other.example' } };
    await banks.of('club-1', 'raiffeisen');
    kept = await contract('two', 'https://other.example');
    await banks.of('club-1', 'raiffeisen');
    expect(given.map(({ baseUrl, secret }) => [baseUrl, secret])).toEqual([
      ['https://bank.example', 'one'],
      ['https://other.example', 'one'],
      ['https://other.example', 'two'],
    ]);
  });

  it('are unavailable, and say so, where the ledger has no key or another one', async () => {
    kept = await contract('one');
    const keyless = new SiteBanks(parts);
    const changed = new SiteBanks({ ...parts, keys: await openingKeys(new Uint8Array(32)) });
    await expect(keyless.of('club-1', 'raiffeisen')).rejects.toThrow(/KKM_SEALING_KEY/);
    await expect(changed.of('club-1', 'raiffeisen')).rejects.toThrow(Unavailable);
    expect(() => keyless.sealingKey()).toThrow(/KKM_SEALING_KEY/);
    await expect(keyless.setAccount({ ...bound, baseUrl: 'https://b', merchantId: '1', sealedSecret: null, by: 'key' })).rejects.toThrow(/KKM_SEALING_KEY/);
    expect(given).toEqual([]);
  });

  it('take no secret that their own key does not open', async () => {
    kept = await contract('one');
    const banks = new SiteBanks({ ...parts, keys: await openingKeys(seed) });
    const { publicKey } = await openingKeys(seed);
    const sealedSecret = await sealSecret('one', { publicKey, ...bound, siteId: 'club-2' });
    await expect(banks.setAccount({ ...bound, baseUrl: 'https://b', merchantId: '1', sealedSecret, by: 'key' })).rejects.toMatchObject({
      code: 'request.invalid',
    });
  });
});
