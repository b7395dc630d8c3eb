import type { LedgerCalls } from '@kkm/contracts';
import type { RestoreOverview } from '@kkm/core';

type Call = Extract<keyof LedgerCalls, `restore.${string}`>;

const nothingRestored: RestoreOverview = { restoredAt: null, backedUpAt: null, terminals: [], charges: [] };

/** What the stand-in ledger says of a restore: there was none. */
export const restoreAnswers: { readonly [Method in Call]: () => LedgerCalls[Method]['answer'] } = {
  'restore.overview': () => nothingRestored,
  'restore.release': () => nothingRestored,
  'restore.assign': () => nothingRestored,
};
