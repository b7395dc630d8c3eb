import type { Logger, Metrics } from '@kkm/observability';
import type { MadeTry, WebhookLane } from './ports';
import type { LaneWatch } from './webhook-lanes';

/** Counts, times and tells what became of webhooks. No body, no answer and no secret is in any of it. */
export class WebhookWatch implements LaneWatch {
  private readonly tries;
  private readonly seconds;
  private readonly untilFirst;

  /** @param waiting asked when the metrics are read. */
  constructor(
    metrics: Metrics,
    private readonly log: Logger,
    waiting: () => Promise<number>,
  ) {
    this.tries = metrics.counter({ name: 'kkm_webhook_tries_total', help: 'Requests to webhook endpoints, by what was decided then.', labels: ['decision'] });
    this.seconds = metrics.histogram({ name: 'kkm_webhook_try_seconds', help: 'How long requests to webhook endpoints took.', labels: ['decision'] });
    this.untilFirst = metrics.histogram({
      name: 'kkm_webhook_first_try_seconds',
      help: 'Time from the recording of an event to the first request that tells of it; replays of old events do not count.',
    });
    metrics.gauge({
      name: 'kkm_webhooks_waiting',
      help: 'Deliveries neither delivered nor given up.',
      collect: async (self) => self.set(await waiting()),
    });
  }

  tried({ endpointId, siteId }: WebhookLane, { delivery, atMs, tookMs, code, fault, decision }: MadeTry): void {
    const { kind } = decision;
    this.tries.inc({ decision: kind });
    this.seconds.observe({ decision: kind }, tookMs / 1_000);
    if (delivery.isFirst) this.untilFirst.observe(Math.max(0, atMs - delivery.sinceMs) / 1_000);
    if (kind === 'delivered') return;
    const facts = { endpointId, siteId, eventId: delivery.eventId, number: delivery.number, code, fault, decision: kind };
    if (kind === 'again') this.log.info(facts, 'a webhook is tried again');
    else this.log.warn(facts, kind === 'gone' ? 'a webhook endpoint is gone and switched off' : 'a webhook was given up');
  }

  background(what: string, error: unknown): void {
    this.log.warn({ err: error, what }, 'background work failed and is tried again');
  }
}
