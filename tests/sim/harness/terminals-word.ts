import { noBankFacts } from '@kkm/core';
import type { AttemptResult } from '@kkm/core';
import type { BankTransaction } from '@kkm/drivers/terminals';
import type { MemoryLedgerStore } from '@kkm/flow/testing';

/** What a terminal's answer is made from. */
export interface WordParts {
  readonly store: MemoryLedgerStore;
  readonly sale: BankTransaction | undefined;
  readonly nowMs: number;
}

/** What a terminal answers about an attempt that a person decided, once it can be asked: the bank's truth. Recovery has no permit to show any more. */
export function terminalsWord(attemptId: string, { store, sale, nowMs }: WordParts): AttemptResult {
  const { books } = store;
  const attempt = books.attempts.get(attemptId);
  const paymentId = books.paymentOf.get(attemptId);
  const siteId = books.heads.get(paymentId ?? '')?.shown.siteId;
  if (!attempt || paymentId === undefined || siteId === undefined) throw new RangeError(`there is no attempt ${attemptId}`);
  const facts = { ...noBankFacts, rrn: sale?.rrn ?? null, authorisationCode: sale?.authorisationCode ?? null };
  return {
    resultId: `res_word_${attemptId}`,
    attemptId,
    paymentId,
    siteId,
    terminalId: attempt.shown.terminalId,
    workerId: 'worker_word',
    nonce: null,
    outcome: sale ? { kind: 'approved', chargedMinor: sale.amount, facts } : { kind: 'failed', reason: 'terminal_fault', facts },
    readFailures: 0,
    source: 'recovery',
    at: new Date(nowMs).toISOString(),
  };
}
