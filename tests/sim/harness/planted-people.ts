import type { Payment } from '@kkm/core';
import type { AttemptRecord, Change } from '@kkm/flow/ledger';
import type { Defect } from './defects';
import { storing } from './planted';

/** Judges a payment of which something is hidden. */
const judging = (hide: (payment: Payment) => Payment): Defect => ({
  verdict: (judge) => (payment, evidence) => judge(hide(payment), evidence),
});

/** What is open is not looked at. */
export const openIgnored = judging((payment) => ({
  ...payment,
  attempts: payment.attempts.map((attempt) => (attempt.status === 'approved' ? attempt : { ...attempt, status: 'failed' })),
}));

/** A person's word is taken for the terminal's. */
export const personBelieved = judging((payment) => ({
  ...payment,
  attempts: payment.attempts.map((attempt) => ({ ...attempt, resolvedBy: attempt.resolvedBy && { ...attempt.resolvedBy, terminal: 'confirmed' } })),
}));

/** Surfaced money is not looked at, nor that it contradicts a person. */
export const surfacedIgnored = judging((payment) => ({ ...payment, surfaced: [], conflicts: [] }));

/** What terminals say to people's decisions is lost. */
export const wordLost: Defect = storing((store) => ({
  save: (change) => (change.resolution?.kind === 'answered' ? Promise.resolve('saved') : store.save(change)),
}));

/** A decision is written down, but the attempt stays in doubt, so the terminal's answer becomes its outcome. */
export const personOverwritten: Defect = storing((store) => ({
  save: (change) => store.save(change.resolution?.kind === 'decided' ? stillInDoubt(change) : change),
}));

/** A contradiction is taken for a confirmation. */
export const conflictHidden: Defect = storing((store) => ({
  save: ({ resolution, ...change }) => {
    const terminal = resolution?.record.terminal;
    const agreeing = resolution && terminal ? { ...resolution, record: { ...resolution.record, terminal: { ...terminal, agrees: true } } } : resolution;
    return store.save({ ...change, resolution: agreeing });
  },
}));

/** Closed payments look open. */
export const closingIgnored: Defect = storing((store) => ({
  payment: async (paymentId) => {
    const record = await store.payment(paymentId);
    return record && { ...record, shown: { ...record.shown, closedAt: null } };
  },
}));

function stillInDoubt(change: Change): Change {
  const doubted = (attempt: AttemptRecord): AttemptRecord =>
    attempt.shown.id === change.resolution?.attemptId
      ? { ...attempt, chargedMinor: 0, shown: { ...attempt.shown, status: 'unknown', reason: null, finishedAt: null } }
      : attempt;
  const { next, changed } = change;
  const shown = { ...next.shown, status: 'in_doubt', chargedAmount: 0 } as const;
  return { ...change, charge: null, postings: [], changed: changed.map(doubted), next: { ...next, shown, attempts: next.attempts.map(doubted) } };
}
