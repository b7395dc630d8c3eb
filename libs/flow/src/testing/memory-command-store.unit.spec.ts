import { commandStoreConformance } from './command-store-conformance';
import { MemoryCommandStore } from './memory-command-store';

describe('the store of commands in memory', () => {
  let nowMs = 1_795_444_000_000;
  commandStoreConformance(() => ({
    store: new MemoryCommandStore(() => nowMs),
    nowMs: () => nowMs,
    pass: (ms) => Promise.resolve(void (nowMs += ms)),
  }));
});
