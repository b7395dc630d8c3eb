import type { ForwardedChecks } from '../kkmserver/forward/forwarded-checks';

const register = { siteId: 'club-1', registerId: 'desk-1' };

/** What every keeper of forwarded commands does. */
export function forwardedChecksConformance(start: () => Promise<ForwardedChecks>): void {
  let checks: ForwardedChecks;
  beforeEach(async () => {
    checks = await start();
  });

  it('notes a command once, however often and by however many it is begun', async () => {
    expect(await checks.isBegun(register, 'a')).toBe(false);
    const begun = await Promise.all(['a', 'a', 'a'].map((key, index) => checks.begin(register, key, 10 + index)));
    const [first] = begun.filter((one) => one.first);
    expect([begun.filter((one) => one.first).length, begun.every((one) => one.numberBefore === first?.numberBefore)]).toEqual([1, true]);
    expect(await checks.begin(register, 'a', 99)).toEqual({ ...first, first: false });
    expect(await checks.isBegun(register, 'a')).toBe(true);
    expect(await checks.begin(register, 'b', null)).toMatchObject({ first: true, numberBefore: null, number: null });
  });

  it('keeps registers apart', async () => {
    await checks.begin(register, 'a', 1);
    expect(await checks.begin({ ...register, siteId: 'club-2' }, 'a', 1)).toMatchObject({ first: true });
    expect(await checks.begin({ ...register, registerId: 'desk-2' }, 'a', 1)).toMatchObject({ first: true });
  });

  it('gives each document to one command', async () => {
    await checks.begin(register, 'a', 1);
    await checks.begin(register, 'b', 1);
    expect(await checks.made(register, 'a', 2)).toBe(true);
    expect(await checks.made(register, 'a', 2)).toBe(true);
    expect(await checks.begin(register, 'a', 9)).toMatchObject({ first: false, numberBefore: 1, number: 2 });
    expect(await checks.made(register, 'b', 2)).toBe(false);
    expect(await checks.made(register, 'never begun', 3)).toBe(false);
    expect(await checks.made(register, 'b', 4)).toBe(true);
    expect(await checks.claimed(register, 1)).toEqual([2, 4]);
    expect(await checks.claimed(register, 2)).toEqual([4]);
    expect(await checks.claimed({ ...register, siteId: 'club-2' }, 0)).toEqual([]);
  });
}
