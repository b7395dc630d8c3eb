import type { CompletionEvent, EventPage } from '@kkm/core';

/** Pages kept aside while a reader catches up; beyond, he is cut off and resumes later. */
const asideMax = 1_000;

/** Where a reader's events go. */
export interface ReaderEnd {
  show(events: readonly CompletionEvent[], cursor: string): void;
  /** Resolves when what was shown is on its way. */
  drained(): Promise<void>;
  /** Ends the stream: the reader is too far behind. */
  cut(): void;
}

/** One reader of the feed: first what he missed, then what came meanwhile, then what comes. Nothing is left out, and nothing shown twice. */
export class FeedReader {
  private readonly aside: { readonly events: readonly CompletionEvent[]; readonly cursor: string }[] = [];
  private live = false;

  constructor(private readonly end: ReaderEnd) {}

  /** The feed grew. Before {@link begin} has caught up, it is kept aside. */
  readonly hear = (events: readonly CompletionEvent[], cursor: string): void => {
    if (this.live) this.end.show(events, cursor);
    else if (this.aside.length < asideMax) this.aside.push({ events, cursor });
    else this.end.cut();
  };

  /** @param missed pages up to the feed's end as it was after `hear` began to be called. */
  async begin(missed: AsyncIterable<EventPage>): Promise<void> {
    const shown = new Set<string>();
    for await (const { events, next } of missed) {
      for (const { id } of events) shown.add(id);
      this.end.show(events, next);
      await this.end.drained();
    }
    for (const { events, cursor } of this.aside.splice(0)) {
      const fresh = events.filter(({ id }) => !shown.has(id));
      this.end.show(fresh, cursor);
    }
    this.live = true;
  }
}
