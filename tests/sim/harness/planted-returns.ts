import type { PaymentCommand, TerminalRecord } from '@kkm/core';
import { noBankFacts } from '@kkm/core';
import { driverNamed } from '@kkm/drivers';
import type { AttemptRecord, LedgerStore, PaymentRecord } from '@kkm/flow/ledger';
import { withoutRules } from '@kkm/flow/testing';
import type { WorkerPorts } from '@kkm/flow/worker';
import type { Defect } from './defects';
import { storing } from './planted';

/** Changes payments as the ledger reads them before it decides. */
const misread = (change: (record: PaymentRecord) => PaymentRecord): Defect =>
  storing((store: LedgerStore) => ({
    payment: async (paymentId) => {
      const record = await store.payment(paymentId);
      return record && change(record);
    },
  }));

const mapAttempts = (record: PaymentRecord, change: (attempt: AttemptRecord) => AttemptRecord): PaymentRecord => ({
  ...record,
  attempts: record.attempts.map(change),
});

/** The last receipt seems to be the charge that a reversal is meant for, whatever it is. */
export const lastUnchecked: Defect = {
  worker: (ports): WorkerPorts => {
    const commands = new Map<string, PaymentCommand>();
    const span: WorkerPorts['watch']['span'] = (name, command, work) => {
      commands.set(command.terminalId, command);
      return ports.watch.span(name, command, work);
    };
    const open: WorkerPorts['links']['open'] = async (settings) => {
      const inner = await ports.links.open(settings);
      const run: typeof inner.run = async (request, hooks) => {
        const answer = await inner.run(request, hooks);
        const command = commands.get(settings.terminalId);
        if (answer.kind !== 'last-result' || command?.operation !== 'reversal' || !command.original) return answer;
        const { rrn, authorisationCode, attemptId } = command.original;
        const reference = driverNamed(settings.driver).reference(attemptId);
        const told = { operation: 'sale', amountMinor: command.amount, bankTerminalId: null, terminalTime: null, approved: true } as const;
        const found: TerminalRecord = { ...told, rrn, authorisationCode, reference, facts: noBankFacts };
        return { ...answer, found };
      };
      return { closed: inner.closed, abort: () => inner.abort(), close: () => inner.close(), run };
    };
    return { ...ports, watch: { ...ports.watch, span }, links: { ...ports.links, open } };
  },
};

/** Earlier reversals look like those of another sale, and their index is dropped. */
export const reversedAgain: Defect = {
  rules: (rules) => withoutRules(rules, ['one_reversal_per_sale']),
  ...misread((record) =>
    mapAttempts(record, (attempt) =>
      attempt.shown.operation === 'reversal' && attempt.original ? { ...attempt, original: { ...attempt.original, attemptId: 'att_another' } } : attempt,
    ),
  ),
};

/** A kept charge is not seen when money surfaces beside it, and its index is dropped. */
export const keptUnseen: Defect = {
  rules: (rules) => withoutRules(rules, ['one_kept_charge_per_payment']),
  ...storing((store) => ({ chargesOf: async (paymentId) => (await store.chargesOf(paymentId)).filter(({ disposition }) => disposition !== 'kept') })),
};

/** Surfaced money is not seen when a redo is asked for. */
export const redoneAnyway: Defect = misread((record) => ({ ...record, surfacedUndecided: 0 }));

/** Only surfaced money is decided about, not a charge that came too late for a cancel. */
export const tooLateKept: Defect = storing((store) => ({
  paymentsToDecide: async (nowMs, limit) => {
    const due = await Promise.all((await store.paymentsToDecide(nowMs, limit)).map((paymentId) => store.payment(paymentId)));
    return due.flatMap((record) => (record && record.surfacedUndecided > 0 ? [record.shown.id] : []));
  },
}));

/** Open returns look as if they had ended, and the rules that bound them are dropped. */
export const returnsUnseen: Defect = {
  rules: (rules) => withoutRules(rules, ['one_live_return_per_payment', 'refunds_within_charge', 'returns_within_charge']),
  ...misread((record) => ({
    ...mapAttempts(record, (attempt) =>
      attempt.shown.operation !== 'sale' && ['queued', 'granted', 'unknown'].includes(attempt.shown.status)
        ? { ...attempt, shown: { ...attempt.shown, status: 'expired' } }
        : attempt,
    ),
    refundPendingMinor: 0,
  })),
};
