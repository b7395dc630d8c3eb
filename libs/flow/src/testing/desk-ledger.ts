import { check, noBankFacts } from '@kkm/core';
import type { ListPaymentsRequest, Outcome, OutcomeReason, Payment, PaymentCommand } from '@kkm/core';
import { RedoPayment } from '../gateway/redo-payment';
import { RefundPayment } from '../gateway/refund-payment';
import { TakePayment } from '../gateway/take-payment';
import type { OpeningPorts } from '../gateway/take-payment';
import type { CommandPayments, FindCharge } from '../kkmserver/ports';
import { CancelPayment } from '../ledger/cancel-payment';
import { OpenPayment, ReplayPayment } from '../ledger/open-payment';
import { ListPayments, ReadPayment } from '../ledger/read-payments';
import { commandOf } from '../ledger/records';
import { RedoPayment as RedoInLedger } from '../ledger/redo-payment';
import { RefundPayment as RefundInLedger } from '../ledger/refund-payment';
import { SweepExpired } from '../ledger/sweep-expired';
import { GatewayPorts } from './gateway-ports';
import { MemoryLedgerStore } from './memory-ledger-store';
import { noBanks } from './no-banks';
import { readSchemaRules } from './schema-rules';
import { approved, StoreOnTrial, unknown } from './store-on-trial';
import type { VirtualClock } from './worker-clock';

/** What the ledger's schema says about orders (its migration 0001). */
const orderRules = readSchemaRules(`
  create unique index one_open_payment_per_order on payment (site_id, order_id)
    where order_exclusive and status in ('pending', 'in_progress', 'in_doubt');
  create unique index one_charge_per_order_and_amount on payment (site_id, order_id, amount_minor)
    where order_exclusive and (status in ('pending', 'in_progress', 'in_doubt') or (status = 'succeeded' and refunded_minor < charged_minor));
`);

/** The ledger's own use cases in memory behind the gateway's, with a terminal that a test plays: what a desk charges and gives back is decided as in earnest. */
export class DeskLedger {
  readonly store = new MemoryLedgerStore({ rules: orderRules });
  /** Commands on the terminals' queues that nobody has taken yet. */
  readonly queue: PaymentCommand[] = [];
  readonly ports: GatewayPorts & OpeningPorts;
  private readonly trial = new StoreOnTrial(this.store, 'd');
  private rrns = 828_913_349_000;

  constructor(private readonly clock: VirtualClock) {
    const { store, trial } = this;
    const { around } = trial;
    const inTime = <A>(work: () => Promise<A>): Promise<A> => {
      trial.nowMs = clock.wallMs();
      return work();
    };
    const ports = new GatewayPorts();
    Object.assign(ports.ledger, {
      open: (request) => inTime(() => new OpenPayment(store, around, noBanks).execute(request)),
      redo: (request) => inTime(() => new RedoInLedger(store, around, noBanks).execute(request)),
      replay: (request) => new ReplayPayment(store).execute(request),
      refund: (request) => inTime(() => new RefundInLedger(store, around).execute(request)),
      cancel: (request) => inTime(() => new CancelPayment(store, around).execute(request)),
      read: (request) => new ReadPayment(store).execute(request),
      list: (request) => new ListPayments(store).execute(request),
    } satisfies Partial<GatewayPorts['ledger']>);
    Object.assign(ports.commands, { publish: (command: PaymentCommand) => Promise.resolve(void this.queue.push(command)) });
    this.ports = ports;
  }

  /** The gateway's use cases as a desk calls them. */
  payments(): CommandPayments {
    const { ledger } = this.ports;
    const take = new TakePayment(this.ports);
    const refund = new RefundPayment(this.ports);
    const read = (siteId: string, paymentId: string): Promise<Payment> => ledger.read({ scope: [siteId], by: { paymentId } });
    return {
      take: (request) => take.run(request),
      refund: (request) => refund.run(request),
      replay: (request) => ledger.replay(request),
      read,
      waited: async (payment, { isEnded, waitMs }) => {
        const untilMs = this.clock.wallMs() + waitMs;
        for (let newest = payment; ; newest = await read(payment.siteId, payment.id)) {
          if (isEnded(newest) || this.clock.wallMs() >= untilMs) return newest;
          await this.clock.sleep(waitMs / 2);
        }
      },
    };
  }

  /** Finds charges in the ledger's lists. */
  readonly findCharge: FindCharge = async ({ siteId, rrn, authorisationCode }) => {
    const all = {
      scope: [siteId],
      orderId: null,
      status: null,
      purpose: null,
      method: null,
      settlementAccount: null,
      from: null,
      to: null,
      cursor: null,
      amount: null,
    } as const satisfies Partial<ListPaymentsRequest>;
    return (await this.ports.ledger.list({ ...all, siteId, rrn, authorisationCode, limit: 1 })).payments[0] ?? null;
  };

  /** The oldest command that waits for a terminal. Repeats of one attempt are one command. */
  next(): PaymentCommand {
    const command = this.queue[0];
    check(command, 'no command waits for a terminal');
    for (let at = this.queue.length - 1; at >= 0; at -= 1) if (this.queue[at]?.attemptId === command.attemptId) this.queue.splice(at, 1);
    return command;
  }

  /** The terminal approves the oldest command. */
  async approve(chargedMinor?: number): Promise<Payment> {
    const command = this.next();
    this.rrns += 1;
    const outcome = approved(chargedMinor ?? command.amount, String(this.rrns));
    const card = { maskedPan: '************6639', scheme: 'MIR', entryMode: 'contactless' } as const;
    return this.end(command, {
      ...outcome,
      facts: { ...outcome.facts, card, authorisationCode: '247629', slip: 'ОПЛАТА\nОДОБРЕНО', bankTerminalId: '00266286' },
    });
  }

  /** The terminal refuses the oldest command. */
  decline(reason: OutcomeReason = 'insufficient_funds', message: string | null = null): Promise<Payment> {
    return this.end(this.next(), { kind: 'declined', reason, facts: { ...noBankFacts, message } });
  }

  /** The link to the terminal is cut after the first byte. */
  lose(): Promise<Payment> {
    return this.end(this.next(), unknown);
  }

  /** The gateway's redo of a payment that ended uncharged. */
  async redo(paymentId: string, amount: number | null = null): Promise<void> {
    const request = { idempotencyKey: this.trial.id('ref'), scope: null, paymentId, method: null, terminalId: null, amount, expiresInSeconds: 180, asSent: {} };
    await new RedoPayment(this.ports).run(request);
  }

  /** Somebody gives a payment back by the API. */
  async refund(paymentId: string): Promise<void> {
    const by = { kind: 'api_key', id: 'key_1', name: 'desk' } as const;
    await this.payments().refund({ idempotencyKey: this.trial.id('ref'), scope: null, paymentId, amount: null, reason: null, by, asSent: {} });
  }

  /** Attempts whose time has passed end. */
  async sweep(): Promise<void> {
    this.trial.nowMs = this.clock.wallMs();
    await new SweepExpired(this.store, this.trial.around).execute();
  }

  /** What the bank took and gave back, minor units, over all payments. */
  async money(): Promise<{ readonly charged: number; readonly returned: number }> {
    const { payments } = await this.ports.ledger.list({
      ...{
        scope: null,
        siteId: null,
        orderId: null,
        status: null,
        purpose: null,
        method: null,
        settlementAccount: null,
        rrn: null,
        authorisationCode: null,
        amount: null,
      },
      ...{ from: null, to: null, limit: 200, cursor: null },
    });
    const sum = (of: 'chargedAmount' | 'refundedAmount'): number => payments.reduce((total, payment) => total + payment[of], 0);
    return { charged: sum('chargedAmount'), returned: sum('refundedAmount') };
  }

  /** The terminal's answer to a command is recorded. */
  async end(command: PaymentCommand, outcome: Outcome): Promise<Payment> {
    this.trial.nowMs = this.clock.wallMs();
    const nonce = await this.trial.grant(command);
    await this.trial.record(this.trial.result(command, nonce, outcome));
    await this.sendErrand(command.paymentId);
    return this.ports.ledger.read({ scope: null, by: { paymentId: command.paymentId } });
  }

  /** An attempt that the ledger opened by itself is sent by it. */
  private async sendErrand(paymentId: string): Promise<void> {
    const record = await this.store.payment(paymentId);
    const queued = record?.attempts.find(({ shown }) => shown.status === 'queued');
    const command = record && queued ? commandOf(record, queued.shown.id) : null;
    if (command && !this.queue.some(({ attemptId }) => attemptId === command.attemptId)) this.queue.push(command);
  }
}
