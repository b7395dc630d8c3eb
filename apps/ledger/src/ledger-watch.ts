import type { AttemptResult, Payment, PermitAnswer, PermitRequest, ResolvePaymentRequest } from '@kkm/core';
import type { ErrandsSent, ResultVerdict } from '@kkm/flow/ledger';
import type { Logger, Metrics } from '@kkm/observability';

/** How far behind the relay is, and what is in doubt. */
export interface Standing {
  readonly waiting: number;
  readonly oldestSeconds: number;
  readonly inDoubt: number;
}

/** Counts, times and tells what the ledger does. */
export class LedgerWatch {
  private readonly outcomes;
  private readonly openToFinal;
  private readonly permits;
  private readonly results;
  private readonly published;
  private readonly returns;
  private readonly errandsSent;

  /** @param standing asked when the metrics are read. */
  constructor(
    metrics: Metrics,
    private readonly log: Logger,
    standing: () => Promise<Standing>,
  ) {
    this.outcomes = metrics.counter({
      name: 'kkm_payments_ended_total',
      help: 'Payments that reached an end, by status and reason.',
      labels: ['status', 'reason'],
    });
    this.openToFinal = metrics.histogram({
      name: 'kkm_open_to_final_seconds',
      help: 'Time from the last opening or redo of a payment to its end.',
      labels: ['status'],
    });
    this.permits = metrics.counter({
      name: 'kkm_permit_answers_total',
      help: 'Answers to permit requests; everything but granted is a refusal.',
      labels: ['kind'],
    });
    this.results = metrics.counter({ name: 'kkm_results_total', help: 'Results taken, by what became of them.', labels: ['verdict'] });
    this.returns = metrics.counter({
      name: 'kkm_returns_told_total',
      help: 'Results of voids, refunds and reversals, by operation, status and reason.',
      labels: ['operation', 'status', 'reason'],
    });
    this.published = metrics.counter({ name: 'kkm_events_published_total', help: 'Events the broker confirmed.' });
    this.errandsSent = metrics.counter({
      name: 'kkm_errands_total',
      help: 'Commands and hints the ledger sent for attempts nobody works on.',
      labels: ['kind', 'sent'],
    });
    watchStanding(metrics, standing);
  }

  /** A permit was asked for. */
  permitAnswered({ attemptId, terminalId, siteId, workerId }: PermitRequest, { kind }: PermitAnswer): void {
    this.permits.inc({ kind });
    if (kind !== 'granted') this.log.info({ attemptId, terminalId, siteId, workerId, kind }, 'permit refused');
  }

  /** A result was taken from the queue. */
  resultTaken({ attemptId, paymentId, terminalId, siteId, resultId, outcome }: AttemptResult, verdict: ResultVerdict): void {
    const facts = { attemptId, paymentId, terminalId, siteId, outcome: outcome.kind };
    const name = verdict.kind === 'drop' ? `drop-${verdict.why}` : verdict.kind;
    this.results.inc({ verdict: name });
    if (verdict.kind === 'record') {
      this.log.info({ ...facts, status: verdict.payment.status, sequence: verdict.payment.sequence }, 'result recorded');
      this.attemptEnded(verdict.payment, attemptId);
    } else this.log.warn({ ...facts, resultId, verdict: name }, 'result taken');
  }

  /** A person decided. */
  resolved({ by, charged }: ResolvePaymentRequest, payment: Payment): void {
    const { id: paymentId, siteId, status, sequence } = payment;
    this.log.info({ paymentId, siteId, status, sequence, by: by.id, charged }, 'payment resolved by a person');
  }

  /** A result was recorded: that of a sale may have ended its payment, that of a return has not. */
  private attemptEnded(payment: Payment, attemptId: string): void {
    const attempt = payment.attempts.find(({ id }) => id === attemptId);
    if (!attempt || attempt.operation === 'sale') return this.ended(payment);
    const { operation, status, reason } = attempt;
    this.returns.inc({ operation, status, reason: reason ?? '' });
  }

  /** A payment reached a status; counted when it is an end. */
  ended(payment: Payment): void {
    const { status } = payment;
    if (status === 'pending' || status === 'in_progress' || status === 'in_doubt') return;
    const last = payment.attempts.findLast(({ operation }) => operation === 'sale');
    this.outcomes.inc({ status, reason: last?.reason ?? '' });
    if (last) this.openToFinal.observe({ status }, Math.max(0, Date.parse(payment.updatedAt) - Date.parse(last.createdAt)) / 1000);
  }

  /** Events were confirmed by the broker. */
  relayed(count: number): void {
    this.published.inc(count);
  }

  /** The ledger sent for attempts that nobody works on. */
  errands({ sent, failed }: ErrandsSent): void {
    for (const { kind, command } of sent) {
      this.errandsSent.inc({ kind, sent: 'yes' });
      this.log.info({ attemptId: command.attemptId, terminalId: command.terminalId, siteId: command.siteId, kind }, 'errand sent');
    }
    for (const { kind, command } of failed) {
      this.errandsSent.inc({ kind, sent: 'no' });
      this.log.warn({ attemptId: command.attemptId, terminalId: command.terminalId, siteId: command.siteId, kind }, 'errand not sent');
    }
  }

  /** Something in the background failed and will be tried again. */
  background(what: string, error: unknown): void {
    this.log.warn({ err: error, what }, 'background work failed and is tried again');
  }
}

/** One query serves the three gauges of one reading. */
function watchStanding(metrics: Metrics, standing: () => Promise<Standing>): void {
  let asked: Promise<Standing> | null = null;
  const ask = (): Promise<Standing> => {
    asked ??= standing().finally(() => {
      asked = null;
    });
    return asked;
  };
  const gauge = (name: string, help: string, value: (now: Standing) => number) =>
    metrics.gauge({ name, help, collect: async (self) => self.set(value(await ask())) });
  gauge('kkm_outbox_waiting', 'Events not yet confirmed by the broker.', (now) => now.waiting);
  gauge('kkm_outbox_oldest_seconds', 'Age of the oldest event not yet confirmed by the broker.', (now) => now.oldestSeconds);
  gauge('kkm_attempts_in_doubt', 'Attempts whose outcome is unknown.', (now) => now.inDoubt);
}
