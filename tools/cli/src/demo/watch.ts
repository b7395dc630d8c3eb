import { setTimeout as sleep } from 'node:timers/promises';
import { exchanges } from '@kkm/contracts';
import type { CompletionEvent, Payment, Progress } from '@kkm/core';
import { connectBroker } from '@kkm/messaging';
import type { Endpoints } from '../system/endpoints';
import { openEventStream } from './event-stream';
import type { ShownScreen } from './facts';
import { SeenFacts } from './facts';

/** The screen is looked at this often. */
const lookEveryMs = 10;

/** Watches a system from outside: the live stream, the events on the broker, the screen of the terminal. */
export interface Watch {
  readonly facts: SeenFacts;
  close(): Promise<void>;
}

/** Begins to watch; returns when all three watchers see. */
export async function openWatch(endpoints: Endpoints): Promise<Watch> {
  const facts = new SeenFacts(() => performance.now());
  const end = new AbortController();
  const broker = await connectBroker({ url: endpoints.amqp, name: 'demo' });
  await broker.listen([{ exchange: exchanges.events, routingKey: `${endpoints.siteId}.payment.*` }], ({ body }) => {
    facts.add({ kind: 'published', event: body as CompletionEvent });
  });
  await openEventStream(`${endpoints.api}/v1/stream`, {
    apiKey: endpoints.apiKey,
    signal: end.signal,
    onEvent: ({ name, data }) => {
      if (name === 'progress') facts.add({ kind: 'progress', progress: JSON.parse(data) as Progress });
      if (name === 'payment') facts.add({ kind: 'recorded', payment: (JSON.parse(data) as CompletionEvent).data as Payment });
    },
  });
  const looking = lookAtScreen(endpoints, facts, end.signal);
  return {
    facts,
    async close() {
      end.abort();
      await Promise.all([looking, broker.close()]);
    },
  };
}

async function lookAtScreen(endpoints: Endpoints, facts: SeenFacts, signal: AbortSignal): Promise<void> {
  let last = '';
  while (!signal.aborted) {
    const screen = await readScreen(endpoints).catch(() => null); // A missed look is followed by another.
    const text = JSON.stringify(screen);
    if (screen && text !== last) {
      last = text;
      facts.add({ kind: 'screen', screen });
    }
    await sleep(lookEveryMs);
  }
}

async function readScreen({ virtualTerminal, terminalId }: Endpoints): Promise<ShownScreen> {
  const answer = await fetch(`${virtualTerminal}/terminals/${terminalId}`, { signal: AbortSignal.timeout(2_000) });
  const body = (await answer.json()) as { readonly screen?: ShownScreen } & ShownScreen;
  const { state, lines, qr } = body.screen ?? body;
  return { state, lines, qr };
}
