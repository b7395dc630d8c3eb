import { Unavailable } from '@kkm/core';

/** How often open streams are held against their sessions: the longest a session's end on another replica takes to end its streams here. */
const lookEveryMs = 5_000;

/** How often what has ended by time is thrown out of the database. */
const sweepEveryMs = 600_000;

/** What the watch asks the database. */
export interface WatchedBooks {
  /** Those of the secrets whose sessions are open; none counts as used. */
  living(secrets: readonly string[]): Promise<ReadonlySet<string>>;
  sweep(): Promise<void>;
}

/** Ends what outlives a request, a stream, when its session ends. An open stream alone does not keep a session from idling out. */
export class SessionWatch {
  private readonly watched = new Map<object, { readonly secret: string; readonly end: () => void }>();
  private readonly timers: readonly NodeJS.Timeout[];

  constructor(private readonly books: WatchedBooks) {
    this.timers = [setInterval(() => void this.look(), lookEveryMs), setInterval(() => void unlessAway(books.sweep()), sweepEveryMs)];
    for (const timer of this.timers) timer.unref();
  }

  /** Calls `end` once the session has ended, unless the answer is called before. */
  watch(secret: string, end: () => void): () => void {
    const mark = {};
    this.watched.set(mark, { secret, end });
    return () => void this.watched.delete(mark);
  }

  /** Looks at once: a session was ended here. */
  async look(): Promise<void> {
    if (this.watched.size === 0) return;
    const asked = [...this.watched];
    const living = await unlessAway(this.books.living([...new Set(asked.map(([, { secret }]) => secret))]));
    if (!living) return;
    for (const [mark, { secret, end }] of asked) {
      if (living.has(secret) || !this.watched.delete(mark)) continue;
      end();
    }
  }

  /** Called by Nest when the gateway stops. */
  onModuleDestroy(): void {
    for (const timer of this.timers) clearInterval(timer);
  }
}

/** While the database is away nothing is decided; the next look asks again. */
async function unlessAway<T>(work: Promise<T>): Promise<T | null> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof Unavailable) return null;
    throw error;
  }
}
