import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Payment } from '@kkm/core';
import { startStack } from '@kkm/stack';
import type { Stack } from '@kkm/stack';
import { describeWith, startPostgres, startRabbit } from '@kkm/testkit';

/** The services of this checkout on the versions of RabbitMQ and Postgres that production runs, started by Testcontainers. */
describeWith(['compose'], 'KKM on RabbitMQ 4 and Postgres 17 in containers', () => {
  const directory = mkdtempSync(join(tmpdir(), 'kkm-containers-'));
  const containers: { stop(): Promise<void> }[] = [];
  let stack: Stack | null = null;

  beforeAll(async () => {
    const [rabbit, postgres] = await Promise.all([startRabbit(), startPostgres()]);
    containers.push(rabbit, postgres);
    stack = await startStack({ infrastructure: { ...rabbit, ...postgres }, directory, terminals: 2 });
  }, 300_000);
  afterAll(async () => {
    await stack?.remove();
    await Promise.all(containers.map((container) => container.stop()));
    rmSync(directory, { recursive: true, force: true });
  }, 90_000);

  it.each(['pax-1', 'pax-2'])('takes a card payment on %s', async (terminalId) => {
    const answer = await fetch(`${String(stack?.gateway.url)}/v1/payments`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${String(stack?.apiKey)}`,
        'idempotency-key': `"${terminalId}"`,
        'content-type': 'application/json',
        prefer: 'wait=30',
      },
      body: JSON.stringify({ siteId: stack?.siteId, orderId: `order-${terminalId}`, amount: 15_000, currency: 'RUB', method: 'card', terminalId }),
    });
    const payment = (await answer.json()) as Payment;
    expect(payment).toMatchObject({ status: 'succeeded', chargedAmount: 15_000 });
    const books = (await (await fetch(`${String(stack?.virtualTerminal.url)}/bank/transactions`)).json()) as {
      transactions: { rrn: string; terminalId: string }[];
    };
    expect(books.transactions.filter((sale) => sale.terminalId === terminalId).map(({ rrn }) => rrn)).toEqual([payment.attempts[0]?.rrn]);
  });
});
