import { exchanges, furtherKeys, queues } from '@kkm/contracts';
import type { LedgerCalls } from '@kkm/contracts';
import { check, isFinalAttempt, paymentStatus, Rejected, verdictOf } from '@kkm/core';
import type {
  Attempt,
  AttemptStatus,
  CompletionEvent,
  EventName,
  Idempotency,
  KnownError,
  LateApproval,
  LedgerHealth,
  OpenedPayment,
  Payment,
  RefundPaymentRequest,
  RejectedRequest,
  ResolvePaymentRequest,
  SbpWay,
  SiteScope,
  SwitchPaymentRequest,
  TerminalStanding,
} from '@kkm/core';
import type { Broker } from '@kkm/messaging';
import { attemptOf, decided, opened } from './stand-in-attempts';
import { StandInBanks } from './stand-in-banks';
import { restoreAnswers } from './stand-in-restore';
import { StandInWebhooks } from './stand-in-webhooks';

/** What a stand-in answers, by method. */
export type Answers = { [Method in keyof LedgerCalls]?: (request: LedgerCalls[Method]['request']) => LedgerCalls[Method]['answer'] };

/** A small ledger in memory behind the real RPC queue: what the gateway can tell a ledger by, and switches for its failures. */
export class StandInLedger {
  readonly payments = new Map<string, Payment>();
  readonly rejected: RejectedRequest[] = [];
  readonly events: CompletionEvent[] = [];
  readonly standings = new Map<string, Partial<TerminalStanding>>();
  /** Thrown by the named method until it is deleted. */
  readonly failures = new Map<keyof LedgerCalls, KnownError>();
  /** Resolved before the named method answers. */
  readonly delays = new Map<keyof LedgerCalls, Promise<void>>();
  readonly calls: string[] = [];
  readonly resolutions: ResolvePaymentRequest[] = [];
  readonly refunds: RefundPaymentRequest[] = [];
  readonly switches: SwitchPaymentRequest[] = [];
  /** The banks of sites. */
  readonly banks = new StandInBanks();
  /** Webhook endpoints. */
  readonly webhooks = new StandInWebhooks();
  /** How SBP is paid, as each opening and redo told it, by order. */
  readonly sbpWays = new Map<string, SbpWay | undefined>();
  /** What the site's setting was with each opening, by order. */
  readonly lateApprovals = new Map<string, LateApproval>();
  private readonly keys = new Map<string, { readonly fingerprint: string; readonly paymentId: string }>();
  private made = 0;

  constructor(private readonly broker: Broker) {}

  async serve(): Promise<void> {
    const answers = { ...this.answers(), ...this.banks.answers(), ...this.webhooks.answers(), ...restoreAnswers };
    await this.broker.serve(queues.ledgerRpc, { prefetch: 50 }, async (method, request) => {
      const name = method as keyof LedgerCalls;
      this.calls.push(name);
      await this.delays.get(name);
      const failure = this.failures.get(name);
      if (failure) throw failure;
      const answer = answers[name] as ((request: unknown) => unknown) | undefined;
      check(answer, `the stand-in has no ${method}`);
      return answer(request);
    });
  }

  /** Ends the last attempt of a payment and publishes what the ledger would. */
  async end(paymentId: string, status: AttemptStatus, what: EventName): Promise<Payment> {
    const payment = this.change(paymentId, (attempts) => attempts.map((attempt, index) => (index === attempts.length - 1 ? ended(attempt, status) : attempt)));
    await this.announce(what, payment);
    return payment;
  }

  /** Records an event in the feed, and publishes it unless told otherwise. */
  async announce(what: EventName, data: Payment | RejectedRequest, publish = true): Promise<CompletionEvent> {
    const id = `evt_${this.events.length + 1}`;
    const subject = 'id' in data ? data.id : data.requestId;
    const event: CompletionEvent = {
      specversion: '1.0',
      id,
      source: 'urn:kkm:ledger',
      type: `kkm.payment.${what}.v1`,
      subject,
      time: new Date().toISOString(),
      datacontenttype: 'application/json',
      sequence: 'sequence' in data ? data.sequence : 1,
      data,
    };
    this.events.push(event);
    if (publish)
      await this.broker
        .publish({
          exchange: exchanges.events,
          routingKey: `${data.siteId ?? 'none'}.payment.${what}`,
          furtherKeys: furtherKeys(event),
          body: event,
          messageId: id,
          contentType: 'application/cloudevents+json',
        })
        .catch(() => undefined);
    return event;
  }

  private answers(): Answers {
    return {
      'payments.open': (request) => {
        const { idempotency, expiresInSeconds, additional: _additional, lateApproval, method, purpose = 'sale', sbp, bank: _bank, ...rest } = request;
        this.sbpWays.set(request.orderId, sbp);
        this.lateApprovals.set(request.orderId, lateApproval);
        return this.once(request.siteId, idempotency, () => {
          const now = new Date();
          const id = `pay_${(this.made += 1)}`;
          const attempts = [attemptOf(1, { ...request, paymentId: id })];
          const payment: Payment = {
            id,
            ...rest,
            method,
            purpose,
            attempts,
            conflicts: [],
            surfaced: [],
            status: 'pending',
            chargedAmount: 0,
            refundedAmount: 0,
            redoable: false,
            cancelRequested: null,
            switchTo: null,
            sequence: 1,
            closedAt: null,
            createdAt: now.toISOString(),
            updatedAt: now.toISOString(),
            expiresAt: new Date(now.getTime() + expiresInSeconds * 1_000).toISOString(),
          };
          this.payments.set(id, payment);
          return payment;
        });
      },
      'payments.redo': (request) => {
        const payment = this.find(request.paymentId, request.scope);
        this.sbpWays.set(payment.orderId, request.sbp);
        return this.once(payment.siteId, request.idempotency, () => {
          if (!payment.redoable) throw new Rejected('payment.not_redoable');
          const { method, terminalId } = payment;
          const number = payment.attempts.length + 1;
          const attempt = attemptOf(number, {
            paymentId: payment.id,
            amount: request.amount ?? payment.amount,
            method: request.method ?? method,
            terminalId: request.terminalId ?? terminalId,
            bank: request.bank,
          });
          return this.change(payment.id, (attempts) => [...attempts, attempt]);
        });
      },
      'payments.replay': ({ siteId, idempotency }) => {
        const known = this.known(siteId, idempotency);
        return known ? opened(known, true) : null;
      },
      'payments.cancel': ({ paymentId, scope }) => {
        const payment = this.find(paymentId, scope);
        const last = payment.attempts.at(-1);
        check(last, 'a payment has attempts');
        if (last.status !== 'queued' && last.status !== 'granted') throw new Rejected('payment.not_cancellable');
        if (last.status === 'queued')
          return { payment: this.change(paymentId, (attempts) => [{ ...(attempts[0] as Attempt), status: 'withdrawn' }]), driving: null };
        const asked = { ...payment, cancelRequested: 'pending' as const };
        this.payments.set(paymentId, asked);
        return { payment: asked, driving: { siteId: payment.siteId, terminalId: payment.terminalId, attemptId: last.id } };
      },
      'payments.refund': (request) => {
        const payment = this.find(request.paymentId, request.scope);
        return this.once(payment.siteId, request.idempotency, () => {
          const left = payment.chargedAmount - payment.refundedAmount;
          if (left === 0) throw new Rejected('payment.not_refundable');
          const amount = request.amount ?? left;
          if (amount > left) throw new Rejected('payment.refund_too_large');
          this.refunds.push(request);
          const { id: paymentId, method, terminalId } = payment;
          const refund = attemptOf(payment.attempts.length + 1, { paymentId, amount, method, terminalId });
          return this.change(paymentId, (attempts) => [...attempts, { ...refund, operation: 'refund' }]);
        });
      },
      'payments.switch': (request) => {
        const payment = this.find(request.paymentId, request.scope);
        const last = payment.attempts.at(-1);
        if (last?.status !== 'granted' || payment.method !== 'card_or_sbp_qr') throw new Rejected('payment.not_switchable');
        this.switches.push(request);
        const asked = { ...payment, switchTo: request.method };
        this.payments.set(payment.id, asked);
        return { payment: asked, driving: { siteId: payment.siteId, terminalId: payment.terminalId, attemptId: last.id } };
      },
      'payments.resolve': (request) => {
        this.resolutions.push(request);
        if (this.find(request.paymentId, request.scope).status !== 'in_doubt') throw new Rejected('payment.not_in_doubt');
        return this.change(request.paymentId, (attempts) => attempts.map((attempt) => decided(attempt, request)));
      },
      'payments.close': ({ paymentId, scope }) => {
        const closed = { ...this.find(paymentId, scope), redoable: false, closedAt: new Date().toISOString() };
        if (closed.status === 'pending') throw new Rejected('payment.not_closable');
        this.payments.set(paymentId, closed);
        return closed;
      },
      'payments.verdict': ({ paymentId, scope }) => verdictOf(this.find(paymentId, scope), []),
      'payments.read': ({ by, scope }) => ('paymentId' in by ? this.find(by.paymentId, scope) : this.findOrder(by, scope)),
      'payments.list': ({ scope, siteId, orderId, status, purpose, method, settlementAccount, rrn, authorisationCode, amount, limit, cursor }) => {
        const all = [...this.payments.values()].reverse();
        const seen = all.filter(
          (payment) =>
            (!scope || scope.includes(payment.siteId)) &&
            (siteId ?? payment.siteId) === payment.siteId &&
            (orderId ?? payment.orderId) === payment.orderId &&
            (status ?? payment.status) === payment.status &&
            (purpose ?? payment.purpose) === payment.purpose &&
            (amount ?? payment.amount) === payment.amount &&
            payment.attempts.some(
              (one) =>
                (method ?? one.method) === one.method && (settlementAccount ?? one.bank?.settlementAccount?.number) === one.bank?.settlementAccount?.number,
            ) &&
            payment.attempts.some((one) => (rrn ?? one.rrn) === one.rrn && (authorisationCode ?? one.authorisationCode) === one.authorisationCode),
        );
        const from = cursor === null ? 0 : seen.findIndex(({ id }) => id === cursor) + 1;
        const payments = seen.slice(from, from + limit);
        return { payments, next: from + limit < seen.length ? (payments.at(-1)?.id ?? null) : null };
      },
      'payments.reject': ({ rejected }) => {
        this.rejected.push(rejected);
        return null;
      },
      'events.read': ({ scope, after, limit }) => {
        const from = after === null ? 0 : Number(/^c_(\d+)$/.exec(after)?.[1] ?? Number.NaN);
        if (Number.isNaN(from)) throw new Rejected('request.invalid', { detail: 'The cursor is none.' });
        const page = this.events.slice(from, from + limit);
        return { events: page.filter((event) => !scope || scope.includes(event.data.siteId ?? '')), next: `c_${from + page.length}` };
      },
      'events.end': () => ({ next: `c_${this.events.length}` }),
      'terminals.health': () => unheardOf,
      'terminals.standing': ({ terminalId }) => ({ terminalId, occupantAttemptId: null, inDoubt: false, leaseHolder: null, ...this.standings.get(terminalId) }),
    };
  }

  private once(siteId: string, idempotency: Idempotency, make: () => Payment): OpenedPayment {
    const known = this.known(siteId, idempotency);
    if (known) return opened(known, true);
    const payment = make();
    this.keys.set(`${siteId} ${idempotency.key}`, { fingerprint: idempotency.fingerprint, paymentId: payment.id });
    return opened(payment, false);
  }

  private known(siteId: string, { key, fingerprint }: Idempotency): Payment | null {
    const known = this.keys.get(`${siteId} ${key}`);
    if (known && known.fingerprint !== fingerprint) throw new Rejected('idempotency.key_reused');
    return known ? (this.payments.get(known.paymentId) ?? null) : null;
  }

  private find(id: string, scope: SiteScope): Payment {
    const payment = this.payments.get(id);
    if (!payment || (scope && !scope.includes(payment.siteId))) throw new Rejected('payment.not_found');
    return payment;
  }

  private findOrder({ siteId, orderId }: { readonly siteId: string; readonly orderId: string }, scope: SiteScope): Payment {
    const payment = [...this.payments.values()].reverse().find((one) => one.siteId === siteId && one.orderId === orderId);
    return this.find(payment?.id ?? '', scope);
  }

  private change(id: string, to: (attempts: readonly Attempt[]) => readonly Attempt[]): Payment {
    const payment = this.find(id, null);
    const attempts = to(payment.attempts);
    const status = paymentStatus(attempts, 0);
    const redoable = ['declined', 'cancelled', 'expired', 'failed'].includes(status);
    const chargedAmount = status === 'succeeded' ? payment.amount : 0;
    const given = attempts.filter(({ operation, status: stands }) => operation !== 'sale' && stands === 'approved');
    const refundedAmount = given.reduce((sum, { amount }) => sum + amount, 0);
    const changed = { ...payment, attempts, status, redoable, sequence: payment.sequence + 1, chargedAmount, refundedAmount };
    this.payments.set(id, changed);
    return changed;
  }
}

/** What the ledger tells of a terminal that it never heard of. */
const unheardOf: LedgerHealth = {
  now: { worker: null, link: 'unknown', linkSince: null, busy: null, inDoubt: false, lastAnswerAt: null },
  total: {
    ...{ sales: 0, approved: 0, declined: 0, cancelled: 0, failed: 0, readFailures: 0, readFailureRate: null, approvalMs: null, failures: [] },
    inDoubt: { count: 0, open: 0, resolveMs: null },
  },
  buckets: [],
};

function ended(attempt: Attempt, status: AttemptStatus): Attempt {
  const named = status === 'approved' && { rrn: `rrn-${attempt.id}`, authorisationCode: '247629' };
  return { ...attempt, status, ...named, finishedAt: isFinalAttempt(status) ? new Date().toISOString() : null };
}
