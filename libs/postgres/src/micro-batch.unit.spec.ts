import { microBatch } from './micro-batch';

/** A run that the test lets finish batch by batch. */
function heldRuns() {
  const batches: { readonly items: readonly string[]; readonly finish: () => void; readonly fail: (error: Error) => void }[] = [];
  const run = (items: readonly string[]): Promise<readonly string[]> =>
    new Promise((resolve, reject) => {
      batches.push({ items, finish: () => resolve(items.map((item) => `${item}!`)), fail: reject });
    });
  return { batches, run };
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(() => setImmediate(resolve)));

describe('microBatch', () => {
  it('runs calls of one moment together and answers each', async () => {
    const { batches, run } = heldRuns();
    const call = microBatch({ run, itemsMax: 10, lanes: 1 });
    const answers = Promise.all([call('a'), call('b')]);
    await turn();
    expect(batches.map((batch) => batch.items)).toEqual([['a', 'b']]);
    batches[0]?.finish();
    expect(await answers).toEqual(['a!', 'b!']);
  });

  it('gathers what comes while a batch runs, up to the limit', async () => {
    const { batches, run } = heldRuns();
    const call = microBatch({ run, itemsMax: 2, lanes: 1 });
    void call('a');
    await turn();
    void call('b');
    void call('c');
    void call('d');
    await turn();
    expect(batches.map((batch) => batch.items)).toEqual([['a']]);
    batches[0]?.finish();
    await turn();
    expect(batches.map((batch) => batch.items)).toEqual([['a'], ['b', 'c']]);
    batches[1]?.finish();
    await turn();
    expect(batches[2]?.items).toEqual(['d']);
  });

  it('runs as many batches at a time as it has lanes', async () => {
    const { batches, run } = heldRuns();
    const call = microBatch({ run, itemsMax: 1, lanes: 2 });
    for (const item of ['a', 'b', 'c']) void call(item);
    await turn();
    expect(batches.map((batch) => batch.items)).toEqual([['a'], ['b']]);
  });

  it('never puts two items with a key in common into one batch, and keeps their order', async () => {
    const { batches, run } = heldRuns();
    const call = microBatch({ run, itemsMax: 10, lanes: 1, keysOf: (item) => [...item] });
    for (const item of ['ab', 'bc', 'c', 'd']) void call(item);
    await turn();
    expect(batches[0]?.items).toEqual(['ab', 'd']);
    batches[0]?.finish();
    await turn();
    expect(batches[1]?.items).toEqual(['bc']);
    batches[1]?.finish();
    await turn();
    expect(batches[2]?.items).toEqual(['c']);
  });

  it('runs the items of a failed batch one by one, so that one fails alone', async () => {
    const run = async (items: readonly string[]): Promise<readonly string[]> => {
      if (items.includes('bad')) throw new Error(`refused ${items.length}`);
      return items;
    };
    const call = microBatch({ run, itemsMax: 10, lanes: 1 });
    const settled = await Promise.allSettled([call('a'), call('bad'), call('b')]);
    expect(settled.map((one) => (one.status === 'fulfilled' ? one.value : String(one.reason)))).toEqual(['a', 'Error: refused 1', 'b']);
  });

  it('fails all alike where running one by one cannot help', async () => {
    let runs = 0;
    const run = async (): Promise<readonly string[]> => {
      runs += 1;
      throw new Error('gone');
    };
    const call = microBatch({ run, itemsMax: 10, lanes: 1, splitOn: () => false });
    const settled = await Promise.allSettled([call('a'), call('b')]);
    expect([settled.map((one) => one.status), runs]).toEqual([['rejected', 'rejected'], 1]);
  });

  it('goes on after a failure', async () => {
    let runs = 0;
    const run = async (items: readonly string[]): Promise<readonly string[]> => {
      runs += 1;
      if (runs === 1) throw new Error('once');
      return items;
    };
    const call = microBatch({ run, itemsMax: 10, lanes: 1 });
    await expect(call('a')).rejects.toThrow('once');
    expect(await call('b')).toBe('b');
  });

  it('refuses a run that answers too little', async () => {
    const call = microBatch({ run: async () => [], itemsMax: 10, lanes: 1 });
    await expect(call('a')).rejects.toThrow('a batch answers every item');
  });
});
