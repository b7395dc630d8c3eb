import { readFileSync } from 'node:fs';
import { Client } from 'pg';
import { describeKkm } from './harness/describe-kkm';

describeKkm('the secret of the bank', { suite: 'sbp-secret', terminals: 1, environment: { KKM_LOG_LEVEL: 'trace' } }, (kkm) => {
  it('is in no log, no table, no message and no answer, whatever is done with it', async () => {
    const { sbpSecret, siteId, place, gateway, ledger, workers } = kkm().stack;
    const path = `/v1/sites/${siteId}/sbp-account`;
    const shown = await kkm().call<Record<string, unknown>>('GET', path);
    expect(shown).toMatchObject({ status: 200, body: { secretSet: true, active: true } });
    const { bank, baseUrl, merchantId } = shown.body;
    const set = await kkm().call('PUT', path, { body: { bank, baseUrl, merchantId, secret: sbpSecret } });
    expect(set.status).toBe(200);
    const refused = await kkm().call('PUT', path, { body: { bank, baseUrl: 'ftp://bank.example', merchantId, secret: sbpSecret } });
    expect(refused.status).toBe(422);
    const paid = await kkm().payBySbp({}, { prefer: 'wait=20' });
    expect(paid.body.status).toBe('succeeded');
    await kkm().refund(paid.body.id, {}, { prefer: 'wait=20' });

    const answers = JSON.stringify([shown.body, set.body, refused.body, paid.body, await kkm().payments(), kkm().events.all()]);
    const logs = [gateway, ledger, ...workers].map(({ logFile }) => readFileSync(logFile, 'utf8'));
    expect(logs.every((log) => log.length > 100)).toBe(true);
    const tables = await dump(place.databaseUrl);
    expect(tables).toContain(paid.body.id);
    for (const form of [sbpSecret, Buffer.from(sbpSecret).toString('base64url').slice(0, 24), Buffer.from(sbpSecret).toString('hex')]) {
      for (const text of [answers, ...logs, tables]) expect(text.includes(form)).toBe(false);
    }
  });
});

/** Every row of every table of KKM, as text. */
async function dump(databaseUrl: string): Promise<string> {
  const client = new Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    const names = await client.query<{ name: string }>(
      `select format('%I.%I', schemaname, tablename) as name from pg_tables where schemaname in ('gateway', 'ledger')`,
    );
    const rows: string[] = [];
    for (const { name } of names.rows) rows.push(JSON.stringify((await client.query(`select each::text from ${name} each`)).rows));
    return rows.join('\n');
  } finally {
    await client.end();
  }
}
