import { describeWith, ScriptedReceiver, testDatabase } from '@kkm/testkit';
import type { TestDatabase } from '@kkm/testkit';
import type { CompletionEvent, Payment } from '@kkm/core';
import { Webhook } from 'standardwebhooks';
import { approved, LedgerOnTrial } from '../testing/ledger-on-trial';
import { WebhooksOnTrial } from '../testing/webhooks-on-trial';

const eventsWanted = 20_000;

/** A draw that is the same in every run. */
function drawFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/** What a client knows of payments: of each, the newest it heard of. */
class Client {
  readonly payments = new Map<string, CompletionEvent>();

  hear(event: CompletionEvent): void {
    const known = this.payments.get(event.subject);
    if (!known || known.sequence <= event.sequence) this.payments.set(event.subject, event);
  }
}

describeWith(['database'], 'a client that loses, doubles and shuffles webhooks', () => {
  let database: TestDatabase;
  let ledger: LedgerOnTrial;
  beforeAll(async () => {
    database = await testDatabase();
    ledger = await LedgerOnTrial.on(database.url);
  });
  afterAll(async () => {
    await ledger.close();
    await database.dispose();
  });

  /** Payments of the ledger's own making, each copied many times: their events, in feed order, and the payments as they are now. */
  async function record(): Promise<void> {
    const command = await ledger.paid(approved());
    const [{ count: each } = { count: 0 }] = await ledger.rows<{ count: number }>('select count(*) as count from ledger.event where subject = $1', [
      command.paymentId,
    ]);
    const copies = Math.ceil(eventsWanted / each);
    for (let first = 1; first <= copies; first += 500) {
      await ledger.rows(
        `insert into ledger.event (epoch, event_id, site_id, subject, routing_key, body)
         select e.epoch, e.event_id || '-' || n, e.site_id, e.subject || '-' || n, e.routing_key,
           (e.body::jsonb || jsonb_build_object('id', e.event_id || '-' || n, 'subject', e.subject || '-' || n)
             || jsonb_build_object('data', (e.body::jsonb -> 'data') || jsonb_build_object('id', e.subject || '-' || n)))::json
         from generate_series($2::int, $3::int) n, ledger.event e where e.subject = $1 order by n, e.id`,
        [command.paymentId, first, Math.min(first + 499, copies)],
      );
    }
  }

  it('rebuilds the ledger’s state from the feed', async () => {
    const webhooks = await WebhooksOnTrial.on(ledger, database.url);
    const receiver = await ScriptedReceiver.start();
    try {
      const { id, secret } = await webhooks.endpoint(receiver.url);
      await record();
      await webhooks.read();
      await webhooks.send();
      const range = { scope: null, id, from: '2020-01-01T00:00:00Z', to: '2199-01-01T00:00:00Z', only: 'all' } as const;
      await expect(webhooks.running.desk.replayRange(range)).rejects.toMatchObject({ code: 'webhook.replay_too_large' });
      const draw = drawFrom(4711);
      const client = new Client();
      // What arrived by HTTP is verified; the rest of the deliveries, which the limit of a site spreads over hours, is taken from where it waits.
      const arrived = receiver.heard.map(({ body, headers }) => new Webhook(secret).verify(body, headers as Record<string, string>) as CompletionEvent);
      expect(arrived.length).toBeGreaterThanOrEqual(50);
      const waiting = await ledger.rows<{ body: CompletionEvent }>(
        `select e.body from ledger.webhook_delivery d join ledger.event e on e.id = d.event_pk where d.state = 'waiting'`,
      );
      const sent = [...arrived, ...waiting.map(({ body }) => body)];
      expect(sent.length).toBeGreaterThanOrEqual(eventsWanted);
      expect(new Set(sent.map(({ id }) => id)).size).toBe(sent.length);
      const received = sent.flatMap((event) => (draw() < 0.1 ? [] : draw() < 0.1 ? [event, event] : [event]));
      for (const event of shuffled(received, draw)) client.hear(event);
      const before = client.payments.size;
      for (let after: string | null = null; ;) {
        const page = await ledger.feed.execute({ scope: null, after, limit: 1_000 });
        for (const event of page.events) client.hear(event);
        after = page.next;
        if (page.events.length === 0) break;
      }
      const truth = await ledger.rows<{ subject: string; body: CompletionEvent }>(
        `select distinct on (subject) subject, body from ledger.event order by subject, (body ->> 'sequence')::int desc, id desc`,
      );
      expect(client.payments.size).toBe(truth.length);
      expect(before).toBeLessThanOrEqual(truth.length);
      for (const { subject, body } of truth) {
        const known = client.payments.get(subject);
        expect([known?.sequence, (known?.data as Payment | undefined)?.status]).toEqual([body.sequence, (body.data as Payment).status]);
      }
    } finally {
      await receiver.stop();
    }
  });
});

function shuffled<T>(list: readonly T[], draw: () => number): T[] {
  const rest = [...list];
  for (let n = rest.length - 1; n > 0; n -= 1) {
    const other = Math.floor(draw() * (n + 1));
    [rest[n], rest[other]] = [rest[other] as T, rest[n] as T];
  }
  return rest;
}
