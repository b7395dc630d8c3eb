import { hashOfPassword, isPassword } from './passwords';

describe('a password', () => {
  /** Of the checking alone: the rest of an answer takes as long again, and would hide a check that is left out. CPU, because what else a machine does takes time, too. */
  const leastCpuUs = async (stored: string | null): Promise<number> => {
    const times: number[] = [];
    for (let n = 0; n < 6; n += 1) {
      const begun = process.cpuUsage();
      expect(await isPassword('a wrong password', stored)).toBe(false);
      const { user, system } = process.cpuUsage(begun);
      times.push(user + system);
    }
    return Math.min(...times);
  };

  it('takes as long to check for a name that nobody has', async () => {
    const knownUs = await leastCpuUs(await hashOfPassword('the right password', 'Anna'));
    expect(await leastCpuUs(null)).toBeGreaterThan(knownUs / 2);
  });
});
