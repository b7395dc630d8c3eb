import { randomBytes } from 'node:crypto';
import { BrokerManagement } from './broker-management';
import { readTestServers } from './test-servers.config';

/** A fresh vhost of one suite. */
export interface TestBroker {
  /** With credentials and vhost; host and port may be replaced by a `FaultProxy`'s. */
  readonly url: string;
  readonly management: BrokerManagement;
  /** Deletes the vhost; connections to it are closed. */
  dispose(): Promise<void>;
}

/** Creates a vhost of its own on the test broker. Call it only inside a `describeWith(['broker'], …)`. */
export async function testBroker(): Promise<TestBroker> {
  const { amqpUrl, amqpManagementUrl, missing } = readTestServers();
  if (!amqpUrl || !amqpManagementUrl) throw new Error(`There is no RabbitMQ for tests: ${missing ?? 'the environment does not name it'}.`);
  return brokerOn({ amqpUrl, amqpManagementUrl });
}

/** Creates a vhost on a broker whose addresses are known. */
export async function brokerOn(servers: { readonly amqpUrl: string; readonly amqpManagementUrl: string }): Promise<TestBroker> {
  const vhost = `kkm-test-${randomBytes(6).toString('hex')}`;
  const management = new BrokerManagement(servers.amqpManagementUrl, vhost);
  await management.createVhost();
  const url = new URL(servers.amqpUrl);
  url.pathname = `/${encodeURIComponent(vhost)}`;
  return { url: url.toString(), management, dispose: () => management.deleteVhost() };
}
