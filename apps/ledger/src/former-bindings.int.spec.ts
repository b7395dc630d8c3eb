import { exchanges, exchangeTable, formerBindings, queues, queueTable } from '@kkm/contracts';
import { connectBroker } from '@kkm/messaging';
import type { Broker } from '@kkm/messaging';
import { openDataSource, sqlOf } from '@kkm/postgres';
import { describeWith, testBroker, testDatabase } from '@kkm/testkit';
import type { TestBroker, TestDatabase } from '@kkm/testkit';
import { unbindFormer } from './former-bindings';
import { openLedgerDatabase } from './postgres/open-ledger-database';

describeWith(['broker', 'database'], 'what earlier versions bound', () => {
  let server: TestBroker;
  let database: TestDatabase;
  let broker: Broker;
  let dataSource: Awaited<ReturnType<typeof openLedgerDatabase>>;
  beforeAll(async () => {
    [server, database] = await Promise.all([testBroker(), testDatabase()]);
    broker = await connectBroker({ url: server.url, name: 'ledger' });
    dataSource = await openLedgerDatabase({ url: database.url });
  });
  afterAll(async () => {
    await dataSource.destroy();
    await broker.close();
    await Promise.all([server.dispose(), database.dispose()]);
  });

  const declareAsBefore = () =>
    broker.declare(
      exchangeTable,
      queueTable.map((queue) => ({ ...queue, bindings: [...queue.bindings, ...formerBindings.filter((former) => former.queue === queue.name)] })),
    );
  const boundKeys = async (): Promise<readonly string[]> => {
    const bindings = await server.management.bindings();
    return bindings.flatMap(({ source, destination, routing_key: key }) => (source === exchanges.events && destination === queues.gatewayChecks ? [key] : []));
  };
  const look = async (chore: ReturnType<typeof unbindFormer>, times: number): Promise<void> => {
    for (let time = 0; time < times; time += 1) await chore.work();
  };

  it('stays bound while an earlier ledger runs, which may be the relay, and is unbound when none was seen for a while', async () => {
    await declareAsBefore();
    const [kept = ''] = (await boundKeys()).filter((key) => !key.startsWith('#'));
    expect([...(await boundKeys())].sort()).toEqual(['#.payment.succeeded', kept]);
    const chore = unbindFormer(broker, sqlOf(dataSource));
    await look(chore, 4);
    const earlier = await openDataSource({ url: database.url, applicationName: 'kkm-ledger' });
    await sqlOf(earlier).rows({ name: 'test.here', text: 'select 1' });
    await look(chore, 6);
    expect(await boundKeys()).toHaveLength(2);
    await earlier.destroy();
    await look(chore, 4);
    expect(await boundKeys()).toHaveLength(2);
    await look(chore, 1);
    expect(await boundKeys()).toEqual([kept]);
  });

  it('is unbound again when an earlier gateway has bound it again', async () => {
    const chore = unbindFormer(broker, sqlOf(dataSource));
    await look(chore, 5);
    await declareAsBefore();
    expect(await boundKeys()).toHaveLength(2);
    await look(chore, 1);
    expect(await boundKeys()).toHaveLength(1);
  });
});
