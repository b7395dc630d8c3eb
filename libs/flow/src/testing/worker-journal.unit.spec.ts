import { journalConformance } from './journal-conformance';
import { MemoryJournal } from './worker-journal';

describe('the journal in memory', () => {
  journalConformance(() => {
    const journal = new MemoryJournal();
    return Promise.resolve({ journal, reopen: () => Promise.resolve(journal.reopen()) });
  });
});
