import { Unavailable } from '@kkm/core';
import type { CompletionEvent, EventPage, FeedEnd, ReadEventsRequest, SiteScope } from '@kkm/core';

/** A page of the tail; also how many events wait for one slow reader before he is cut off. */
const pageSize = 500;

/** The feed is read this often without a hint, and this soon again after a hint that found nothing yet. */
const idleMs = 1_000;
const soonMs = 30;
const soonTries = 6;

/** The feed as the hub reads it. */
export interface Feed {
  events(request: ReadEventsRequest): Promise<EventPage>;
  feedEnd(): Promise<FeedEnd>;
}

/** Events of the feed with the cursor behind them. */
export type FeedListener = (events: readonly CompletionEvent[], cursor: string) => void;

/** One reader of the feed's end for all streams of this process. It reads the feed rather than the broker, so that what a stream shows can be resumed without a gap. */
export class StreamHub {
  private readonly listeners = new Set<FeedListener>();
  private reading: Promise<void> | null = null;
  private cursor: string | null = null;
  private hinted = 0;
  private wake: (() => void) | null = null;

  /**
   * @param onFault told about errors other than the ledger's absence.
   * @param after runs something later; the returned function prevents it.
   */
  constructor(
    private readonly feed: Feed,
    private readonly onFault: (error: unknown) => void,
    private readonly after: (ms: number, then: () => void) => () => void = machineTimer,
  ) {}

  /** Hears every event that becomes readable from now on. The returned function ends it. @throws Unavailable when the feed's end cannot be found. */
  async join(listener: FeedListener): Promise<() => void> {
    if (this.cursor === null) {
      const { next } = await this.feed.feedEnd();
      // Another reader may have begun meanwhile: whoever moved his cursor would make him miss what lies between.
      this.cursor ??= next;
    }
    this.listeners.add(listener);
    this.reading ??= this.readOn();
    return () => {
      this.listeners.delete(listener);
      if (this.listeners.size === 0) this.wake?.();
    };
  }

  /** Something was published: read at once. */
  hint(): void {
    if (this.listeners.size === 0) return;
    this.hinted = soonTries;
    this.wake?.();
  }

  /** Whether anybody listens. */
  get busy(): boolean {
    return this.listeners.size > 0;
  }

  /** The events behind `after`, page by page until the feed's present end. */
  async *since(after: string): AsyncGenerator<EventPage> {
    let cursor = after;
    for (;;) {
      const page = await this.feed.events({ scope: null, after: cursor, limit: pageSize });
      if (page.events.length === 0) return;
      cursor = page.next;
      yield page;
    }
  }

  private async readOn(): Promise<void> {
    while (this.listeners.size > 0) {
      const found = await this.readOnce();
      if (!found) await this.pause();
    }
    this.reading = null;
    this.cursor = null;
  }

  private async readOnce(): Promise<boolean> {
    try {
      const page = await this.feed.events({ scope: null, after: this.cursor, limit: pageSize });
      if (page.events.length === 0) return false;
      this.cursor = page.next;
      this.hinted = soonTries;
      for (const listener of this.listeners) listener(page.events, page.next);
      return true;
    } catch (error) {
      if (!(error instanceof Unavailable)) this.onFault(error);
      return false;
    }
  }

  private pause(): Promise<void> {
    const ms = this.hinted > 0 ? soonMs : idleMs;
    this.hinted = Math.max(0, this.hinted - 1);
    return new Promise((resolve) => {
      const stop = this.after(ms, () => this.wake?.());
      this.wake = () => {
        stop();
        this.wake = null;
        resolve();
      };
    });
  }
}

function machineTimer(ms: number, then: () => void): () => void {
  const timer = setTimeout(then, ms);
  return () => clearTimeout(timer);
}

/** Whether a caller may see an event, and wants it. An event without a site is for operators. */
export function shows(event: CompletionEvent, scope: SiteScope, paymentId: string | null): boolean {
  const { siteId } = event.data;
  if (paymentId !== null && event.subject !== paymentId) return false;
  return scope === null || (siteId !== null && scope.includes(siteId));
}
