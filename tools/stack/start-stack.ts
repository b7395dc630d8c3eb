import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { enterEquipment } from '../setup/equipment';
import type { GatewayAccess, NewTerminal } from '../setup/equipment';
import { enterSbpAccount, virtualMerchant } from '../setup/sbp-account';
import { freePorts } from './free-ports';
import { makePlace } from './place';
import type { Infrastructure, Place } from './place';
import { startService } from './service-process';
import type { ServiceProcess, ServiceSpecification } from './service-process';

/** What a stack consists of. */
export interface StackOptions {
  readonly infrastructure: Infrastructure;
  /** For logs and journals; made when missing. */
  readonly directory: string;
  /** Virtual terminals `pax-1` … of the one site. */
  readonly terminals: number;
  /** Worker processes of the site, default 1. */
  readonly workers?: number;
  /** Whether the site's bank notifies KKM of what becomes of QRs, default yes; without, KKM polls. */
  readonly sbpNotifications?: boolean;
  /** The ledger reaches the site's bank by the URL it gives, for those who want to break that way. */
  readonly bankThrough?: (url: string) => Promise<string>;
  /** Variables for every service besides those the stack sets, for example `KKM_LOG_LEVEL`. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Variables of one service alone, by its name: `ledger`, `worker-1`. */
  readonly environmentOf?: (service: string) => Readonly<Record<string, string>>;
  /** Options of Node itself for every service. */
  readonly nodeOptions?: readonly string[];
  /** Folder for a CPU profile of every service. */
  readonly profileTo?: string | undefined;
  /** What lies between the parts, for those who want to break it. */
  readonly ways?: StackWays;
}

/** Lets somebody stand between the parts of a stack: each answer is the address, or the terminal, that is used instead. */
export interface StackWays {
  /** `service` reaches the broker by the URL it gives. */
  broker(service: string, amqpUrl: string): Promise<string>;
  /** Workers are told of a virtual terminal what it gives. */
  terminal(terminal: NewTerminal): Promise<NewTerminal>;
}

/** Nothing in between. */
const straight: StackWays = { broker: (_service, amqpUrl) => Promise.resolve(amqpUrl), terminal: (terminal) => Promise.resolve(terminal) };

/** An account of the KkmServer door, or of the admin page. */
export interface DoorAccount {
  readonly user: string;
  readonly password: string;
}

/** A whole KKM of its own: services, virtual terminals, virtual host, database. */
export interface Stack {
  readonly place: Place;
  readonly siteId: string;
  readonly registerId: string;
  readonly terminals: readonly NewTerminal[];
  readonly apiKey: string;
  /** The KkmServer door of the site: its origin and both its accounts. */
  readonly kkmserver: { readonly url: string; readonly accounts: Readonly<Record<'user' | 'admin', DoorAccount>> };
  /** The first admin of the admin page, which the gateway serves. */
  readonly admin: DoorAccount;
  /** What the site and its virtual bank share. */
  readonly sbpSecret: string;
  readonly gateway: ServiceProcess;
  readonly ledger: ServiceProcess;
  readonly virtualTerminal: ServiceProcess;
  readonly workers: readonly ServiceProcess[];
  /** Stops every process, a killed one included, and removes virtual host, users, database and roles. */
  remove(): Promise<void>;
}

/** Starts the real processes against a place of their own and enters one site with its terminals and a register. Ready when it returns. */
export async function startStack(options: StackOptions): Promise<Stack> {
  const place = await makePlace(options.infrastructure);
  const started: ServiceProcess[] = [];
  const remove = async (): Promise<void> => {
    await Promise.all(started.map((service) => service.stop('SIGTERM')));
    await place.remove();
  };
  try {
    return { ...(await startServices(options, place, started)), place, siteId: place.siteId, registerId: 'desk-1', remove };
  } catch (error) {
    await remove();
    throw error;
  }
}

async function startServices(
  options: StackOptions,
  place: Place,
  started: ServiceProcess[],
): Promise<Omit<Stack, 'place' | 'siteId' | 'registerId' | 'remove'>> {
  const workerCount = options.workers ?? 1;
  const ways = options.ways ?? straight;
  const [gatewayPort = 0, doorPort = 0, ledgerPort = 0, terminalPort = 0, ...workerPorts] = await freePorts(4 + workerCount);
  const apiKey = `kkm_${randomBytes(24).toString('hex')}`;
  const admin = drawAccount('admin');
  const sbpSecret = `sbp_${randomBytes(24).toString('hex')}`;
  const kkmserver = { url: `http://127.0.0.1:${doorPort}`, accounts: { user: drawAccount('User'), admin: drawAccount('Admin') } };
  const start = starterOf(options, started);
  const ledgerEnvironment = {
    KKM_AMQP_URL: await ways.broker('ledger', place.amqpUrl),
    KKM_DATABASE_URL: place.ledgerDatabaseUrl,
    KKM_SEALING_KEY: randomBytes(32).toString('base64url'),
    KKM_PRIVATE_WEBHOOKS: 'allowed',
  };
  const ledger = start({ name: 'ledger', app: 'ledger', port: ledgerPort, environment: ledgerEnvironment });
  // Port 0: the kernel gives each terminal one that nobody can take first.
  const terminalList = Array.from({ length: options.terminals }, (_, index) => `pax-${index + 1}:0`).join(',');
  const virtualTerminal = start({
    name: 'virtual-terminal',
    app: 'virtual-terminal',
    port: terminalPort,
    environment: { KKM_VT_TERMINALS: terminalList, KKM_VT_SBP_ACCOUNTS: `${virtualMerchant}:${sbpSecret}` },
  });
  const gatewayEnvironment = {
    KKM_AMQP_URL: await ways.broker('gateway', place.amqpUrl),
    KKM_DATABASE_URL: place.gatewayDatabaseUrl,
    KKM_BOOTSTRAP_API_KEY: apiKey,
    KKM_BOOTSTRAP_ADMIN_USER: admin.user,
    KKM_BOOTSTRAP_ADMIN_PASSWORD: admin.password,
    KKM_SEALING_KEY: randomBytes(32).toString('base64url'),
    KKM_PRIVATE_BANKS: 'allowed',
    KKM_KKMSERVER_PORTS: `${doorPort}=${place.siteId}`,
    KKM_KKMSERVER_USER_PASSWORD: kkmserver.accounts.user.password,
    KKM_KKMSERVER_ADMIN_PASSWORD: kkmserver.accounts.admin.password,
    KKM_RATE_PER_SECOND: '100000',
    KKM_RATE_BURST: '100000', // A load program is not the caller the limit is meant for.
  };
  const gateway = start({ name: 'gateway', app: 'gateway', port: gatewayPort, environment: gatewayEnvironment });
  await Promise.all([ledger.ready(), gateway.ready(), virtualTerminal.ready()]);
  const terminals = await Promise.all((await readTerminals(virtualTerminal.url)).map((terminal) => ways.terminal(terminal)));
  await enterEquipment({ api: gateway.url, apiKey }, { siteId: place.siteId, registerId: 'desk-1', terminals });
  await enterBank(options, { api: gateway.url, apiKey }, { siteId: place.siteId, virtualTerminal: virtualTerminal.url, secret: sbpSecret });
  const startWorker = async (port: number, index: number): Promise<ServiceProcess> => {
    const name = `worker-${index + 1}`;
    const amqpUrl = await ways.broker(name, place.siteAmqpUrl);
    const environment = { KKM_AMQP_URL: amqpUrl, KKM_SITE_ID: place.siteId, KKM_JOURNAL_DIR: join(options.directory, `${name}-journal`) };
    return start({ name, app: 'terminal-worker', port, environment });
  };
  const workers = await Promise.all(workerPorts.map(startWorker));
  await Promise.all(workers.map((worker) => worker.ready(60_000)));
  return { terminals, apiKey, kkmserver, admin, sbpSecret, gateway, ledger, virtualTerminal, workers };
}

/** An account with a password of its own. */
function drawAccount(user: string): DoorAccount {
  return { user, password: randomBytes(24).toString('hex') };
}

/** The site's account at the virtual bank. */
async function enterBank(
  { bankThrough, sbpNotifications = true }: StackOptions,
  gateway: GatewayAccess,
  site: { readonly siteId: string; readonly virtualTerminal: string; readonly secret: string },
): Promise<void> {
  const virtualTerminal = bankThrough ? new URL(await bankThrough(site.virtualTerminal)).origin : site.virtualTerminal;
  await enterSbpAccount(gateway, site.siteId, { virtualTerminal, secret: site.secret, notifyAt: sbpNotifications ? gateway.api : null });
}

type Start = (what: Pick<ServiceSpecification, 'name' | 'app' | 'environment'> & { readonly port: number }) => ServiceProcess;

/** Starts services with what all of them share, and writes them down to be stopped. */
function starterOf({ environment: shared, environmentOf, directory, nodeOptions = [], profileTo }: StackOptions, started: ServiceProcess[]): Start {
  return ({ name, app, port, environment: own }) => {
    const environment = { KKM_HTTP_HOST: '127.0.0.1', KKM_HTTP_PORT: String(port), KKM_LOG_LEVEL: 'warn', ...shared, ...own, ...environmentOf?.(name) };
    const service = startService({ name, app, environment, url: `http://127.0.0.1:${port}`, directory, nodeOptions, profileTo });
    started.push(service);
    return service;
  };
}

/** The virtual terminals with the ports they were given; those on cables are entered by who asked for them. */
async function readTerminals(url: string): Promise<readonly NewTerminal[]> {
  const answer = await fetch(`${url}/terminals`, { signal: AbortSignal.timeout(10_000) });
  const { terminals } = (await answer.json()) as { terminals: { id: string; port: number | null }[] };
  return terminals.flatMap(({ id, port }) => (port === null ? [] : [{ id, host: '127.0.0.1', port }]));
}
