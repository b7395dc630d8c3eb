import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { EventPage, Payment, RestoreOverview } from '@kkm/core';
import { canaryCard } from '@kkm/drivers/terminals';
import { describeWith, eventually, readTestServers } from '@kkm/testkit';
import { startStack } from '../stack';
import type { Stack } from '../stack';
import { dumpDatabase, restoreDatabase } from './database-dump';
import { findDumpPrograms } from './dump-programs';
import { Spy } from './testing/spy';

const slowMs = 90_000;

/** One story: a backup, payments after it, the loss of everything since, and what the terminal remembers. */
describeWith(['broker', 'database', 'pg_dump'], 'a backup that was restored', () => {
  const directory = mkdtempSync(join(tmpdir(), 'kkm-restore-'));
  const dump = join(directory, 'database.dump');
  let started: Stack | null = null;
  let lost: Payment;
  let cursor = '';
  const stack = (): Stack => {
    if (!started) throw new Error('The stack did not start.');
    return started;
  };

  let heard: Spy;

  beforeAll(async () => {
    const { amqpUrl, amqpManagementUrl, databaseUrl } = readTestServers();
    if (!amqpUrl || !amqpManagementUrl || !databaseUrl) throw new Error('There are no servers.');
    heard = await Spy.start();
    const environment = { KKM_LOG_LEVEL: 'trace', OTEL_EXPORTER_OTLP_ENDPOINT: heard.collector };
    started = await startStack({ infrastructure: { amqpUrl, amqpManagementUrl, databaseUrl }, directory, terminals: 1, environment });
    await heard.listen(started);
  }, slowMs);
  afterAll(async () => {
    await heard.stop();
    await started?.remove();
    rmSync(directory, { recursive: true, force: true });
  }, slowMs);

  async function ask<B>(method: string, path: string, body?: object, headers: Readonly<Record<string, string>> = {}): Promise<B> {
    const answer = await fetch(`${stack().gateway.url}${path}`, {
      method,
      headers: { authorization: `Bearer ${stack().apiKey}`, ...(body ? { 'content-type': 'application/json' } : {}), ...headers },
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
    if (!answer.ok) throw new Error(`${method} ${path} answered ${answer.status}: ${await answer.text()}`);
    return (await answer.json()) as B;
  }

  /** The same order is always the same request with the same key, as a caller repeats it. */
  const pay = (orderId: string, amount: number, seconds = 30): Promise<Payment> => {
    const body = { siteId: stack().siteId, orderId, amount, currency: 'RUB', method: 'card', terminalId: 'pax-1' };
    return ask('POST', '/v1/payments', body, { 'idempotency-key': `"${orderId}"`, prefer: `wait=${seconds}` });
  };
  const left = (): Promise<RestoreOverview> => ask('GET', '/v1/restore');
  const sales = async (): Promise<number> => {
    const books = (await (await fetch(`${stack().virtualTerminal.url}/bank/transactions`)).json()) as { transactions: unknown[] };
    return books.transactions.length;
  };

  it(
    'does not know what was paid since',
    async () => {
      expect(await pay('before', 15_000)).toMatchObject({ status: 'succeeded' });
      await dumpDatabase(stack().place.databaseUrl, dump);
      lost = await pay('since', 25_000);
      expect(lost).toMatchObject({ status: 'succeeded', chargedAmount: 25_000 });
      ({ next: cursor } = await ask<EventPage>('GET', '/v1/events?limit=1000'));
      const services = [stack().gateway, stack().ledger, ...stack().workers];
      await Promise.all(services.map((service) => service.stop('SIGTERM')));
      await restoreDatabase(stack().place.databaseUrl, dump);
      for (const service of services) service.start();
      await Promise.all(services.map((service) => service.ready(60_000)));
      expect(await ask('GET', '/v1/payments?orderId=since')).toMatchObject({ payments: [] });
    },
    slowMs,
  );

  it(
    'has its terminal asked, whose newer charge is found',
    async () => {
      await eventually(async () => {
        expect(await left()).toMatchObject({
          restoredAt: expect.any(String) as string,
          terminals: [{ terminalId: 'pax-1', state: 'compared' }],
          charges: [{ rrn: lost.attempts[0]?.rrn, amount: 25_000, operation: 'sale' }],
        });
      }, 30_000);
    },
    slowMs,
  );

  it(
    'does not charge again what a caller repeats, until somebody says whose the charge is',
    async () => {
      expect(await pay('since', 25_000, 3)).toMatchObject({ status: 'pending', chargedAmount: 0 });
      expect(await sales()).toBe(2);
      const [repeated] = (await ask<{ payments: Payment[] }>('GET', '/v1/payments?orderId=since')).payments;
      const charge = { siteId: stack().siteId, terminalId: 'pax-1', rrn: lost.attempts[0]?.rrn, paymentId: repeated?.id, evidence: 'The slip of 14:32.' };
      expect(await ask('POST', '/v1/restore/charges/assign', charge)).toMatchObject({ charges: [] });
      expect(await pay('since', 25_000)).toMatchObject({ id: repeated?.id, status: 'succeeded', chargedAmount: 25_000, attempts: [{ rrn: charge.rrn }] });
      expect(await sales()).toBe(2);
    },
    slowMs,
  );

  it(
    'charges on, and answers what it knew as before',
    async () => {
      expect(await pay('after', 25_000)).toMatchObject({ status: 'succeeded', chargedAmount: 25_000 });
      expect(await pay('before', 15_000)).toMatchObject({ status: 'succeeded' });
      expect(await sales()).toBe(3);
    },
    slowMs,
  );

  it('goes on in the feed where its readers were', async () => {
    const { events } = await ask<EventPage>('GET', `/v1/events?limit=1000&after=${cursor}`);
    const told = events.filter(({ type }) => type === 'kkm.payment.succeeded.v1').map(({ data }) => (data as Payment).orderId);
    expect(told).toEqual(['since', 'after']);
  });

  it(
    'kept no card number anywhere, though the terminal told each in full',
    async () => {
      await Promise.all([stack().gateway, stack().ledger, ...stack().workers].map((service) => service.stop('SIGTERM'))); // Traces are sent with the last breath.
      await dumpDatabase(stack().place.databaseUrl, dump);
      const bin = findDumpPrograms(15)?.bin ?? '';
      const tables = execFileSync(join(bin, 'pg_restore'), ['--file=-', dump], { encoding: 'utf8', maxBuffer: 200_000_000 });
      const logs = readdirSync(directory)
        .filter((name) => name.endsWith('.log'))
        .map((name) => readFileSync(join(directory, name), 'utf8'));
      const places = { tables, logs: logs.join(), messages: heard.messages.join(), traces: Buffer.concat(heard.traces).toString('latin1') };
      // Each place was looked at where a number would be: beside the reference of the very sale.
      const rrn = lost.attempts[0]?.rrn ?? '';
      expect([places.tables.includes(rrn), places.messages.includes(rrn), places.logs.length > 10_000, places.traces.includes('worker.')]).toEqual([
        true,
        true,
        true,
        true,
      ]);
      expect(
        Object.entries(places)
          .filter(([, text]) => cardIn(text))
          .map(([place]) => place),
      ).toEqual([]);
      expect([canaryCard.pan, canaryCard.printed].map((text) => cardIn(`x ${text} y`))).toEqual([true, true]);
    },
    slowMs,
  );
});

/** Whether a text holds the number of the virtual guests' card, as digits, printed, or as a dump of bytes. */
function cardIn(text: string): boolean {
  const bytes = Buffer.from(canaryCard.pan).toString('hex');
  return [canaryCard.pan, canaryCard.printed, bytes, bytes.replaceAll(/..(?!$)/g, '$& '), Buffer.from(canaryCard.pan).toString('base64').slice(0, 20)].some(
    (form) => text.includes(form),
  );
}
