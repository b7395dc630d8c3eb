import type { AttemptResult, Conversation, Outcome, TerminalAnswer } from '@kkm/core';
import { noBankFacts } from '@kkm/core';
import { driverNamed } from '@kkm/drivers';
import type { LedgerStore, PaymentRecord } from '@kkm/flow/ledger';
import { withoutRules } from '@kkm/flow/testing';
import type { WorkerPorts } from '@kkm/flow/worker';
import type { Defect } from './defects';

const forEver = 1_000_000_000;
const endOfTimeMs = Date.UTC(2100, 0, 1);
/** An end without a charge, whatever happened. */
export const failed: Outcome = { kind: 'failed', reason: 'terminal_fault', facts: noBankFacts };

type Run = Conversation['run'];

/** Wraps every conversation of a worker. */
function conversing(wrap: (conversation: Conversation) => Partial<Conversation> & { readonly run: Run }): Defect {
  const worker = (ports: WorkerPorts): WorkerPorts => {
    const open: WorkerPorts['links']['open'] = async (settings) => {
      const inner = await ports.links.open(settings);
      return { closed: inner.closed, abort: () => inner.abort(), close: () => inner.close(), ...wrap(inner) };
    };
    return { ...ports, links: { ...ports.links, open } };
  };
  return { worker };
}

/** Changes the answers to sales. */
export const misjudging = (change: (answer: TerminalAnswer) => TerminalAnswer): Defect =>
  conversing((inner) => ({ run: async (request, hooks) => (request.kind === 'sale' ? change(await inner.run(request, hooks)) : inner.run(request, hooks)) }));

/** Changes results before they are published; null: it is said to be published and is not. */
export const publishing = (change: (result: AttemptResult) => AttemptResult | null): Defect => ({
  worker: (ports) => ({
    ...ports,
    results: {
      publish: (result) => {
        const changed = change(result);
        return changed ? ports.results.publish(changed) : Promise.resolve();
      },
    },
  }),
});

const journalling =
  (change: (journal: WorkerPorts['journal']) => Partial<WorkerPorts['journal']>): NonNullable<Defect['worker']> =>
  (ports) => {
    const { journal } = ports;
    const kept = {
      enter: journal.enter.bind(journal),
      predecessors: () => journal.predecessors(),
      find: (attemptId: string) => journal.find(attemptId),
      all: () => journal.all(),
      write: journal.write.bind(journal),
      finish: journal.finish.bind(journal),
      isTaken: journal.isTaken.bind(journal),
    };
    return { ...ports, journal: { ...kept, ...change(journal) } };
  };

/** Changes what the ledger’s store answers or writes. */
export const storing = (change: (store: LedgerStore) => Partial<LedgerStore>): Defect => ({ store: (store) => ({ ...store, ...change(store) }) });

/** The facts with every lease of a permit lapsed. */
const lapsed = (record: PaymentRecord): PaymentRecord => ({
  ...record,
  attempts: record.attempts.map((attempt) => ({ ...attempt, permit: attempt.permit && { ...attempt.permit, leaseUntilMs: 0 } })),
});

/** Every lease of a permit looks lapsed. */
export const leaseIgnored: Defect = {
  rules: (rules) => withoutRules(rules, ['permit_immutable']),
  ...storing((store) => ({
    permitFacts: async (attemptId) => {
      const found = await store.permitFacts(attemptId);
      return found && { ...found, record: lapsed(found.record) };
    },
    terminal: async (siteId, terminalId) => {
      const found = await store.terminal(siteId, terminalId);
      return { ...found, occupant: found.occupant && { ...found.occupant, leaseUntilMs: 0 } };
    },
  })),
};

/** A grant seems to last for ever. */
export const validityIgnored: Defect = {
  worker: (ports) => ({
    ...ports,
    ledger: {
      ...ports.ledger,
      permit: async (request) => {
        const answer = await ports.ledger.permit(request);
        return answer.kind === 'granted' ? { ...answer, sendWithinMs: forEver, leaseMs: forEver } : answer;
      },
      heartbeat: async (request) => ({ ...(await ports.ledger.heartbeat(request)), lostAttemptIds: [] }),
    },
  }),
};

/** Nobody seems to hold the terminal. */
export const occupantIgnored: Defect = {
  rules: (rules) => withoutRules(rules, ['one_permit_per_terminal']),
  ...storing((store) => ({
    permitFacts: async (attemptId) => {
      const found = await store.permitFacts(attemptId);
      return found && { ...found, terminal: { ...found.terminal, occupant: null } };
    },
  })),
};

/** All handlings of all workers use one nonce, and nothing that was begun is remembered. */
export const nonceShared: Defect = {
  worker: (ports) => {
    const forgetful = journalling((journal) => ({ find: (attemptId) => (journal.find(attemptId)?.state === 'begun' ? null : journal.find(attemptId)) }))(ports);
    return { ...forgetful, ids: { draw: (prefix) => (prefix === 'nonce' ? 'nonce_one_for_all' : ports.ids.draw(prefix)) } };
  },
};

/** Every answer about a permit is taken for a grant. */
export const permitUnchecked: Defect = {
  worker: (ports) => ({
    ...ports,
    ledger: {
      ...ports.ledger,
      permit: async (request) => {
        const answer = await ports.ledger.permit(request);
        return answer.kind === 'granted' ? answer : { kind: 'granted', sendWithinMs: 10_000, driveWithinMs: 240_000, leaseMs: 20_000, cancelRequested: null };
      },
    },
  }),
};

/** The last receipt is taken for ours whatever it says. */
export const anyRecordIsOurs: Defect = {
  worker: (ports) => {
    const links: WorkerPorts['links'] = {
      ...ports.links,
      open: async (settings) => {
        const inner = await ports.links.open(settings);
        const run: Run = async (request, hooks) => {
          const answer = await inner.run(request, hooks);
          const doubt = ports.journal.all().find((entry) => entry.command.terminalId === settings.terminalId && entry.state !== 'answered');
          if (answer.kind !== 'last-result' || !answer.found || !doubt) return answer;
          const reference = driverNamed(settings.driver).reference(doubt.command.attemptId);
          return { ...answer, found: { ...answer.found, reference, amountMinor: doubt.command.amount } };
        };
        return { closed: inner.closed, abort: () => inner.abort(), close: () => inner.close(), run };
      },
    };
    return journalling(() => ({ isTaken: () => false }))({ ...ports, links });
  },
};

/** Whoever asks the terminal to stop takes that for its answer. */
export const cancelledAtOnce: Defect = conversing((inner) => {
  let stop: () => void = () => undefined;
  const run: Run = (request, hooks) => {
    if (request.kind !== 'sale') return inner.run(request, hooks);
    const stopped = new Promise<TerminalAnswer>((resolve) => {
      stop = () => resolve({ kind: 'outcome', outcome: { kind: 'cancelled', reason: 'cashier_cancelled', facts: noBankFacts }, readFailure: false });
    });
    return Promise.race([stopped, inner.run(request, hooks)]);
  };
  return { run, abort: () => stop() };
});

/** Attempts that ended look as if they had not. */
export const finalRewritten: Defect = {
  rules: (rules) => withoutRules(rules, ['final_outcome_immutable']),
  ...storing((store) => ({
    attempt: async (attemptId, resultId) => {
      const found = await store.attempt(attemptId, resultId);
      const attempts = found?.record.attempts.map((attempt) =>
        attempt.permit && attempt.shown.status !== 'granted' ? { ...attempt, shown: { ...attempt.shown, status: 'granted' as const } } : attempt,
      );
      return found && attempts ? { ...found, record: { ...found.record, attempts } } : found;
    },
  })),
};

/** No result looks as if it had been recorded. */
export const inboxDropped: Defect = storing((store) => ({
  attempt: async (attemptId) => store.attempt(attemptId, null),
  chargesOf: () => Promise.resolve([]),
  save: (change) =>
    store.save({
      ...change,
      resultId: change.resultId && `${change.resultId}@${change.expectedSequence}`,
      charge: change.charge && { ...change.charge, resultId: `${change.charge.resultId}@${change.expectedSequence}` },
    }),
}));

/** Nothing expires. */
export const expiryIgnored: Defect = storing((store) => ({
  expiredPayments: () => Promise.resolve([]),
  permitFacts: async (attemptId) => {
    const found = await store.permitFacts(attemptId);
    return found && { ...found, record: { ...found.record, attempts: found.record.attempts.map((attempt) => ({ ...attempt, expiresAtMs: endOfTimeMs })) } };
  },
}));

/** An answer counts as kept before it is. */
export const unkeptAnswer: NonNullable<Defect['worker']> = (ports) =>
  journalling((journal) => ({
    write: (entry) => {
      if (entry.state !== 'answered') return journal.write(entry);
      void ports.clock.sleep(100).then(() => journal.write(entry));
      return Promise.resolve();
    },
  }))(ports);
/** What begins is never kept. */
export const unkeptBeginning = journalling((journal) => ({ write: (entry) => (entry.state === 'begun' ? Promise.resolve() : journal.write(entry)) }));
