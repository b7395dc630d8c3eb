import type { CompletionEvent, Payment, PaymentStatus } from '@kkm/core';
import { pause } from '../../bench/measure/clock';
import type { Caller } from './caller';

/** The feed is asked this often; faster than a guest could notice. */
const everyMs = 80;

/** The ends of a payment. */
const ends: readonly PaymentStatus[] = ['succeeded', 'declined', 'cancelled', 'expired', 'failed'];

/** Follows the feed of completion events, as iCafeCloud would, and remembers what it was told. */
export class PaymentFeed {
  private readonly newest = new Map<string, Payment>();
  private readonly doubts = new Map<string, number>();
  private readonly waiting = new Map<string, Set<(payment: Payment) => void>>();
  private cursor: string | null = null;
  private stopped = false;
  private running: Promise<void> = Promise.resolve();

  constructor(private readonly caller: Pick<Caller, 'events'>) {}

  /** Begins to read. */
  start(): void {
    this.running = this.keepReading();
  }

  /** Reads what is still there, then ends. */
  async stop(): Promise<void> {
    this.stopped = true;
    await this.running;
    while ((await this.readOnce()) === 'more');
  }

  /** The newest state of every payment that an event told. */
  payments(): readonly Payment[] {
    return [...this.newest.values()];
  }

  /** Statuses as the newest events told them. */
  told(): ReadonlyMap<string, PaymentStatus> {
    return new Map(this.payments().map(({ id, status }) => [id, status]));
  }

  /** When each attempt that was ever in doubt was first told to be, milliseconds since 1970. */
  inDoubtSince(): ReadonlyMap<string, number> {
    return this.doubts;
  }

  /** Resolves with the payment once it has ended after attempt `number`; never when that does not come about. */
  untilEnded(paymentId: string, number: number): Promise<Payment> {
    return this.until(paymentId, ({ status, attempts }) => ends.includes(status) && attempts.length >= number);
  }

  /** Resolves once the payment has ended or is in doubt. */
  untilAnswered(paymentId: string): Promise<Payment> {
    return this.until(paymentId, ({ status }) => status === 'in_doubt' || ends.includes(status));
  }

  /** Payments that have neither ended nor are in doubt, and those in doubt. */
  unfinished(): { readonly open: number; readonly inDoubt: number } {
    const all = this.payments();
    const inDoubt = all.filter(({ status }) => status === 'in_doubt').length;
    return { inDoubt, open: all.filter(({ status }) => !ends.includes(status)).length - inDoubt };
  }

  private until(paymentId: string, holds: (payment: Payment) => boolean): Promise<Payment> {
    const known = this.newest.get(paymentId);
    if (known && holds(known)) return Promise.resolve(known);
    return new Promise((resolve) => {
      const listeners = this.waiting.get(paymentId) ?? new Set();
      this.waiting.set(paymentId, listeners);
      const listen = (payment: Payment): void => {
        if (!holds(payment)) return;
        listeners.delete(listen);
        resolve(payment);
      };
      listeners.add(listen);
    });
  }

  private async keepReading(): Promise<void> {
    while (!this.stopped) if ((await this.readOnce()) !== 'more') await pause(everyMs);
  }

  private async readOnce(): Promise<'more' | 'done'> {
    const page = await this.caller.events(this.cursor);
    if (!page) return 'done';
    for (const event of page.events) this.hear(event);
    this.cursor = page.next;
    return page.events.length > 0 ? 'more' : 'done';
  }

  private hear(event: CompletionEvent): void {
    if (!('attempts' in event.data)) return; // A rejected request is no payment.
    const payment = event.data;
    const known = this.newest.get(payment.id);
    const what = event.type.split('.')[2];
    if (what === 'in_doubt') this.noteDoubt(payment, Date.parse(event.time));
    if (known && known.sequence > payment.sequence) return;
    this.newest.set(payment.id, payment);
    for (const listen of this.waiting.get(payment.id) ?? []) listen(payment);
  }

  private noteDoubt({ attempts }: Payment, atMs: number): void {
    for (const { id, status } of attempts) if (status === 'unknown' && !this.doubts.has(id)) this.doubts.set(id, atMs);
  }
}
