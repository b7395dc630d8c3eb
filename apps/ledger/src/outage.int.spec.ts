import { exchanges } from '@kkm/contracts';
import type { LedgerCalls } from '@kkm/contracts';
import type { CompletionEvent, PaymentCommand } from '@kkm/core';
import { connectBroker } from '@kkm/messaging';
import type { Broker } from '@kkm/messaging';
import { createLogger, createMetrics } from '@kkm/observability';
import { describeWith, eventually, FaultProxy, pause, testBroker, testDatabase } from '@kkm/testkit';
import type { TestBroker, TestDatabase } from '@kkm/testkit';
import { ledgerConfig } from './ledger.config';
import { startLedger } from './running-ledger.module';
import type { RunningLedger } from './running-ledger.module';
import { approved, LedgerOnTrial } from './testing/ledger-on-trial';

const sites = Array.from({ length: 20 }, (_, n) => n);

describeWith(['broker', 'database'], 'the ledger when what it needs goes away', () => {
  let database: TestDatabase;
  let vhost: TestBroker;
  let databaseLink: FaultProxy;
  let brokerLink: FaultProxy;
  let service: RunningLedger;
  let gateway: Broker;
  let builder: LedgerOnTrial;
  let heard: CompletionEvent[] = [];

  const start = (): Promise<RunningLedger> => {
    const env = { KKM_AMQP_URL: brokerLink.through(vhost.url), KKM_DATABASE_URL: databaseLink.through(database.url), KKM_HTTP_PORT: '0' };
    return startLedger(ledgerConfig(env), createLogger({ service: 'ledger', level: 'silent' }), createMetrics('ledger'));
  };
  const call = <M extends keyof LedgerCalls>(method: M, request: LedgerCalls[M]['request']): Promise<LedgerCalls[M]['answer']> =>
    gateway.call<LedgerCalls[M]['answer']>('ledger.rpc', method, request, { timeoutMs: 3_000 });
  const publishApproval = (command: PaymentCommand, nonce: string): Promise<void> => {
    const body = builder.result(command, nonce, approved());
    return gateway.publish({ exchange: exchanges.results, routingKey: 'ledger.results', body, messageId: body.resultId });
  };
  const granted = async (): Promise<{ command: PaymentCommand; nonce: string }> => {
    const command = await builder.open();
    return { command, nonce: await builder.grant(command) };
  };
  const statusOf = async (command: PaymentCommand): Promise<string> => (await builder.payment(command)).status;

  beforeAll(async () => {
    database = await testDatabase();
    vhost = await testBroker();
    databaseLink = await FaultProxy.before(database.url);
    brokerLink = await FaultProxy.before(vhost.url);
    service = await start();
    gateway = await connectBroker({ url: vhost.url, name: 'gateway' });
    builder = await LedgerOnTrial.on(database.url);
    await gateway.listen([{ exchange: exchanges.events, routingKey: '#' }], ({ body }) => void heard.push(body as CompletionEvent));
  });
  beforeEach(() => {
    heard = [];
    builder.clock.nowMs = Date.now();
  });
  afterAll(async () => {
    await service.stop();
    await gateway.close();
    await builder.close();
    await Promise.all([databaseLink.close(), brokerLink.close()]);
    await vhost.dispose();
    await database.dispose();
  });

  it('grants nothing and loses no result while the database is away', async () => {
    const { command, nonce } = await granted();
    const waiting = await builder.open();
    databaseLink.set({ kind: 'refused' });
    await publishApproval(command, nonce);
    await expect(call('worker.permit', builder.permitRequest(waiting))).rejects.toMatchObject({ code: 'ledger.unavailable' });
    expect((await fetch(`${service.url}/health/ready`)).status).toBe(503);
    await pause(300);
    databaseLink.set({ kind: 'none' });
    await eventually(async () => expect(await statusOf(command)).toBe('succeeded'), 15_000);
    await eventually(() => expect(heard.map((event) => event.type)).toContain('kkm.payment.succeeded.v1'), 15_000);
  });

  it('keeps events while the broker is away and publishes them when it is back', async () => {
    brokerLink.set({ kind: 'refused' });
    const commands = await Promise.all(sites.map(() => builder.open()));
    await pause(500);
    expect(heard).toEqual([]);
    brokerLink.set({ kind: 'none' });
    await eventually(() => expect(new Set(heard.map((event) => event.subject))).toEqual(new Set(commands.map((command) => command.paymentId))), 20_000);
    await eventually(async () => expect(await builder.rows('select from ledger.outbox')).toEqual([]));
  });

  it('finishes what it has begun when it is told to stop, and a successor does the rest', async () => {
    const begun = await Promise.all(sites.map(granted));
    await Promise.all(begun.map(({ command, nonce }) => publishApproval(command, nonce)));
    await service.stop();
    service = await start();
    await eventually(async () => {
      for (const { command } of begun) expect(await statusOf(command)).toBe('succeeded');
    }, 15_000);
    await eventually(
      () => expect(new Set(heard.filter((event) => event.type === 'kkm.payment.succeeded.v1').map((event) => event.subject)).size).toBe(sites.length),
      15_000,
    );
    const charges = await builder.rows<{ charges: number }>('select count(*) as charges from ledger.charge group by payment_id having count(*) > 1');
    expect(charges).toEqual([]);
  });
});
