import type { CompletionEvent, PaymentCommand } from '@kkm/core';
import { Unavailable } from '@kkm/core';
import { describeWith, eventually, pause, testDatabase } from '@kkm/testkit';
import type { TestDatabase } from '@kkm/testkit';
import { OutboxRelay } from './outbox-relay';
import { approved, LedgerOnTrial } from './testing/ledger-on-trial';

const nothing = (): void => undefined;

/** A broker that notes what it is given and confirms as it is told. */
class TrialBroker {
  state: 'connected' | 'connecting' = 'connected';
  readonly published: CompletionEvent[] = [];
  /** What was to go by a further key, too. */
  readonly apart: CompletionEvent[] = [];
  onPublish: (event: CompletionEvent) => Promise<void> = async () => undefined;

  async publish({ body, furtherKeys = [] }: { readonly body: unknown; readonly furtherKeys?: readonly string[] }): Promise<void> {
    const event = body as CompletionEvent;
    this.published.push(event);
    if (furtherKeys.length > 0) this.apart.push(event);
    await this.onPublish(event);
  }

  /** What was published of a payment, in order. */
  of({ paymentId }: PaymentCommand): string[] {
    return this.published.filter((event) => event.subject === paymentId).map((event) => event.type.split('.')[2] ?? '');
  }
}

describeWith(['database'], 'the outbox relay', () => {
  let database: TestDatabase;
  let ledger: LedgerOnTrial;
  let other: LedgerOnTrial;
  const relays: OutboxRelay[] = [];
  const releases: (() => void)[] = [];
  beforeAll(async () => {
    database = await testDatabase();
    ledger = await LedgerOnTrial.on(database.url);
    other = await LedgerOnTrial.on(database.url);
  });
  afterEach(async () => {
    for (const release of releases.splice(0)) release();
    await Promise.all(relays.splice(0).map((relay) => relay.stop()));
    await ledger.rows('delete from ledger.outbox');
  });
  afterAll(async () => {
    await ledger.close();
    await other.close();
    await database.dispose();
  });

  function startRelay(on: LedgerOnTrial, broker: TrialBroker, sweepMs = 20): OutboxRelay {
    const relay = new OutboxRelay(on.outbox, broker, { watch: { relayed: nothing, background: nothing }, sweepMs });
    relay.start();
    relays.push(relay);
    return relay;
  }
  /** Makes the broker confirm only when released. */
  function hold(broker: TrialBroker): () => void {
    let release = nothing;
    const released = new Promise<void>((resolve) => (release = resolve));
    broker.onPublish = () => released;
    releases.push(release);
    return release;
  }
  const outbox = async (): Promise<number> => (await ledger.rows('select from ledger.outbox')).length;

  it('publishes what is recorded, in order, and forgets what was confirmed', async () => {
    const broker = new TrialBroker();
    const command = await ledger.paid(approved());
    startRelay(ledger, broker);
    await eventually(() => expect(broker.of(command)).toEqual(['accepted', 'started', 'succeeded']));
    await eventually(async () => expect(await outbox()).toBe(0));
  });

  it('sends by a further key that a check was paid, and nothing else', async () => {
    const broker = new TrialBroker();
    const ofCheck = await ledger.paid(approved(), { metadata: { idCommand: 'a' } });
    const other = await ledger.paid(approved());
    startRelay(ledger, broker);
    await eventually(() => expect([ofCheck, other].map((command) => broker.of(command).at(-1))).toEqual(['succeeded', 'succeeded']));
    expect(broker.apart.map(({ subject, type }) => [subject, type])).toEqual([[ofCheck.paymentId, 'kkm.payment.succeeded.v1']]);
  });

  it('keeps later events of a payment back when an earlier one is not confirmed, and nobody else’s', async () => {
    const broker = new TrialBroker();
    const unlucky = await ledger.paid(approved());
    const lucky = await ledger.paid(approved());
    let failures = 2;
    broker.onPublish = async (event) => {
      if (event.subject !== unlucky.paymentId || !event.type.includes('started') || failures === 0) return;
      failures -= 1;
      throw new Unavailable('broker.unavailable');
    };
    startRelay(ledger, broker);
    await eventually(async () => expect(await outbox()).toBe(0));
    expect(broker.of(lucky)).toEqual(['accepted', 'started', 'succeeded']);
    expect(broker.of(unlucky)).toEqual(['accepted', 'started', 'started', 'started', 'succeeded']);
    const ids = broker.published.filter((event) => event.type.includes('started') && event.subject === unlucky.paymentId).map((event) => event.id);
    expect(new Set(ids).size).toBe(1);
  });

  it('is the only one while it works, and is followed by another when it ends', async () => {
    const [first, second] = [new TrialBroker(), new TrialBroker()];
    const release = hold(first);
    const command = await ledger.open();
    const relay = startRelay(ledger, first);
    await eventually(() => expect(first.of(command)).toEqual(['accepted']));
    startRelay(other, second);
    await other.grant(command);
    await pause(200);
    expect(second.published).toEqual([]);
    release();
    await relay.stop();
    await eventually(() => expect([...first.of(command), ...second.of(command)]).toEqual(['accepted', 'started']));
    const last = await ledger.open();
    await eventually(() => expect(second.of(last)).toEqual(['accepted']));
  });

  it('gives its place to another when its own broker does not confirm', async () => {
    const [broken, working] = [new TrialBroker(), new TrialBroker()];
    broken.onPublish = async () => {
      throw new Unavailable('broker.unavailable');
    };
    const command = await ledger.open();
    startRelay(ledger, broken);
    await eventually(() => expect(broken.published.length).toBeGreaterThan(0));
    startRelay(other, working);
    await eventually(() => expect(working.of(command)).toEqual(['accepted']), 15_000);
  });

  it('leaves the outbox alone while the broker is away', async () => {
    const broker = new TrialBroker();
    broker.state = 'connecting';
    const command = await ledger.open();
    startRelay(ledger, broker);
    await pause(100);
    expect(broker.published).toEqual([]);
    broker.state = 'connected';
    await eventually(() => expect(broker.of(command)).toEqual(['accepted']));
  });

  it('is told at once by a replica that only stands by', async () => {
    const broker = new TrialBroker();
    const first = await ledger.open();
    startRelay(ledger, broker, 60_000);
    await eventually(() => expect(broker.of(first)).toEqual(['accepted']));
    const standby = startRelay(other, new TrialBroker(), 60_000);
    const command = await other.open();
    standby.wake();
    await eventually(() => expect(broker.of(command)).toEqual(['accepted']));
  });
});
