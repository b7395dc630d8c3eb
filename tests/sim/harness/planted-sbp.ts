import { Indeterminate, KnownError, noBankFacts } from '@kkm/core';
import type { MoneyPath, QrAnswer, ShownQr } from '@kkm/core';
import type { AttemptRecord, LedgerStore, PaymentRecord, RefundAtBank, SbpBank, SbpNotification } from '@kkm/flow/ledger';
import { withoutRules } from '@kkm/flow/testing';
import type { Defect } from './defects';
import { publishing, storing } from './planted';

/** Changes what the bank is asked and what it says. */
const banking = (change: (bank: SbpBank) => Partial<SbpBank>): Defect => {
  const changed = new WeakMap<SbpBank, SbpBank>();
  const changeOnce = (bank: SbpBank): SbpBank => {
    const other = changed.get(bank) ?? { ...bank, ...change(bank) };
    changed.set(bank, other);
    return other;
  };
  return {
    banks: (banks) => ({
      active: (siteId) => banks.active(siteId),
      of: async (siteId, name) => {
        const bank = await banks.of(siteId, name);
        return bank && changeOnce(bank);
      },
    }),
  };
};

const mapAttempts = (record: PaymentRecord, change: (attempt: AttemptRecord) => AttemptRecord): PaymentRecord => ({
  ...record,
  attempts: record.attempts.map(change),
});

/** A lost answer is taken for a question that did not arrive, and asked again under the same order. */
export const createRepeated: Defect = banking((bank) => ({
  create: async (order) => {
    try {
      return await bank.create(order);
    } catch (error) {
      if (!(error instanceof Indeterminate)) throw error;
      return bank.create(order);
    }
  },
}));

/** The worker is told the code as soon as the bank has made it, while it is being written down. */
export const toldEarly: Defect = {
  banks: (banks) => ({
    active: (siteId) => banks.active(siteId),
    of: async (siteId, name) => {
      const bank = await banks.of(siteId, name);
      return (
        bank && {
          ...bank,
          create: async (order) => {
            const made = await bank.create(order);
            early.get(order.orderId)?.({ payload: made.payload, expiresAt: new Date(order.expiresAtMs).toISOString() });
            return made;
          },
        }
      );
    },
  }),
  ask: (ask) => (request) => {
    const told = new Promise<QrAnswer>((resolve) => {
      early.set(request.attemptId, (qr) => resolve({ kind: 'show', qr, forMs: 10_000 }));
    });
    return Promise.race([ask(request), told]);
  },
};
const early = new Map<string, (qr: ShownQr) => void>();

/** Whoever writes a notification is believed. */
export const signatureIgnored: Defect = banking(() => ({ readNotification: (_headers, body) => JSON.parse(body) as SbpNotification }));

/** That the bank is asked for a code is not written down before. */
export const askedUnwritten: Defect = storing((store) => ({
  save: (change) => (change.qr?.qr.stage === 'asked' ? Promise.resolve('saved') : store.save(change)),
}));

/** Open sales of these paths look as if they had failed, and the rule that bounds them is dropped. */
export const openSalesUnseen = (paths: readonly MoneyPath[]): Defect => ({
  rules: (rules) => withoutRules(rules, ['one_live_sale_per_payment']),
  ...storing((store) => ({
    payment: async (paymentId) => {
      const record = await store.payment(paymentId);
      const isHidden = ({ shown, moneyPath }: AttemptRecord): boolean =>
        shown.operation === 'sale' && paths.includes(moneyPath) && (shown.status === 'granted' || shown.status === 'unknown');
      if (!record?.attempts.some(isHidden)) return record;
      const hidden = mapAttempts(record, (attempt) => (isHidden(attempt) ? { ...attempt, shown: { ...attempt.shown, status: 'failed' } } : attempt));
      return { ...hidden, shown: { ...hidden.shown, status: 'failed' } };
    },
  })),
});

/** What the bank says twice counts twice. */
export const paidTwice: Defect = storing((store) => ({
  attempt: async (attemptId) => {
    const found = await store.attempt(attemptId, null);
    const forgotten = (attempt: AttemptRecord): AttemptRecord =>
      attempt.qr?.stage === 'paid' ? { ...attempt, qr: { ...attempt.qr, stage: 'open' } } : attempt;
    return found && { recorded: false, record: mapAttempts(found.record, forgotten) };
  },
  chargesOf: () => Promise.resolve([]),
  save: (change) =>
    store.save({
      ...change,
      resultId: change.resultId && `${change.resultId}@${change.expectedSequence}`,
      charge: change.charge && { ...change.charge, resultId: `${change.charge.resultId}@${change.expectedSequence}` },
    }),
}));

/** What is paid after its attempt has ended is not looked at. */
export const lateDropped: Defect = storing((store) => ({
  save: (change) => (change.charge?.surfaced && change.resultId?.startsWith('sbp-') ? Promise.resolve('saved') : store.save(change)),
}));

/** The end of the window is taken for a proof: the bank is neither told nor asked. */
export const expiryProves: Defect = banking((bank) => {
  const ended = new Set<string>();
  return {
    cancel: ({ qrId }) => {
      ended.add(qrId);
      return Promise.resolve();
    },
    status: (qr) => (ended.has(qr.qrId) ? Promise.resolve({ kind: 'expired' }) : bank.status(qr)),
  };
});

/** A cancel is believed without a question. */
export const cancelBelieved: Defect = banking((bank) => {
  const ended = new Set<string>();
  return {
    cancel: async (qr) => {
      await bank.cancel(qr);
      ended.add(qr.qrId);
    },
    status: (qr) => (ended.has(qr.qrId) ? Promise.resolve({ kind: 'cancelled' }) : bank.status(qr)),
  };
});

const leftCodes = new Set<string>();

/** A guest who presses the cancel key at a code goes on with the card at once: the bank is neither told nor asked. */
export const keyEndsCode: Defect = {
  ...banking((bank) => ({
    cancel: (qr) => (leftCodes.has(qr.orderId) ? Promise.resolve() : bank.cancel(qr)),
    status: (qr) => (leftCodes.has(qr.orderId) ? Promise.resolve({ kind: 'cancelled' }) : bank.status(qr)),
  })),
  ask: (ask) => (request) => {
    if (request.display === 'cancelled') leftCodes.add(request.attemptId);
    return ask(request);
  },
};

/** A terminal of which nobody knows whether it charged the card counts as left by its guest, who may go on with a code. */
export const doubtLeftByGuest: Defect = publishing((result) =>
  result.outcome.kind === 'unknown' ? { ...result, outcome: { kind: 'cancelled', reason: 'customer_cancelled', facts: noBankFacts } } : result,
);

/** A bank that does not answer has let the code expire. */
export const silenceExpires: Defect = banking((bank) => ({
  status: async (qr) => {
    try {
      return await bank.status(qr);
    } catch (error) {
      if (error instanceof KnownError) return { kind: 'expired' };
      throw error;
    }
  },
}));

/** Every try to give money back has an id of its own. */
export const refundRenamed: Defect = banking((bank) => {
  let tries = 0;
  return {
    refund: (refund) => {
      tries += 1;
      return bank.refund({ ...refund, refundId: `${refund.refundId}-${tries}` });
    },
    refundStatus: () => Promise.resolve<RefundAtBank>({ kind: 'unknown' }),
  };
});

/** A refund that the bank declines counts as done. */
export const refundPresumed: Defect = banking((bank) => {
  const presumed = (answer: RefundAtBank, amountMinor: number): RefundAtBank =>
    answer.kind === 'declined' ? { kind: 'done', amountMinor, transactionId: null } : answer;
  return {
    refund: async (refund) => presumed(await bank.refund(refund), refund.amountMinor),
    refundStatus: async (refund) => presumed(await bank.refundStatus(refund), refund.amountMinor),
  };
});

/** Nobody asks about a code that is dead. */
export const deadUnwatched: Defect = {
  qrs: (store) => ({
    dueBankReturns: (nowMs, claim) => store.dueBankReturns(nowMs, claim),
    dueQrs: async (nowMs, claim) => {
      const due = await store.dueQrs(nowMs, claim);
      const stages = await Promise.all(due.map(({ attemptId }) => stageOf(store, attemptId)));
      return due.filter((_, n) => stages[n] !== 'dead');
    },
  }),
};

async function stageOf(store: LedgerStore, attemptId: string): Promise<string | null> {
  const found = await store.attempt(attemptId, null);
  return found?.record.attempts.find(({ shown }) => shown.id === attemptId)?.qr?.stage ?? null;
}

/** A display that has ended keeps its terminal. */
export const terminalKept: Defect = storing((store) => ({
  save: (change) => (change.permit?.kind === 'lapse' && change.resultId === null ? Promise.resolve('saved') : store.save(change)),
}));
