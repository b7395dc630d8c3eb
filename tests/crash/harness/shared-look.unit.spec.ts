import { sharedLook } from './shared-look';

describe('a shared look', () => {
  it('is made once for all who ask at the same time', async () => {
    let looks = 0;
    const look = sharedLook(() => Promise.resolve((looks += 1)));
    expect(await Promise.all([look(), look(), look()])).toEqual([1, 1, 1]);
    expect(await look()).toBe(2);
  });

  it('never shows what was before the question', async () => {
    let answer: (value: string) => void = () => undefined;
    const look = sharedLook(() => new Promise<string>((resolve) => (answer = resolve)));
    const first = look();
    await Promise.resolve();
    const second = look();
    const third = look();
    answer('old');
    expect(await first).toBe('old');
    await new Promise(setImmediate);
    answer('new');
    expect(await Promise.all([second, third])).toEqual(['new', 'new']);
  });

  it('fails for those who shared it, and not for those who ask afterwards', async () => {
    let looks = 0;
    const look = sharedLook(() => ((looks += 1) === 1 ? Promise.reject(new Error('away')) : Promise.resolve(looks)));
    const both = await Promise.allSettled([look(), look()]);
    expect(both.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(await look()).toBe(2);
  });
});
