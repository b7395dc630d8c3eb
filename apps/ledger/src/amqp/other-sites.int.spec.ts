import { randomBytes } from 'node:crypto';
import { exchanges, queues } from '@kkm/contracts';
import type { LedgerCalls } from '@kkm/contracts';
import type { PaymentCommand } from '@kkm/core';
import { connectBroker } from '@kkm/messaging';
import type { Broker } from '@kkm/messaging';
import { createLogger, createMetrics } from '@kkm/observability';
import { describeWith, eventually, testBroker, testDatabase } from '@kkm/testkit';
import type { TestBroker, TestDatabase } from '@kkm/testkit';
import { ledgerConfig } from '../ledger.config';
import { startLedger } from '../running-ledger.module';
import type { RunningLedger } from '../running-ledger.module';
import { approved, declined, LedgerOnTrial } from '../testing/ledger-on-trial';

const suffix = randomBytes(4).toString('hex');
const [siteId, otherSite] = [`club-a-${suffix}`, `club-b-${suffix}`];
/** What a worker needs on a broker; the ledger must not depend on it that a broker was set up so. */
const allRights = { configure: '', write: '.*', read: '.*' };

/** The calls of workers say for which site they speak, so their requests must be whole; those of KKM's own services are refused unread. */
type Asked = { readonly [M in keyof LedgerCalls]: M extends `worker.${string}` | 'terminals.standing' ? LedgerCalls[M]['request'] : object };

describeWith(['broker', 'database'], 'the ledger, spoken to by another site’s worker', () => {
  let database: TestDatabase;
  let vhost: TestBroker;
  let service: RunningLedger;
  let gateway: Broker;
  let own: Broker;
  let other: Broker;
  let builder: LedgerOnTrial;
  let command: PaymentCommand;

  const connectAs = async (user: string): Promise<Broker> => {
    await vhost.management.createUser(user, 'test-secret', allRights);
    const url = new URL(vhost.url);
    [url.username, url.password] = [user, 'test-secret'];
    return connectBroker({ url: url.href, name: user });
  };
  const ask = (by: Broker, method: keyof LedgerCalls, request: unknown): Promise<unknown> => by.call(queues.ledgerRpc, method, request, { timeoutMs: 5_000 });
  const status = async (): Promise<unknown> => ask(gateway, 'payments.read', { scope: [siteId], by: { paymentId: command.paymentId } });

  beforeAll(async () => {
    database = await testDatabase();
    vhost = await testBroker();
    const env = { KKM_AMQP_URL: vhost.url, KKM_DATABASE_URL: database.url, KKM_HTTP_PORT: '0' };
    service = await startLedger(ledgerConfig(env), createLogger({ service: 'ledger', level: 'silent' }), createMetrics('ledger'));
    gateway = await connectBroker({ url: vhost.url, name: 'gateway' });
    [own, other] = [await connectAs(`site-${siteId}`), await connectAs(`site-${otherSite}`)];
    builder = await LedgerOnTrial.on(database.url);
    command = await builder.open({ siteId });
  });
  afterAll(async () => {
    await Promise.all([own.close(), other.close(), gateway.close()]);
    await service.stop();
    await builder.close();
    for (const site of [siteId, otherSite]) await vhost.management.deleteUser(`site-${site}`);
    await vhost.dispose();
    await database.dispose();
  });

  /** Every call there is, about the site's terminal; the compiler asks for those to come. */
  const calls = (): Asked => {
    const permit = builder.permitRequest(command);
    const { workerId, terminalId, attemptId, nonce } = permit;
    const heartbeat = { siteId, workerId, leaving: false, terminalIds: [terminalId], driving: [] };
    const baseline = { workerId, siteId, terminalId, bankTerminalId: '00000001', serialNumber: 'S1', since: '20260101000000', operations: [] };
    const ofServices = {};
    return {
      'worker.permit': permit,
      'worker.lease': { workerId, siteId, terminalId },
      'worker.heartbeat': heartbeat,
      'worker.baseline': baseline,
      'worker.baseline-ends': { workerId, siteId, terminalId },
      'worker.knowledge': { siteId, terminalId, attemptId, rrns: [] },
      'worker.qr': { workerId, siteId, terminalId, attemptId, nonce, display: 'shown' },
      'terminals.standing': { siteId, terminalId },
      'terminals.health': ofServices,
      'payments.open': ofServices,
      'payments.redo': ofServices,
      'payments.replay': ofServices,
      'payments.cancel': ofServices,
      'payments.refund': ofServices,
      'payments.switch': ofServices,
      'payments.resolve': ofServices,
      'payments.close': ofServices,
      'payments.verdict': ofServices,
      'payments.read': ofServices,
      'payments.list': ofServices,
      'payments.reject': ofServices,
      'events.read': ofServices,
      'events.end': ofServices,
      'sbp.notified': ofServices,
      'sbp.sealing-key': ofServices,
      'sbp.account': ofServices,
      'sbp.set-account': ofServices,
      'webhooks.sealing-key': ofServices,
      'webhooks.create': ofServices,
      'webhooks.list': ofServices,
      'webhooks.read': ofServices,
      'webhooks.change': ofServices,
      'webhooks.delete': ofServices,
      'webhooks.rotate': ofServices,
      'webhooks.test': ofServices,
      'webhooks.deliveries': ofServices,
      'webhooks.replay': ofServices,
      'webhooks.replay-range': ofServices,
      'restore.overview': ofServices,
      'restore.release': ofServices,
      'restore.assign': ofServices,
    };
  };

  it('answers none of its calls', async () => {
    const answers = await Promise.all(
      Object.entries(calls()).map(async ([method, request]) => {
        const answer = await ask(other, method as keyof LedgerCalls, request).then(
          () => 'answered',
          (error: { readonly code?: string }) => error.code,
        );
        return [method, answer];
      }),
    );
    expect(answers.filter(([, answer]) => answer !== 'auth.forbidden')).toEqual([]);
  });

  it('gives the permit to the site’s own worker all the same, and believes no result but that one’s', async () => {
    const permit = builder.permitRequest(command);
    expect(await ask(own, 'worker.lease', permit)).toMatchObject({ kind: 'leased' });
    expect(await ask(own, 'worker.permit', permit)).toMatchObject({ kind: 'granted' });
    const publish = async (by: Broker, resultId: string, outcome: typeof declined): Promise<void> => {
      const body = { ...builder.result(command, permit.nonce, outcome), resultId };
      await by.publish({ exchange: exchanges.results, routingKey: queues.ledgerResults, body, messageId: resultId });
    };
    await publish(other, 'res_forged', declined);
    const unsigned = { ...builder.result(command, permit.nonce, declined), resultId: 'res_unsigned' };
    await vhost.management.publishUnsigned(exchanges.results, queues.ledgerResults, unsigned);
    const parked: string[] = [];
    await eventually(async () => {
      for (const { payload } of await vhost.management.take(queues.parked)) parked.push((JSON.parse(payload) as { resultId: string }).resultId);
      expect([...parked].sort()).toEqual(['res_forged', 'res_unsigned']);
    });
    expect(await status()).toMatchObject({ status: 'in_progress', chargedAmount: 0 });
    await publish(own, 'res_own', approved());
    await eventually(async () => expect(await status()).toMatchObject({ status: 'succeeded', chargedAmount: 15_000 }));
  });
});
