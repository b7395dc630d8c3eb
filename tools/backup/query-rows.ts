import { openDataSource, sqlOf } from '@kkm/postgres';

/** Runs one statement on a connection of its own and gives its rows. `url` names the database and carries the credentials. */
export async function queryRows<Row extends object>(url: string, text: string): Promise<readonly Row[]> {
  const dataSource = await openDataSource({ url, applicationName: 'kkm command line', poolSize: 1, connectWithinMs: 2_000 });
  try {
    return await sqlOf(dataSource).rows<Row>({ name: '', text }, []);
  } finally {
    await dataSource.destroy();
  }
}
