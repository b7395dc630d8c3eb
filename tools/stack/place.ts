import { randomBytes } from 'node:crypto';
import { runStatements } from '@kkm/postgres';
import { grantBrokerRights, manageBroker, putBrokerUser, removeBrokerUser, serviceRights } from '../setup/broker-rights';
import type { BrokerAdministration } from '../setup/broker-rights';
import { putSiteAccount } from '../setup/site-account';

/** A broker and a database server to make places on; the credentials must be an administrator's. */
export interface Infrastructure {
  readonly amqpUrl: string;
  readonly amqpManagementUrl: string;
  readonly databaseUrl: string;
}

/** A virtual host, a database and users of one stack alone, with the rights of production. */
export interface Place {
  /** Unique among all stacks on these servers. */
  readonly siteId: string;
  /** KKM's services, all rights on the virtual host. */
  readonly amqpUrl: string;
  /** The site's workers, restricted. */
  readonly siteAmqpUrl: string;
  readonly gatewayDatabaseUrl: string;
  readonly ledgerDatabaseUrl: string;
  /** The place's database as administrator, for a test's own look. */
  readonly databaseUrl: string;
  readonly vhost: string;
  /** Removes virtual host, users, database and roles. */
  remove(): Promise<void>;
}

/** Makes a {@link Place} with names that cannot collide. */
export async function makePlace(infrastructure: Infrastructure): Promise<Place> {
  const suffix = randomBytes(4).toString('hex');
  const names = { vhost: `kkm-${suffix}`, siteId: `club-${suffix}`, service: `kkm-${suffix}`, database: `kkm_${suffix}` };
  const roles = { gateway: `kkm_gateway_${suffix}`, ledger: `kkm_ledger_${suffix}` };
  const password = randomBytes(24).toString('hex');
  await makeDatabase(infrastructure.databaseUrl, { database: names.database, roles, password });
  const administration = administrationOf(infrastructure.amqpManagementUrl);
  const { vhost } = names;
  await manageBroker(administration, { method: 'PUT', path: `/api/vhosts/${vhost}` });
  await putBrokerUser(administration, { name: names.service, password });
  await grantBrokerRights(administration, { user: administration.user, vhost, rights: serviceRights });
  await grantBrokerRights(administration, { user: names.service, vhost, rights: serviceRights });
  const siteUser = await putSiteAccount(administration, { siteId: names.siteId, vhost, password });
  return {
    siteId: names.siteId,
    vhost,
    amqpUrl: withPath(infrastructure.amqpUrl, vhost, { user: names.service, password }),
    siteAmqpUrl: withPath(infrastructure.amqpUrl, vhost, { user: siteUser, password }),
    gatewayDatabaseUrl: withPath(infrastructure.databaseUrl, names.database, { user: roles.gateway, password }),
    ledgerDatabaseUrl: withPath(infrastructure.databaseUrl, names.database, { user: roles.ledger, password }),
    databaseUrl: withPath(infrastructure.databaseUrl, names.database),
    async remove() {
      await manageBroker(administration, { method: 'DELETE', path: `/api/vhosts/${vhost}` });
      for (const user of [names.service, siteUser]) await removeBrokerUser(administration, user);
      await runStatements(infrastructure.databaseUrl, [
        `DROP DATABASE IF EXISTS ${names.database} WITH (FORCE)`,
        `DROP ROLE IF EXISTS ${roles.gateway}`,
        `DROP ROLE IF EXISTS ${roles.ledger}`,
      ]);
    },
  };
}

async function makeDatabase(url: string, names: { database: string; roles: { gateway: string; ledger: string }; password: string }): Promise<void> {
  const { database, roles, password } = names;
  await runStatements(url, [
    `CREATE DATABASE ${database}`,
    `CREATE ROLE ${roles.gateway} LOGIN PASSWORD '${password}'`,
    `CREATE ROLE ${roles.ledger} LOGIN PASSWORD '${password}'`,
  ]);
  await runStatements(withPath(url, database), [
    `CREATE SCHEMA gateway AUTHORIZATION ${roles.gateway}`,
    `CREATE SCHEMA ledger AUTHORIZATION ${roles.ledger}`,
    'REVOKE ALL ON SCHEMA public FROM PUBLIC',
  ]);
}

/** Splits `http://user:password@host` as `fetch` needs it: it refuses credentials within a URL. */
function administrationOf(managementUrl: string): BrokerAdministration {
  const url = new URL(managementUrl);
  return { url: url.origin, user: decodeURIComponent(url.username), password: decodeURIComponent(url.password) };
}

/** The URL with another path, and with other credentials when they are given. */
function withPath(base: string, path: string, credentials?: { readonly user: string; readonly password: string }): string {
  const url = new URL(base);
  url.pathname = `/${path}`;
  if (credentials) {
    url.username = credentials.user;
    url.password = credentials.password;
  }
  return url.href;
}
