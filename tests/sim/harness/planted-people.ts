import type { Payment } from '@kkm/core';
import type { PaymentRecord } from '@kkm/flow/ledger';
import { withoutRules } from '@kkm/flow/testing';
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

/** A decided attempt looks as if it were still in doubt, so the terminal's answer replaces the person's. */
export const personOverwritten: Defect = {
  rules: (rules) => withoutRules(rules, ['final_outcome_immutable']),
  ...storing((store) => ({
    attempt: async (attemptId, resultId) => {
      const found = await store.attempt(attemptId, resultId);
      return found && { ...found, record: undecided(found.record) };
    },
  })),
};

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

function undecided(record: PaymentRecord): PaymentRecord {
  const attempts = record.attempts.map((attempt) =>
    attempt.resolution ? { ...attempt, resolution: null, chargedMinor: 0, shown: { ...attempt.shown, status: 'unknown' as const } } : attempt,
  );
  return { ...record, attempts };
}
