import type { CompletionEvent } from '@kkm/core';
import { Unavailable } from '@kkm/core';
import { transaction } from '@kkm/postgres';
import { describeWith, eventually, pause, testDatabase } from '@kkm/testkit';
import type { TestDatabase } from '@kkm/testkit';
import { OutboxRelay } from './outbox-relay';
import { approved, declined, LedgerOnTrial, unknown } from './testing/ledger-on-trial';

const nothing = (): void => undefined;

/** Sequences of one payment's events, in the order of `events`. */
function sequencesBySubject(events: readonly CompletionEvent[]): Map<string, number[]> {
  const bySubject = new Map<string, number[]>();
  for (const { subject, sequence } of events) bySubject.set(subject, [...(bySubject.get(subject) ?? []), sequence]);
  return bySubject;
}

function expectInOrder(events: readonly CompletionEvent[]): void {
  for (const sequences of sequencesBySubject(events).values()) expect(sequences).toEqual([...sequences].sort((a, b) => a - b));
}

describeWith(['database'], 'the feed and the outbox', () => {
  let database: TestDatabase;
  const replicas: LedgerOnTrial[] = [];
  const relays: OutboxRelay[] = [];
  const held: (() => void)[] = [];
  beforeAll(async () => {
    database = await testDatabase();
    const clock = { nowMs: Date.now() };
    for (let i = 0; i < 3; i += 1) replicas.push(await LedgerOnTrial.on(database.url, clock));
  });
  afterEach(async () => {
    for (const release of held.splice(0)) release();
    await Promise.all(relays.splice(0).map((relay) => relay.stop()));
  });
  afterAll(async () => {
    await Promise.all(replicas.map((replica) => replica.close()));
    await database.dispose();
  });

  const replica = (n: number): LedgerOnTrial => {
    const found = replicas[n % replicas.length];
    if (!found) throw new Error('There are no replicas.');
    return found;
  };

  /** A writer that takes payments to different ends. */
  async function writePayments(n: number, count: number): Promise<void> {
    for (let i = 0; i < count; i += 1) {
      const ledger = replica(n + i);
      const command = await ledger.open();
      const nonce = await replica(n + i + 1).grant(command);
      const outcome = [approved(), declined, unknown][i % 3] ?? declined;
      await replica(n + i + 2).recording.execute(ledger.result(command, nonce, outcome));
    }
  }

  /** A writer whose transactions draw their number early and commit late, so that later numbers are visible first. */
  async function writeLate(n: number, count: number): Promise<void> {
    const ledger = replica(n);
    for (let i = 0; i < count; i += 1) {
      await transaction(ledger.dataSource, async (sql) => {
        await sql.run({ name: '', text: 'select pg_current_xact_id()' });
        await pause(5);
        const id = ledger.newId('evt');
        const body: Pick<CompletionEvent, 'id' | 'subject' | 'sequence'> = { id, subject: id, sequence: 1 };
        const text = `with told as (insert into ledger.event (epoch, event_id, site_id, subject, routing_key, body) values (1, $1, 'club-1', $1, 'x', $2) returning id, subject)
          insert into ledger.outbox select id, subject from told`;
        await sql.run({ name: '', text }, [id, JSON.stringify(body)]);
        await pause(15);
      });
    }
  }

  function startRelay(ledger: LedgerOnTrial, publish: (event: CompletionEvent) => Promise<void>): void {
    const broker = { state: 'connected', publish: ({ body }: { body: unknown }) => publish(body as CompletionEvent) } as const;
    const relay = new OutboxRelay(ledger.outbox, broker, { watch: { relayed: nothing, background: nothing } });
    relay.start();
    relays.push(relay);
  }

  it('shows every event once and in order to a reader who polls while 16 writers write and 3 relays publish', async () => {
    const published: CompletionEvent[] = [];
    let publishes = 0;
    // The broker is a list that confirms after a moment and sometimes does not.
    const publish = async (event: CompletionEvent): Promise<void> => {
      publishes += 1;
      if (publishes % 41 === 0) throw new Unavailable('broker.unavailable');
      published.push(event);
      await pause(1);
    };
    for (const ledger of replicas) startRelay(ledger, publish);
    const read: CompletionEvent[] = [];
    let after: string | null = null;
    let writing = true;
    const poll = async (): Promise<number> => {
      const page = await replica(0).feed.execute({ scope: null, after, limit: 37 });
      read.push(...page.events);
      after = page.next;
      return page.events.length;
    };
    const reader = (async () => {
      while (writing) if ((await poll()) === 0) await pause(1);
    })();
    const writers = Array.from({ length: 16 }, (_, n) => (n % 4 === 3 ? writeLate(n, 12) : writePayments(n, 9)));
    await Promise.all(writers);
    writing = false;
    await reader;

    const all = await replica(0).rows<{ event_id: string }>('select event_id from ledger.event');
    // An empty page is no end: a transaction of any database of this server may still hold the newest events back.
    await eventually(async () => {
      await poll();
      expect(read.length).toBeGreaterThanOrEqual(all.length);
    });
    expect(await poll()).toBe(0);
    expect(all.length).toBe(12 * 9 * 3 + 4 * 12);
    expect(new Set(read.map((event) => event.id))).toEqual(new Set(all.map((row) => row.event_id)));
    expect(read.length).toBe(all.length);
    expectInOrder(read);

    await eventually(async () => expect(await replica(0).rows('select event_id from ledger.outbox')).toEqual([]), 15_000);
    const firsts = published.filter((event, index) => published.findIndex((other) => other.id === event.id) === index);
    expect(firsts.length).toBe(all.length);
    expectInOrder(firsts);
  });

  it('lets readers go on while a relay waits for the broker', async () => {
    const { next } = await replica(0).feed.execute({ scope: null, after: null, limit: 1000 });
    await replica(0).open();
    let asked = false;
    let confirm = nothing;
    const confirmed = new Promise<void>((resolve) => (confirm = resolve));
    const publish = (): Promise<void> => {
      asked = true;
      return confirmed;
    };
    startRelay(replica(0), publish);
    held.push(() => confirm());
    await eventually(() => expect(asked).toBe(true));
    const later = await replica(1).open();
    await eventually(async () => {
      const { events } = await replica(2).feed.execute({ scope: null, after: next, limit: 1000 });
      expect(events.map((event) => event.subject)).toContain(later.paymentId);
    }, 10_000);
  });

  it('shows a site only its own events, and goes on where the cursor says', async () => {
    const ledger = replica(0);
    const mine = await ledger.open({ siteId: 'club-9' });
    await ledger.open();
    const first = await eventually(async () => {
      const page = await ledger.feed.execute({ scope: ['club-9'], after: null, limit: 100 });
      expect(page.events.map((event) => event.subject)).toEqual([mine.paymentId]);
      return page;
    });
    expect((await ledger.feed.execute({ scope: ['club-9'], after: first.next, limit: 100 })).events).toEqual([]);
    expect((await ledger.feed.execute({ scope: ['club-9', 'club-8'], after: null, limit: 100 })).events).toHaveLength(1);
    expect((await ledger.feed.execute({ scope: [], after: null, limit: 100 })).events).toEqual([]);
    await expect(ledger.feed.execute({ scope: null, after: 'nonsense', limit: 1 })).rejects.toMatchObject({ code: 'request.invalid' });
  });

  it('reads events of an earlier epoch first, whatever their transaction numbers', async () => {
    const ledger = replica(0);
    await ledger.rows('update ledger.feed_epoch set epoch = 2');
    const later = await ledger.open({ siteId: 'club-7' });
    await ledger.rows(
      `insert into ledger.event (epoch, xid, event_id, site_id, subject, routing_key, body) values (1, '9000000', 'evt_old', 'club-7', 'pay_old', 'x', '{"subject":"pay_old"}')`,
    );
    await eventually(async () => {
      const { events } = await ledger.feed.execute({ scope: ['club-7'], after: null, limit: 10 });
      expect(events.map((event) => event.subject)).toEqual(['pay_old', later.paymentId]);
    });
  });
});
