import { mkdirSync } from 'node:fs';
import { enterEquipment } from '../../../setup/equipment';
import { enterSbpAccount } from '../../../setup/sbp-account';
import { keepParked } from '../../../setup/broker-rights';
import { putSiteAccount } from '../../../setup/site-account';
import type { Settings } from '../cli.config';
import { setUpDatabase } from '../infra/database-set-up';
import { writePrivate } from '../state/files';
import { secret } from '../state/identity';
import type { StatePaths } from '../state/state-paths';
import type { Progress } from '../terminal/progress';
import type { Endpoints } from './endpoints';
import { endpointsOf, firstEquipment } from './endpoints';
import { servicePlans } from './service-plans';
import type { System } from './system';

/** Starts broker, database and all services, enters the first equipment through the API and writes `endpoints.json`. */
export async function bringUp(system: System, settings: Settings, progress: Progress): Promise<Endpoints> {
  const { paths } = system;
  const { infra, identity } = await system.startServers();
  const databases = await setUpDatabase(infra.adminDatabaseUrl, paths, settings.root);
  const apiKey = secret(paths, 'api-key');
  const amqp = { own: infra.amqpUrl, site: await siteUrl(infra, paths) };
  mkdirSync(paths.journal, { recursive: true });
  const sbpSecret = secret(paths, 'sbp-secret');
  const door = { user: secret(paths, 'kkmserver-user-password'), admin: secret(paths, 'kkmserver-admin-password') };
  const adminPassword = secret(paths, 'admin-password');
  const plans = servicePlans({ settings, paths, identity, amqp, databases, apiKey, sbpSecret, door, adminPassword });
  const endpoints = endpointsOf(identity, infra, { apiKey, doorPassword: door.user, adminPassword });
  await system.startAll(plans.services);
  await enterFirst(endpoints, { terminalPort: identity.ports.terminal, sbpSecret }, progress);
  await system.startAll(plans.workers);
  writePrivate(paths.endpoints, `${JSON.stringify(endpoints, null, 1)}\n`);
  system.markRunning();
  return endpoints;
}

/** The broker user of the first site's workers may do only what a worker must (design-money, clause 22). What is parked is dropped by nobody. */
async function siteUrl(infra: { readonly amqpUrl: string; readonly managementUrl: string }, paths: StatePaths): Promise<string> {
  const management = new URL(infra.managementUrl);
  const url = new URL(infra.amqpUrl);
  const vhost = url.pathname.length > 1 ? decodeURIComponent(url.pathname.slice(1)) : '/';
  const password = secret(paths, 'site-amqp-password');
  const administration = { url: management.origin, user: decodeURIComponent(management.username), password: decodeURIComponent(management.password) };
  url.username = await putSiteAccount(administration, { siteId: firstEquipment.siteId, vhost, password });
  url.password = password;
  await keepParked(administration, vhost);
  return url.href;
}

async function enterFirst(endpoints: Endpoints, first: { readonly terminalPort: number; readonly sbpSecret: string }, progress: Progress): Promise<void> {
  const { siteId, registerId, terminalId } = firstEquipment;
  progress.begin('equipment', 'entering the first equipment');
  await enterEquipment(endpoints, { siteId, registerId, terminals: [{ id: terminalId, host: '127.0.0.1', port: first.terminalPort }] });
  const { api, virtualTerminal } = endpoints;
  await enterSbpAccount(endpoints, siteId, { virtualTerminal, secret: first.sbpSecret, notifyAt: api });
  progress.end('equipment', `site ${siteId} has register ${registerId}, terminal ${terminalId} and an account at the virtual bank`);
}
