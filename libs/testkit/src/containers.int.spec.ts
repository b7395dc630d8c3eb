import { Client } from 'pg';
import { startPostgres } from './containers';
import type { PostgresContainer } from './containers';
import { describeWith } from './describe-with';

describeWith(['containers'], 'Postgres in a container', () => {
  let container: PostgresContainer;
  let client: Client;
  beforeAll(async () => {
    container = await startPostgres();
    client = new Client({ connectionString: container.databaseUrl });
    await client.connect();
  }, 180_000);
  afterAll(async () => {
    await client.end();
    await container.stop();
  });

  it('is the version KKM runs on', async () => {
    const { rows } = await client.query<{ version: number }>("SELECT current_setting('server_version_num')::int / 10000 AS version");
    expect(rows).toEqual([{ version: 17 }]);
  });

  it('keeps a second open attempt out by a unique partial index, as the ledger relies on', async () => {
    await client.query('CREATE TABLE attempt (id text PRIMARY KEY, payment_id text NOT NULL, status text NOT NULL)');
    await client.query("CREATE UNIQUE INDEX one_live_attempt ON attempt (payment_id) WHERE status IN ('queued', 'granted', 'unknown', 'approved')");
    await client.query("INSERT INTO attempt VALUES ('att_1', 'pay_1', 'declined'), ('att_2', 'pay_1', 'queued')");
    await expect(client.query("INSERT INTO attempt VALUES ('att_3', 'pay_1', 'queued')")).rejects.toMatchObject({ code: '23505' });
  });
});
