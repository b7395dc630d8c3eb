import { Client } from 'pg';
import { describeWith } from './describe-with';
import { testBroker } from './test-broker';
import { testDatabase } from './test-database';

describeWith(['database'], 'testDatabase', () => {
  it('gives every suite an empty database of its own and takes it away again, also from under a client', async () => {
    const [one, other] = [await testDatabase(), await testDatabase()];
    const client = new Client({ connectionString: one.url });
    client.on('error', () => undefined);
    await client.connect();
    await client.query('CREATE TABLE mark (id int)');
    const outside = new Client({ connectionString: other.url });
    await outside.connect();
    const { rows } = await outside.query<{ mark: string | null }>("SELECT to_regclass('mark') AS mark");
    expect(rows).toEqual([{ mark: null }]);
    await one.dispose();
    const { rows: left } = await outside.query('SELECT 1 FROM pg_database WHERE datname = $1', [one.name]);
    expect(left).toEqual([]);
    await outside.end();
    await other.dispose();
  });
});

describeWith(['broker'], 'testBroker', () => {
  it('gives every suite an empty vhost of its own and takes it away again', async () => {
    const broker = await testBroker();
    expect(await broker.management.queues()).toEqual([]);
    await broker.dispose();
    await expect(broker.management.queues()).rejects.toThrow('404');
    await broker.dispose(); // What is gone may be disposed of again.
  });
});
