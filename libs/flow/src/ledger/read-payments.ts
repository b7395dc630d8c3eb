import { newId } from '@kkm/core';
import type { EventPage, FeedEnd, ListPaymentsRequest, Payment, PaymentPage, ReadEventsRequest, ReadPaymentRequest, RejectRequestRequest } from '@kkm/core';
import { completionEvent } from './events';
import type { LedgerStore } from './ledger-store';
import { showPayment, timeText } from './records';
import { inScope, visible } from './scope';
import type { LedgerSurroundings } from './surroundings';

/** Reads one payment. */
export class ReadPayment {
  constructor(private readonly store: LedgerStore) {}

  /** Throws `Rejected('payment.not_found')`, also for a payment the caller may not see. */
  async execute({ by, scope }: ReadPaymentRequest): Promise<Payment> {
    if ('paymentId' in by) return showPayment(visible(await this.store.payment(by.paymentId), scope));
    const allowed = inScope(scope, by.siteId);
    return showPayment(visible(allowed ? await this.store.newestOfOrder(by.siteId, by.orderId) : null, scope));
  }
}

/** Reads pages of payments, newest first. Ids sort by the time they were made, so times become bounds of ids and the page's last id is the cursor. */
export class ListPayments {
  constructor(private readonly store: LedgerStore) {}

  /** `from` is included, `to` is not. */
  async execute(request: ListPaymentsRequest): Promise<PaymentPage> {
    const { cursor, from, to, limit, ...wanted } = request;
    const bounds = [cursor, to === null ? null : firstIdOf(to)].filter((bound) => bound !== null);
    const beforeId = bounds.length === 0 ? null : bounds.reduce((least, bound) => (bound < least ? bound : least));
    const fromId = from === null ? null : firstIdOf(from);
    // One more than asked for tells whether there is a further page.
    const records = await this.store.list({ ...wanted, fromId, beforeId, limit: limit + 1 });
    const page = records.slice(0, limit);
    const last = page[page.length - 1];
    return { payments: page.map(showPayment), next: records.length > limit && last ? last.shown.id : null };
  }
}

/** Reads the feed of events, oldest first, without gaps (design-money, clause 21). */
export class ReadEvents {
  constructor(private readonly store: LedgerStore) {}

  /** Throws `Rejected('request.invalid')` for a cursor that is none. */
  async execute({ scope, after, limit }: ReadEventsRequest): Promise<EventPage> {
    return this.store.feed({ scope, after, limit });
  }

  /** The cursor behind the newest event: reading from there shows only what comes later. */
  async end(): Promise<FeedEnd> {
    return { next: await this.store.feedEnd() };
  }
}

/** Tells the world that a request that came by message can never succeed (design-money, clause 24). */
export class RejectRequest {
  constructor(
    private readonly store: LedgerStore,
    private readonly around: LedgerSurroundings,
  ) {}

  /** Each call is one event; the caller repeats only after `Unavailable`. */
  async execute({ rejected }: RejectRequestRequest): Promise<null> {
    const event = completionEvent({
      id: this.around.newId('evt'),
      what: 'rejected',
      time: timeText(this.around.nowMs()),
      subject: rejected.requestId,
      sequence: 1,
      data: rejected,
    });
    await this.store.announce({ siteId: rejected.siteId, what: 'rejected', event });
    return null;
  }
}

/** The least id that a payment of that moment can have. */
function firstIdOf(time: string): string {
  return newId('pay', Math.max(0, Date.parse(time)), (bytes) => new Uint8Array(bytes));
}
