import type { CompletionEvent, Progress } from '@kkm/core';

/** What the stream tells, by the name of its event. */
export interface LiveEvents {
  readonly payment: CompletionEvent;
  readonly progress: Progress;
}
/** A name of {@link LiveEvents}. */
export type LiveName = keyof LiveEvents;
/** Hears events of one name. */
export type LiveListener<Name extends LiveName> = (event: LiveEvents[Name]) => void;

/** What of EventSource is used. */
export interface Source {
  readonly readyState: number;
  addEventListener(name: string, listener: (event: MessageEvent<string>) => void): void;
  close(): void;
}

/** What the stream takes from the browser. */
export interface LiveNeeds {
  readonly open: (url: string) => Source;
  readonly later: (act: () => void, ms: number) => () => void;
  /** Told whenever the stream begins or stops to be live. */
  readonly onLive: (live: boolean) => void;
  /** Told when the stream is live again after it was not: what was missed is read anew. */
  readonly onResumed: () => void;
}

const closed = 2;
const firstPauseMs = 1_000;
const pauseMaxMs = 30_000;

/**
 * One connection to `/v1/stream` for the whole page. EventSource reconnects by itself after a broken connection, but gives up when it is refused; then this
 * opens a new one after a pause, behind the last event that was heard.
 */
export class LiveStream {
  private readonly listeners = new Map<LiveName, Set<LiveListener<never>>>();
  private source: Source | null = null;
  private cancelLater: (() => void) | null = null;
  private lastId = '';
  private failures = 0;
  private wasLive = false;

  constructor(private readonly needs: LiveNeeds) {}

  /** Connects. */
  start(): void {
    const url = this.lastId === '' ? '/v1/stream' : `/v1/stream?after=${encodeURIComponent(this.lastId)}`;
    const source = this.needs.open(url);
    this.source = source;
    source.addEventListener('open', () => this.opened());
    source.addEventListener('error', () => this.failed(source));
    for (const name of ['payment', 'progress'] as const) source.addEventListener(name, (event) => this.tell(name, event));
  }

  /** Disconnects for good. */
  stop(): void {
    this.cancelLater?.();
    this.source?.close();
    this.source = null;
  }

  /** Hears events of one name; gives back how to stop. */
  on<Name extends LiveName>(name: Name, listener: LiveListener<Name>): () => void {
    const all = this.listeners.get(name) ?? new Set();
    all.add(listener as LiveListener<never>);
    this.listeners.set(name, all);
    return () => void all.delete(listener as LiveListener<never>);
  }

  private opened(): void {
    this.failures = 0;
    this.needs.onLive(true);
    if (this.wasLive) this.needs.onResumed();
    this.wasLive = true;
  }

  private failed(source: Source): void {
    this.needs.onLive(false);
    if (source.readyState !== closed || this.source !== source) return;
    const pauseMs = Math.min(pauseMaxMs, firstPauseMs * 2 ** this.failures);
    this.failures += 1;
    this.cancelLater = this.needs.later(() => this.start(), pauseMs);
  }

  private tell(name: LiveName, event: MessageEvent<string>): void {
    if (event.lastEventId !== '') this.lastId = event.lastEventId;
    const data = parsed(event.data);
    if (data === null) return;
    this.listeners.get(name)?.forEach((listener) => listener(data as never));
  }
}

/** A line that is no JSON is none of KKM's: it is passed over, and the next reading shows what it would have told. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
