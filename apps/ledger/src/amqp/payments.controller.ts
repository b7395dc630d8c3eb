import { Controller } from '@nestjs/common';
import { Ctx, MessagePattern, Payload } from '@nestjs/microservices';
import {
  cancelPaymentRequest,
  listPaymentsRequest,
  openPaymentRequest,
  readEventsRequest,
  readPaymentRequest,
  redoPaymentRequest,
  rejectRequestRequest,
  replayRequest,
  terminalHealthRequest,
  terminalStandingRequest,
} from '@kkm/contracts';
import type { CancelledPayment, EventPage, FeedEnd, LedgerHealth, OpenedPayment, Payment, PaymentPage, TerminalStanding } from '@kkm/core';
import {
  CancelPayment,
  ListPayments,
  OpenPayment,
  ReadEvents,
  ReadPayment,
  ReadTerminalHealth,
  ReadTerminalStanding,
  RedoPayment,
  RejectRequest,
  ReplayPayment,
} from '@kkm/flow/ledger';
import type { Delivery } from '@kkm/messaging';
import { LedgerWatch } from '../ledger-watch';
import { checked } from './checked';
import { Trust } from './trust';

/** Opens attempts for the gateway. */
@Controller()
export class OpeningController {
  constructor(
    private readonly opening: OpenPayment,
    private readonly redoing: RedoPayment,
    private readonly replaying: ReplayPayment,
    private readonly trust: Trust,
  ) {}

  /** What an earlier request with the same key opened. */
  @MessagePattern('payments.replay')
  async replay(@Payload() body: unknown, @Ctx() delivery: Delivery): Promise<OpenedPayment | null> {
    this.trust.requireService(delivery);
    return this.replaying.execute(checked(replayRequest, body));
  }

  /** Opens a payment. */
  @MessagePattern('payments.open')
  async open(@Payload() body: unknown, @Ctx() delivery: Delivery): Promise<OpenedPayment> {
    this.trust.requireService(delivery);
    return this.opening.execute(checked(openPaymentRequest, body));
  }

  /** Opens a further attempt. */
  @MessagePattern('payments.redo')
  async redo(@Payload() body: unknown, @Ctx() delivery: Delivery): Promise<OpenedPayment> {
    this.trust.requireService(delivery);
    return this.redoing.execute(checked(redoPaymentRequest, body));
  }
}

/** Ends payments and requests for the gateway. */
@Controller()
export class EndingController {
  constructor(
    private readonly cancelling: CancelPayment,
    private readonly rejecting: RejectRequest,
    private readonly trust: Trust,
    private readonly watch: LedgerWatch,
  ) {}

  /** Records a cancel. */
  @MessagePattern('payments.cancel')
  async cancel(@Payload() body: unknown, @Ctx() delivery: Delivery): Promise<CancelledPayment> {
    this.trust.requireService(delivery);
    const cancelled = await this.cancelling.execute(checked(cancelPaymentRequest, body));
    if (cancelled.payment.status === 'cancelled') this.watch.ended(cancelled.payment);
    return cancelled;
  }

  /** Announces a request that can never succeed. */
  @MessagePattern('payments.reject')
  async reject(@Payload() body: unknown, @Ctx() delivery: Delivery): Promise<null> {
    this.trust.requireService(delivery);
    return this.rejecting.execute(checked(rejectRequestRequest, body));
  }
}

/** Answers the gateway's questions about payments. */
@Controller()
export class ReadingController {
  constructor(
    private readonly reading: ReadPayment,
    private readonly listing: ListPayments,
    private readonly trust: Trust,
  ) {}

  /** One payment. */
  @MessagePattern('payments.read')
  async read(@Payload() body: unknown, @Ctx() delivery: Delivery): Promise<Payment> {
    this.trust.requireService(delivery);
    return this.reading.execute(checked(readPaymentRequest, body));
  }

  /** A page of payments. */
  @MessagePattern('payments.list')
  async list(@Payload() body: unknown, @Ctx() delivery: Delivery): Promise<PaymentPage> {
    this.trust.requireService(delivery);
    return this.listing.execute(checked(listPaymentsRequest, body));
  }
}

/** Answers questions about what happened and what stands open. */
@Controller()
export class WatchingController {
  constructor(
    private readonly feed: ReadEvents,
    private readonly standing: ReadTerminalStanding,
    private readonly health: ReadTerminalHealth,
    private readonly trust: Trust,
  ) {}

  /** A page of the feed. */
  @MessagePattern('events.read')
  async events(@Payload() body: unknown, @Ctx() delivery: Delivery): Promise<EventPage> {
    this.trust.requireService(delivery);
    return this.feed.execute(checked(readEventsRequest, body));
  }

  /** The cursor behind the newest event. */
  @MessagePattern('events.end')
  async end(@Ctx() delivery: Delivery): Promise<FeedEnd> {
    this.trust.requireService(delivery);
    return this.feed.end();
  }

  /** What a terminal has unfinished; the site's workers ask it before an attempt fails without a permit. */
  @MessagePattern('terminals.standing')
  async terminal(@Payload() body: unknown, @Ctx() delivery: Delivery): Promise<TerminalStanding> {
    const request = checked(terminalStandingRequest, body);
    this.trust.requireSite(request.siteId, delivery);
    return this.standing.execute(request);
  }

  /** How a terminal is, now and over time. */
  @MessagePattern('terminals.health')
  async terminalHealth(@Payload() body: unknown, @Ctx() delivery: Delivery): Promise<LedgerHealth> {
    this.trust.requireService(delivery);
    return this.health.execute(checked(terminalHealthRequest, body));
  }
}
