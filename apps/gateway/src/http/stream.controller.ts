import { Controller, Get, Req, Res } from '@nestjs/common';
import type { OnModuleDestroy } from '@nestjs/common';
import { streamQuery } from '@kkm/contracts';
import type { ServerResponse } from 'node:http';
import type { CompletionEvent, EventPage, Progress, SiteScope } from '@kkm/core';
import { Rejected } from '@kkm/core';
import { scopeOf } from '../access/caller';
import { sessionSecretOf } from '../access/session-cookie';
import { SessionWatch } from '../access/session-watch';
import { EventWriter } from '../live/event-writer';
import { FeedReader } from '../live/feed-reader';
import { ProgressHub } from '../live/progress-hub';
import { shows, StreamHub } from '../live/stream-hub';
import { checked } from '../checked';
import { callerOf } from './exchange';
import type { DoorReply, DoorRequest } from './exchange';

/** Streams that one key or user may hold open at a time. */
const streamsPerCallerMax = 50;

/** What a reader wants to see. */
interface Wish {
  /** The event behind which he resumes; null begins now. */
  readonly after: string | null;
  readonly scope: SiteScope;
  readonly paymentId: string | null;
}

/** Payment changes and live progress as server-sent events. */
@Controller('v1/stream')
export class StreamController implements OnModuleDestroy {
  private readonly open = new Map<string, Set<ServerResponse>>();

  constructor(
    private readonly hub: StreamHub,
    private readonly progress: ProgressHub,
    private readonly sessions: SessionWatch,
  ) {}

  /** Answers at once and stays open. Last-Event-ID (or `after`) resumes behind that event; without it the stream begins now. */
  @Get()
  async stream(@Req() request: DoorRequest, @Res() reply: DoorReply): Promise<void> {
    const caller = callerOf(request);
    const query = checked(streamQuery, request.query, 'query:');
    const after = resumeAfter(request) ?? query.after ?? null;
    if (request.method === 'HEAD') return void reply.header('content-type', 'text/event-stream').send('');
    this.enter(caller.id, reply.raw);
    const secret = caller.kind === 'user' ? sessionSecretOf(request.headers['cookie']) : null;
    // Cut, not ended with grace: whoever may see no more gets nothing more.
    if (secret !== null)
      reply.raw.once(
        'close',
        this.sessions.watch(secret, () => reply.raw.destroy()),
      );
    await this.serve(reply, { after, scope: scopeOf(caller), paymentId: query.paymentId ?? null });
  }

  /** Ends all streams when the gateway stops, which would wait for them otherwise; readers come back to another replica and resume. */
  onModuleDestroy(): void {
    for (const streams of this.open.values()) for (const stream of streams) stream.end();
  }

  private async serve(reply: DoorReply, wish: Wish): Promise<void> {
    const writer = new EventWriter(reply.raw);
    const reader = new FeedReader({
      show: (events, cursor) => showTo(writer, wish, { events, cursor }),
      drained: () => writer.drained(),
      cut: () => reply.raw.destroy(),
    });
    const joined = leavingWith(reply);
    joined(await this.hub.join(reader.hear));
    const missed = wish.after === null ? noPages() : await this.firstRead(wish.after);
    const early: Progress[] = [];
    let tell = (step: Progress): void => void early.push(step);
    joined(await this.progress.join((step) => tell(step)));
    if (reply.raw.destroyed) return;
    reply.hijack();
    writer.begin(reply.getHeaders());
    tell = (step) => tellTo(writer, wish, step);
    early.forEach(tell);
    try {
      await reader.begin(missed);
    } catch (error) {
      // The head is sent: all that can be said is the end. The reader resumes behind the last event he saw.
      reply.raw.destroy();
      throw error;
    }
  }

  /** Reads the first page before the head is sent, so that a wrong cursor can still be answered by a problem. */
  private async firstRead(after: string): Promise<AsyncIterable<EventPage>> {
    const pages = this.hub.since(after);
    const first = await pages.next();
    return (async function* all() {
      if (first.done) return;
      yield first.value;
      yield* pages;
    })();
  }

  private enter(callerId: string, stream: ServerResponse): void {
    const streams = this.open.get(callerId) ?? new Set<ServerResponse>();
    if (streams.size >= streamsPerCallerMax) {
      throw new Rejected('request.rate_limited', { detail: `A caller may hold ${streamsPerCallerMax} streams.`, members: { retryAfterSeconds: 5 } });
    }
    streams.add(stream);
    this.open.set(callerId, streams);
    stream.once('close', () => {
      streams.delete(stream);
      if (streams.size === 0 && this.open.get(callerId) === streams) this.open.delete(callerId);
    });
  }
}

/** Writes the events that the reader may and wants to see. The last one carries the cursor of the page. */
function showTo(writer: EventWriter, wish: Wish, page: { readonly events: readonly CompletionEvent[]; readonly cursor: string }): void {
  const shown = page.events.filter((event) => shows(event, wish.scope, wish.paymentId));
  shown.forEach((event, index) => writer.send({ name: 'payment', data: event, ...(index === shown.length - 1 ? { cursor: page.cursor } : {}) }));
}

function tellTo(writer: EventWriter, { scope, paymentId }: Wish, step: Progress): void {
  const visible = (scope === null || scope.includes(step.siteId)) && (paymentId === null || step.paymentId === paymentId);
  if (visible) writer.send({ name: 'progress', data: step });
}

async function* noPages(): AsyncGenerator<EventPage> {
  // Who begins now has missed nothing.
}

/** Leaves what was joined when the connection ends, or at once when it ended while joining. */
function leavingWith(reply: DoorReply): (leave: () => void) => void {
  const leaves: (() => void)[] = [];
  reply.raw.once('close', () => leaves.forEach((leave) => leave()));
  return (leave) => {
    if (reply.raw.destroyed) leave();
    else leaves.push(leave);
  };
}

function resumeAfter(request: DoorRequest): string | null {
  const header = request.headers['last-event-id'];
  if (typeof header !== 'string' || header === '') return null;
  return checked(streamQuery.shape.after, header, 'query:') ?? null;
}
