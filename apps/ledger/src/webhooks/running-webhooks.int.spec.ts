import { randomBytes } from 'node:crypto';
import type { LedgerCalls } from '@kkm/contracts';
import { newId, Rejected } from '@kkm/core';
import { connectBroker } from '@kkm/messaging';
import type { Broker } from '@kkm/messaging';
import { createLogger, createMetrics } from '@kkm/observability';
import { runStatements } from '@kkm/postgres';
import { sealSecret } from '@kkm/sealing';
import { describeWith, eventually, ScriptedReceiver, testBroker, testDatabase } from '@kkm/testkit';
import type { TestBroker, TestDatabase } from '@kkm/testkit';
import { Webhook } from 'standardwebhooks';
import { ledgerConfig } from '../ledger.config';
import { startLedger } from '../running-ledger.module';
import type { RunningLedger } from '../running-ledger.module';
import { approved, LedgerOnTrial } from '../testing/ledger-on-trial';

/** A role as `infra/postgres/roles.sql` makes it: it owns the schema of the ledger, and may create no other. */
const role = 'kkm_webhook_trial';

describeWith(['broker', 'database'], 'webhooks of a running ledger', () => {
  let vhost: TestBroker;
  let database: TestDatabase;
  let ledger: RunningLedger;
  let gateway: Broker;
  let builder: LedgerOnTrial;
  let receiver: ScriptedReceiver;
  const call = <M extends keyof LedgerCalls>(method: M, request: LedgerCalls[M]['request']): Promise<LedgerCalls[M]['answer']> =>
    gateway.call<LedgerCalls[M]['answer']>('ledger.rpc', method, request, { timeoutMs: 8_000 });

  beforeAll(async () => {
    [vhost, database, receiver] = await Promise.all([testBroker(), testDatabase(), ScriptedReceiver.start()]);
    const owned = new URL(database.url);
    await runStatements(database.url, [
      `do $$ begin create role ${role} login password 'trial'; exception when duplicate_object or unique_violation then null; end $$`,
      `create schema ledger authorization ${role}`,
      `grant connect on database ${owned.pathname.slice(1)} to ${role}`,
    ]);
    Object.assign(owned, { username: role, password: 'trial' });
    const env = { KKM_AMQP_URL: vhost.url, KKM_DATABASE_URL: owned.href, KKM_HTTP_PORT: '0', KKM_PRIVATE_WEBHOOKS: 'allowed' };
    const sealed = { KKM_SEALING_KEY: randomBytes(32).toString('base64url') };
    ledger = await startLedger(ledgerConfig({ ...env, ...sealed }), createLogger({ service: 'ledger', level: 'fatal' }), createMetrics('ledger'));
    gateway = await connectBroker({ url: vhost.url, name: 'gateway' });
    builder = await LedgerOnTrial.on(owned.href);
  });
  afterAll(async () => {
    await ledger.stop();
    await gateway.close();
    await builder.close();
    await receiver.stop();
    await Promise.all([vhost.dispose(), database.dispose()]);
  });

  it('go out by themselves, from a database whose role may create no schema', async () => {
    const id = newId('hook', Date.now(), randomBytes);
    const secret = `whsec_${randomBytes(32).toString('base64')}`;
    const sealedSecret = await sealSecret(secret, { ...(await call('webhooks.sealing-key', {})), endpointId: id });
    const wanted = { id, siteId: 'club-1', name: 'ours', url: receiver.url, eventTypes: ['kkm.payment.succeeded.v1' as const], enabled: true, by: 'a test' };
    expect(await call('webhooks.create', { ...wanted, sealedSecret })).toMatchObject({ id, waiting: 0, secrets: [{ endsAt: null }] });
    const { paymentId } = await builder.paid(approved());
    await eventually(() => expect(receiver.heard).toHaveLength(1), 10_000);
    const [request] = receiver.heard;
    expect(new Webhook(secret).verify(request?.body ?? '', request?.headers as Record<string, string>)).toMatchObject({ subject: paymentId });
    const asked = { scope: null, id, state: null, eventId: null, subject: null, before: null, limit: 10 };
    await eventually(async () => expect((await call('webhooks.deliveries', asked)).deliveries).toMatchObject([{ state: 'delivered' }]));
    const text = await (await fetch(`${ledger.url}/metrics`)).text();
    expect(text).toMatch(/kkm_webhook_tries_total\{decision="delivered",service="ledger"\} 1/);
    expect(text).toMatch(/kkm_webhook_first_try_seconds_count\{service="ledger"\} 1/);
  });

  it('take no secret that was sealed for another endpoint', async () => {
    const sealedSecret = await sealSecret('whsec_x', { ...(await call('webhooks.sealing-key', {})), endpointId: 'hook_other' });
    const wanted = { id: 'hook_1', siteId: null, name: 'ours', url: receiver.url, eventTypes: null, enabled: true, by: 'a test', sealedSecret };
    await expect(call('webhooks.create', wanted)).rejects.toMatchObject({ code: 'webhook.unavailable' });
    await expect(call('webhooks.read', { scope: null, id: 'hook_1' })).rejects.toBeInstanceOf(Rejected);
  });
});
