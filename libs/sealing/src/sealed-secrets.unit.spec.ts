import { Rejected } from '@kkm/core';
import { openingKeys, sealSecret } from './sealed-secrets';

/** RFC 9180, appendix A.1.1: `ikmR` and `pkRm` of DHKEM(X25519, HKDF-SHA256). */
const seed = Buffer.from('6db9df30aa07dd42ee5e8181afdb977e538f5e1fec8a06223f33f7013e525037', 'hex');
const publicKey = Buffer.from('3948cfe0ad1ddb695d780e59077195da6c56506b027329794ab02bca80815c4d', 'hex').toString('base64url');
const bound = { siteId: 'club-1', bank: 'raiffeisen' } as const;

describe('sealed secrets', () => {
  it('derives the keys of RFC 9180 from a seed, the same each time', async () => {
    expect((await openingKeys(seed)).publicKey).toBe(publicKey);
    await expect(openingKeys(seed.subarray(1))).rejects.toThrow(/32 bytes/);
  });

  it('opens what was sealed to its key, after a restart as well, and looks different each time', async () => {
    const sealed = await sealSecret('пароль 1', { publicKey, ...bound });
    expect(sealed).not.toBe(await sealSecret('пароль 1', { publicKey, ...bound }));
    expect(sealed).toMatch(/^[A-Za-z0-9_-]{64,4096}$/);
    expect(Buffer.from(sealed, 'base64url').toString()).not.toContain('пароль');
    expect(await (await openingKeys(seed)).open(sealed, bound)).toBe('пароль 1');
  });

  it('opens nothing for another site, another bank or by another key, nor what was changed on the way', async () => {
    const keys = await openingKeys(seed);
    const sealed = await sealSecret('hush', { publicKey, ...bound });
    const other = await openingKeys(Buffer.from(seed).reverse());
    const last = Buffer.from(sealed, 'base64url');
    last[last.length - 1] = (last.at(-1) ?? 0) ^ 1;
    for (const opening of [
      keys.open(sealed, { ...bound, siteId: 'club-2' }),
      keys.open(sealed, { ...bound, bank: 'tkassa' }),
      other.open(sealed, bound),
      keys.open(last.toString('base64url'), bound),
      keys.open('AAAA', bound),
    ]) {
      await expect(opening).rejects.toThrow(Rejected);
    }
    expect(await keys.open(sealed, bound)).toBe('hush');
  });

  it('opens a register’s password for that register, address and login alone', async () => {
    const keys = await openingKeys(seed);
    const register = { siteId: 'club-1', registerId: 'desk-1', url: 'http://192.168.1.30:5893/Execute', login: 'User' };
    const sealed = await sealSecret('hush', { publicKey, ...register });
    for (const other of [{ siteId: 'club-2' }, { registerId: 'desk-2' }, { url: 'http://192.168.1.66:5893/Execute' }, { login: 'Admin' }]) {
      await expect(keys.open(sealed, { ...register, ...other })).rejects.toThrow(Rejected);
    }
    for (const other of [bound, { endpointId: 'hook_1' }]) await expect(keys.open(sealed, other)).rejects.toThrow(Rejected);
    expect(await keys.open(sealed, register)).toBe('hush');
  });

  it('opens an endpoint’s secret for that endpoint alone', async () => {
    const keys = await openingKeys(seed);
    const sealed = await sealSecret('whsec_x', { publicKey, endpointId: 'hook_1' });
    for (const other of [bound, { endpointId: 'hook_2' }]) await expect(keys.open(sealed, other)).rejects.toThrow(Rejected);
    expect(await keys.open(sealed, { endpointId: 'hook_1' })).toBe('whsec_x');
  });
});
