import { check } from '@kkm/core';

/** How single calls are gathered into batches. */
export interface MicroBatchOptions<Item, Answer> {
  /** Runs a batch; answers stand in the order of the items. When it fails, a batch of several is run again one by one. */
  readonly run: (items: readonly Item[]) => Promise<readonly Answer[]>;
  /** Items in one batch at most. */
  readonly itemsMax: number;
  /** Batches that run at the same time. */
  readonly lanes: number;
  /** What an item must have for itself: two items with a key in common never share a batch. */
  readonly keysOf?: (item: Item) => readonly string[];
  /** Whether a failed batch of several is worth running one by one; false fails all of them alike. Default: always. */
  readonly splitOn?: (error: unknown) => boolean;
}

interface Waiting<Item, Answer> {
  readonly item: Item;
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Group commit: while a batch runs, later calls gather and make the next one. An idle lane starts at once, so a lone call waits for nothing.
 * One transaction per message is what costs most under load; callers keep calling one by one.
 */
export function microBatch<Item, Answer>(options: MicroBatchOptions<Item, Answer>): (item: Item) => Promise<Answer> {
  let waiting: Waiting<Item, Answer>[] = [];
  let running = 0;
  const start = (): void => {
    while (running < options.lanes && waiting.length > 0) {
      const { taken, left } = takeBatch(waiting, options);
      waiting = left;
      running += 1;
      void settle(taken, options).finally(() => {
        running -= 1;
        start();
      });
    }
  };
  return (item) =>
    new Promise<Answer>((resolve, reject) => {
      waiting.push({ item, resolve, reject });
      // Whatever arrives in one turn of the event loop travels together.
      if (waiting.length === 1) setImmediate(start);
    });
}

function takeBatch<Item, Answer>(waiting: readonly Waiting<Item, Answer>[], { itemsMax, keysOf }: MicroBatchOptions<Item, Answer>) {
  const taken: Waiting<Item, Answer>[] = [];
  const left: Waiting<Item, Answer>[] = [];
  const used = new Set<string>();
  for (const entry of waiting) {
    const keys = keysOf?.(entry.item) ?? [];
    if (taken.length >= itemsMax || keys.some((key) => used.has(key))) left.push(entry);
    else taken.push(entry);
    // A key that had to wait keeps later items with it waiting too: their order is kept.
    for (const key of keys) used.add(key);
  }
  return { taken, left };
}

async function settle<Item, Answer>(taken: readonly Waiting<Item, Answer>[], options: MicroBatchOptions<Item, Answer>): Promise<void> {
  try {
    const answers = await options.run(taken.map((entry) => entry.item));
    check(answers.length === taken.length, 'a batch answers every item');
    taken.forEach((entry, index) => entry.resolve(answers[index] as Answer));
  } catch (error) {
    if (taken.length === 1 || !(options.splitOn?.(error) ?? true)) {
      for (const entry of taken) entry.reject(error);
      return;
    }
    for (const entry of taken) await settle([entry], options);
  }
}
