import type { CompletionEvent } from '@kkm/core';
import { connectBroker } from '@kkm/messaging';
import { ScriptedReceiver } from '@kkm/testkit';
import { startStack } from '../../stack/start-stack';
import type { BenchConfig } from '../bench.config';
import { pause } from '../measure/clock';
import { beginEvenly } from '../measure/pace';
import { payAtLedger } from '../measure/pay-at-ledger';
import { percentiles } from '../measure/percentiles';
import type { Percentiles } from '../measure/percentiles';

/** Payments spread over so many sites: a site may have 200 webhooks a minute. */
const sites = 40;
/** How long late webhooks are waited for. */
const patienceMs = 30_000;

/** What is measured. */
export interface WebhookBench {
  readonly infrastructure: BenchConfig;
  readonly directory: string;
  readonly size: { readonly payments: number; readonly perSecond: number };
}

/** Times from an event's `time`, which is before its commit, to the arrival of its webhook. */
export interface WebhookFigures {
  readonly times: Percentiles;
  readonly missing: number;
}

/** Runs payments against a ledger without terminals, as a worker of every site would tell them, and times the webhooks. */
export async function measureWebhooks({ infrastructure, directory, size }: WebhookBench): Promise<WebhookFigures> {
  const receiver = await ScriptedReceiver.start();
  const stack = await startStack({ infrastructure, directory, terminals: 1 });
  const broker = await connectBroker({ url: stack.place.amqpUrl, name: 'bench-webhooks' });
  try {
    const answer = await fetch(`${stack.gateway.url}/v1/webhook-endpoints`, {
      method: 'POST',
      headers: { authorization: `Bearer ${stack.apiKey}`, 'content-type': 'application/json' },
      body: JSON.stringify({ name: 'bench', url: receiver.url, siteId: null }),
    });
    if (answer.status !== 201) throw new Error(`no endpoint: ${answer.status} ${await answer.text()}`);
    const paid: Promise<Error | null>[] = [];
    // Failures are kept until all have begun: a payment that failed must not end the program before its system is taken down.
    const pays = (siteId: string): Promise<Error | null> =>
      payAtLedger(broker, siteId).then(
        () => null,
        (error: unknown) => (error instanceof Error ? error : new Error('a payment failed', { cause: error })),
      );
    await beginEvenly(size.payments, size.perSecond, () => void paid.push(pays(`bench-${paid.length % sites}`)));
    const failure = (await Promise.all(paid)).find((one) => one !== null);
    if (failure) throw failure;
    return await figures(receiver, size.payments * 3);
  } finally {
    await broker.close();
    await stack.remove();
    await receiver.stop();
  }
}

async function figures(receiver: ScriptedReceiver, wanted: number): Promise<WebhookFigures> {
  const until = Date.now() + patienceMs;
  while (receiver.heard.length < wanted && Date.now() < until) await pause(100);
  const first = new Map<string, number>();
  for (const { body, atMs } of receiver.heard) {
    const { id, time } = JSON.parse(body) as CompletionEvent;
    if (!first.has(id)) first.set(id, atMs - Date.parse(time));
  }
  return { times: percentiles([...first.values()]), missing: wanted - first.size };
}
