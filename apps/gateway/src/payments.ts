import { Rejected } from '@kkm/core';
import type { OpenedPayment, Payment, SiteScope } from '@kkm/core';
import { CancelPayment, RedoPayment, RefundPayment, ResolvePayment, SwitchPayment, TakePayment } from '@kkm/flow/gateway';
import type { Ledger, OpeningPorts } from '@kkm/flow/gateway';
import type { Log } from '@kkm/messaging';
import type { Ends, LivePayments } from './live/live-payments';
import { waitForEnd } from './live/wait-for-end';

/** Where a command came from, for the log. */
export interface CommandOrigin {
  /** The key or the user; null where the door knows neither. */
  readonly callerId: string | null;
  readonly requestId: string;
  readonly door: 'http' | 'amqp' | 'kkmserver';
}

/** Checks an id of a path: what KKM never made is no payment, and is not asked for. @throws Rejected `payment.not_found`. */
export function paymentIdOf(text: string | undefined): string {
  if (text === undefined || !paymentIdPattern.test(text)) throw new Rejected('payment.not_found');
  return text;
}

const paymentIdPattern = /^[A-Za-z0-9_-]{1,64}$/;

/** What the doors do with payments: the use cases, the log line of each command, and the wait for an end. */
export class Payments {
  readonly take: TakePayment;
  readonly redo: RedoPayment;
  readonly cancel: CancelPayment;
  readonly refund: RefundPayment;
  readonly switch: SwitchPayment;
  readonly resolve: ResolvePayment;
  readonly ledger: Ledger;
  private readonly stopping = new AbortController();

  constructor(
    ports: OpeningPorts,
    private readonly around: { readonly live: LivePayments; readonly log: Log },
  ) {
    this.take = new TakePayment(ports);
    this.redo = new RedoPayment(ports);
    this.cancel = new CancelPayment(ports);
    this.refund = new RefundPayment(ports);
    this.switch = new SwitchPayment(ports);
    this.resolve = new ResolvePayment(ports);
    this.ledger = ports.ledger;
  }

  /** One payment. @throws Rejected `payment.not_found`. */
  read(paymentId: string, scope: SiteScope): Promise<Payment> {
    return this.ledger.read({ scope, by: { paymentId } });
  }

  /** Called by Nest when the gateway stops: whoever waits is answered with what is known. */
  onModuleDestroy(): void {
    this.stopping.abort();
  }

  /** Writes the one log line of an opened attempt and begins to time it. */
  opened({ payment, replayed }: OpenedPayment, origin: CommandOrigin): void {
    if (!replayed) this.around.live.accepted(payment);
    const attempt = payment.attempts.at(-1);
    this.around.log.info({ ...origin, ...factsOf(payment), attemptId: attempt?.id, attempt: attempt?.number, replayed }, 'A payment was accepted.');
  }

  /** Writes the log line of a cancel. */
  cancelled(payment: Payment, origin: CommandOrigin): void {
    this.around.log.info({ ...origin, ...factsOf(payment), status: payment.status, cancelRequested: payment.cancelRequested }, 'A cancel was asked for.');
  }

  /** Writes the log line of a refund. */
  refunding({ payment, replayed }: OpenedPayment, origin: CommandOrigin): void {
    this.around.log.info({ ...origin, ...factsOf(payment), refundedAmount: payment.refundedAmount, replayed }, 'A refund was asked for.');
  }

  /** Writes the log line of a change to the other method. */
  switching(payment: Payment, origin: CommandOrigin): void {
    this.around.log.info({ ...origin, ...factsOf(payment), status: payment.status, switchTo: payment.switchTo }, 'Another method was asked for.');
  }

  /** Writes the log line of what a person decided about a payment. */
  decided(what: 'A person decided a payment.' | 'A payment was closed.', payment: Payment, origin: CommandOrigin): void {
    this.around.log.info({ ...origin, ...factsOf(payment), status: payment.status }, what);
  }

  /** The payment once it has ended, or as it is after the seconds or when the gateway stops. */
  waitForEnd(payment: Payment, wait: { readonly seconds: number; readonly ends: Ends; readonly leaving: AbortSignal }): Promise<Payment> {
    const { seconds, ends } = wait;
    const gone = AbortSignal.any([wait.leaving, this.stopping.signal]);
    const read = (paymentId: string): Promise<Payment> => this.ledger.read({ scope: [payment.siteId], by: { paymentId } });
    return waitForEnd(payment, { live: this.around.live, read, seconds, ends, gone });
  }
}

function factsOf(payment: Payment): object {
  const { id: paymentId, siteId, orderId, terminalId, amount } = payment;
  return { paymentId, siteId, orderId, terminalId, amount };
}
