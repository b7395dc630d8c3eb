import { exchanges } from '@kkm/contracts';
import type { LedgerCalls } from '@kkm/contracts';
import type { CompletionEvent, PaymentCommand } from '@kkm/core';
import { Rejected } from '@kkm/core';
import { connectBroker } from '@kkm/messaging';
import type { Broker, OutgoingMessage } from '@kkm/messaging';
import { createLogger, createMetrics } from '@kkm/observability';
import { describeWith, eventually, testBroker, testDatabase } from '@kkm/testkit';
import type { TestBroker, TestDatabase } from '@kkm/testkit';
import { ledgerConfig } from './ledger.config';
import { startLedger } from './running-ledger.module';
import type { RunningLedger } from './running-ledger.module';
import { approved, LedgerOnTrial } from './testing/ledger-on-trial';

const fingerprint = 'a'.repeat(64);

describeWith(['broker', 'database'], 'the ledger as a service', () => {
  let database: TestDatabase;
  let vhost: TestBroker;
  let service: RunningLedger;
  let gateway: Broker;
  let builder: LedgerOnTrial;
  const heard: { event: CompletionEvent; routingKey: string; atMs: number }[] = [];

  const call = <M extends keyof LedgerCalls>(method: M, request: LedgerCalls[M]['request']): Promise<LedgerCalls[M]['answer']> =>
    gateway.call<LedgerCalls[M]['answer']>('ledger.rpc', method, request, { timeoutMs: 5_000 });
  const open = async (wanted: Partial<LedgerCalls['payments.open']['request']> = {}): Promise<PaymentCommand> => {
    const request = builder.openRequest(wanted);
    const { command } = await call('payments.open', { ...request, idempotency: { key: request.idempotency.key, fingerprint } });
    if (!command) throw new Error('The payment was opened before.');
    return command;
  };
  const result = (body: unknown, messageId: string): OutgoingMessage => ({ exchange: exchanges.results, routingKey: 'ledger.results', body, messageId });

  beforeAll(async () => {
    database = await testDatabase();
    vhost = await testBroker();
    const env = { KKM_AMQP_URL: vhost.url, KKM_DATABASE_URL: database.url, KKM_HTTP_PORT: '0' };
    service = await startLedger(ledgerConfig(env), createLogger({ service: 'ledger', level: 'silent' }), createMetrics('ledger'));
    gateway = await connectBroker({ url: vhost.url, name: 'gateway' });
    builder = await LedgerOnTrial.on(database.url);
    await gateway.listen([{ exchange: exchanges.events, routingKey: '#' }], ({ body, routingKey }) => {
      heard.push({ event: body as CompletionEvent, routingKey, atMs: Date.now() });
    });
  });
  afterAll(async () => {
    await gateway.close();
    await service.stop();
    await builder.close();
    await vhost.dispose();
    await database.dispose();
  });

  it('carries a payment from open to its event over the broker', async () => {
    const command = await open();
    const permit = builder.permitRequest(command);
    expect(await call('worker.lease', permit)).toMatchObject({ kind: 'leased' });
    expect(await call('worker.permit', permit)).toMatchObject({ kind: 'granted' });
    const answer = builder.result(command, permit.nonce, approved());
    await gateway.publish(result(answer, answer.resultId));
    await eventually(() => {
      const mine = heard.filter(({ event }) => event.subject === command.paymentId);
      expect(mine.map(({ routingKey }) => routingKey)).toEqual(['club-1.payment.accepted', 'club-1.payment.started', 'club-1.payment.succeeded']);
    });
    const payment = await call('payments.read', { scope: ['club-1'], by: { paymentId: command.paymentId } });
    expect(payment).toMatchObject({ status: 'succeeded', chargedAmount: 15_000 });
    expect(heard.filter(({ event }) => event.subject === command.paymentId).at(-1)?.event.data).toEqual(payment);
  });

  it('lets the feed be read within 200 ms of the answer', async () => {
    // The best of five: whoever creates a database on the same server meanwhile holds every reader back for a moment.
    const times: number[] = [];
    for (let round = 0; round < 5; round += 1) {
      const { next } = await call('events.read', { scope: null, after: null, limit: 1000 });
      const command = await open();
      const answeredMs = Date.now();
      await eventually(async () => {
        const { events } = await call('events.read', { scope: null, after: next, limit: 100 });
        expect(events.map((event) => event.subject)).toContain(command.paymentId);
      });
      times.push(Date.now() - answeredMs);
    }
    expect(Math.min(...times)).toBeLessThan(200);
  });

  it('gives refusals with their codes across the broker', async () => {
    await open({ orderId: 'bill-1' });
    await expect(open({ orderId: 'bill-1' })).rejects.toThrow(Rejected);
    await expect(open({ orderId: 'bill-1' })).rejects.toMatchObject({ code: 'payment.order_busy' });
    await expect(call('payments.read', { scope: ['club-2'], by: { siteId: 'club-1', orderId: 'bill-1' } })).rejects.toMatchObject({
      code: 'payment.not_found',
    });
    await expect(gateway.call('ledger.rpc', 'payments.open', { amount: 1.5 }, { timeoutMs: 2_000 })).rejects.toMatchObject({ code: 'request.invalid' });
  });

  it('expires a payment that nobody began', async () => {
    const command = await open({ expiresInSeconds: 5 });
    await eventually(
      () => expect(heard.filter(({ event }) => event.subject === command.paymentId).map(({ event }) => event.type)).toContain('kkm.payment.expired.v1'),
      8_000,
    );
    expect(await call('worker.permit', builder.permitRequest(command))).toEqual({ kind: 'expired' });
  });

  it('parks what is no result, and keeps a result whose attempt it does not know', async () => {
    await gateway.publish(result({ hello: 'world' }, 'res-odd'));
    const stranger = builder.result({ ...(await open()), attemptId: 'att_stranger' }, 'nonce-1', approved());
    await gateway.publish(result(stranger, stranger.resultId));
    await eventually(async () => {
      const [row] = await builder.rows<{ parked: number }>('select count(*)::int as parked from ledger.orphan_result where attempt_id = $1', ['att_stranger']);
      expect(row?.parked).toBe(1);
    });
  });

  it('says that it is ready and counts what it did', async () => {
    expect((await fetch(`${service.url}/health/ready`)).status).toBe(200);
    const text = await (await fetch(`${service.url}/metrics`)).text();
    expect(text).toMatch(/kkm_payments_ended_total\{status="succeeded",reason="",service="ledger"\} 1/);
    expect(text).toMatch(/kkm_permit_answers_total\{kind="granted",service="ledger"\} 1/);
    expect(text).toMatch(/kkm_outbox_oldest_seconds\{service="ledger"\} [\d.]+/);
  });
});
