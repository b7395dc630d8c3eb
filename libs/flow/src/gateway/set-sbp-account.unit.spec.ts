import type { SetSbpAccountRequest } from '@kkm/core';
import { SetSbpAccount } from './set-sbp-account';

describe('SetSbpAccount', () => {
  const asked = { siteId: 'club-1', bank: 'raiffeisen', baseUrl: 'https://bank.example/api', merchantId: 'MA1', by: 'admin' } as const;
  const set: SetSbpAccountRequest[] = [];
  const account = new SetSbpAccount({
    ledger: {
      sealingKey: () => Promise.resolve({ publicKey: 'pub' }),
      setAccount: (request) => {
        set.push(request);
        const { sealedSecret: _secret, by, ...shown } = request;
        return Promise.resolve({ ...shown, active: true, changedAt: '2026-01-01T00:00:00Z', changedBy: by });
      },
    },
    seal: (secret, to) => Promise.resolve(`${secret.length} sealed for ${to.siteId} ${to.bank} to ${to.publicKey}`),
  });
  beforeEach(() => set.splice(0));

  it('hands the secret on sealed for this site and bank, and never in the clear', async () => {
    await account.run({ ...asked, secret: 'hush' });
    expect(set).toEqual([{ ...asked, sealedSecret: '4 sealed for club-1 raiffeisen to pub' }]);
    expect(JSON.stringify(set)).not.toContain('hush');
  });

  it('lets the stored secret stay when none is given', async () => {
    await account.run({ ...asked, secret: null });
    expect(set).toEqual([{ ...asked, sealedSecret: null }]);
  });
});
