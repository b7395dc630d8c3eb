import { join } from 'node:path';
import { virtualMerchant } from '../../../setup/sbp-account';
import type { Settings } from '../cli.config';
import { inheritedEnvironment } from '../cli.config';
import type { DatabaseUrls } from '../infra/database-set-up';
import type { ProcessPlan } from '../processes/process-plan';
import type { Identity } from '../state/identity';
import { gatewaySealingKey, sealingKey, secretFile } from '../state/identity';
import type { StatePaths } from '../state/state-paths';
import { firstAdmin, firstEquipment } from './endpoints';

/** What the services are planned from. */
export interface ServiceInputs {
  readonly settings: Settings;
  readonly paths: StatePaths;
  readonly identity: Identity;
  /** The broker's URL for KKM's own services, and for the worker of the first site, which has fewer rights. */
  readonly amqp: { readonly own: string; readonly site: string };
  readonly databases: DatabaseUrls;
  readonly apiKey: string;
  /** What the first site and its virtual bank share. */
  readonly sbpSecret: string;
  /** Passwords of the KkmServer door's two accounts. */
  readonly door: { readonly user: string; readonly admin: string };
  /** Password of the first admin. */
  readonly adminPassword: string;
}

/** KKM's own processes; a worker is ready only when its site exists. */
export interface ServicePlans {
  readonly services: readonly ProcessPlan[];
  readonly workers: readonly ProcessPlan[];
}

/** KKM's own processes as they are run from the build. Secrets reach them as files that only this user may read. */
export function servicePlans(inputs: ServiceInputs): ServicePlans {
  const { paths, identity } = inputs;
  const { ports } = identity;
  const amqp = secretFile(paths, 'amqp-url', inputs.amqp.own);
  const service = (name: string, port: number, env: Readonly<Record<string, string>>): ProcessPlan => plan(inputs, { name, port, env });
  const services = [
    service('ledger', ports.ledger, {
      KKM_AMQP_URL_FILE: amqp,
      KKM_DATABASE_URL_FILE: secretFile(paths, 'ledger-database-url', inputs.databases.ledger),
      KKM_SEALING_KEY_FILE: secretFile(paths, 'sealing-key', sealingKey(paths)),
      KKM_PRIVATE_WEBHOOKS: 'allowed', // Whoever tries KKM has his receiver on this machine.
    }),
    service('gateway', ports.api, {
      KKM_AMQP_URL_FILE: amqp,
      KKM_DATABASE_URL_FILE: secretFile(paths, 'gateway-database-url', inputs.databases.gateway),
      KKM_BOOTSTRAP_API_KEY_FILE: secretFile(paths, 'api-key', inputs.apiKey),
      KKM_BOOTSTRAP_ADMIN_USER: firstAdmin,
      KKM_BOOTSTRAP_ADMIN_PASSWORD_FILE: secretFile(paths, 'admin-password', inputs.adminPassword),
      KKM_SEALING_KEY_FILE: secretFile(paths, 'gateway-sealing-key', gatewaySealingKey(paths)),
      KKM_PRIVATE_BANKS: 'allowed', // The bank is the virtual terminal's.
      KKM_KKMSERVER_PORTS: `${ports.kkmserver}=${firstEquipment.siteId}`,
      KKM_KKMSERVER_USER_PASSWORD_FILE: secretFile(paths, 'kkmserver-user-password', inputs.door.user),
      KKM_KKMSERVER_ADMIN_PASSWORD_FILE: secretFile(paths, 'kkmserver-admin-password', inputs.door.admin),
    }),
    service('virtual-terminal', ports.virtualTerminal, {
      KKM_VT_TERMINALS: `${firstEquipment.terminalId}:${ports.terminal}`,
      KKM_VT_SBP_ACCOUNTS_FILE: secretFile(paths, 'sbp-accounts', `${virtualMerchant}:${inputs.sbpSecret}`),
    }),
  ];
  const worker = service('terminal-worker', ports.worker, {
    KKM_AMQP_URL_FILE: secretFile(paths, 'site-amqp-url', inputs.amqp.site),
    KKM_SITE_ID: firstEquipment.siteId,
    KKM_JOURNAL_DIR: paths.journal,
  });
  return { services, workers: [worker] };
}

function plan(inputs: ServiceInputs, service: { readonly name: string; readonly port: number; readonly env: Readonly<Record<string, string>> }): ProcessPlan {
  const { settings, paths } = inputs;
  const url = `http://127.0.0.1:${service.port}`;
  return {
    name: service.name,
    command: [process.execPath, '--enable-source-maps', join(settings.root, 'dist/tools/launch/main.js'), service.name],
    env: { ...inheritedEnvironment(), ...service.env, KKM_HTTP_HOST: '127.0.0.1', KKM_HTTP_PORT: String(service.port) },
    cwd: settings.root,
    logFile: join(paths.logs, `${service.name}.log`),
    url,
    shown: true,
    end: { signal: 'SIGTERM', graceMs: 30_000 }, // Services finish what they have begun.
    ready: () => isReady(url),
    readyWithinMs: 60_000,
  };
}

async function isReady(url: string): Promise<boolean> {
  const answer = await fetch(`${url}/health/ready`, { signal: AbortSignal.timeout(2_000) });
  await answer.body?.cancel();
  return answer.ok;
}
