import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { CommandFailed, exitCodes } from './command-failed';

/** Every port of the embedded system with the variable that fixes it; without one a free port is chosen and remembered. */
export const portVariables = {
  api: 'KKM_API_PORT',
  kkmserver: 'KKM_KKMSERVER_PORT',
  ledger: 'KKM_LEDGER_PORT',
  worker: 'KKM_WORKER_PORT',
  virtualTerminal: 'KKM_VT_PORT',
  terminal: 'KKM_TERMINAL_PORT',
  amqp: 'KKM_AMQP_PORT',
  amqpManagement: 'KKM_AMQP_MANAGEMENT_PORT',
  amqpDistribution: 'KKM_AMQP_DISTRIBUTION_PORT',
  epmd: 'KKM_EPMD_PORT',
  postgres: 'KKM_POSTGRES_PORT',
} as const;

/** A port of the embedded system. */
export type PortName = keyof typeof portVariables;

/** Servers that somebody else runs, given by `--infra external`. URLs carry their credentials. */
export interface ExternalServers {
  readonly amqpUrl: string;
  readonly managementUrl: string;
  /** A role that may create databases and roles. */
  readonly adminDatabaseUrl: string;
}

/** What the environment says to the command line. */
export interface Settings {
  /** The checkout. */
  readonly root: string;
  /** Holds all state of this system; deleting it starts afresh. */
  readonly stateDir: string;
  readonly ports: Readonly<Partial<Record<PortName, number>>>;
  readonly external: ExternalServers | null;
  /** A folder with `initdb` and `postgres` to be used before any other. */
  readonly postgresBin: string | null;
  /** A folder with `rabbitmq-server` to be used instead of the Debian package's. */
  readonly rabbitmqBin: string | null;
}

/** The checkout this program was built from, whether it runs from `dist` or from its sources. */
function checkout(): string {
  for (let folder = __dirname; folder !== dirname(folder); folder = dirname(folder)) {
    if (existsSync(join(folder, 'package-lock.json'))) return folder;
  }
  throw new CommandFailed('This program was moved out of its checkout.');
}

function portFrom(variable: string, value: string | undefined): number | undefined {
  if (value === undefined || value === '') return undefined;
  const port = Number(value);
  if (!Number.isInteger(port) || port < 1 || port > 65_535)
    throw new CommandFailed(`${variable} must be a port from 1 to 65535, not "${value}".`, exitCodes.usage);
  return port;
}

function externalFrom(env: NodeJS.ProcessEnv): ExternalServers | null {
  const amqpUrl = env['KKM_AMQP_URL'];
  const managementUrl = env['KKM_AMQP_MANAGEMENT_URL'];
  const adminDatabaseUrl = env['KKM_ADMIN_DATABASE_URL'];
  return amqpUrl && managementUrl && adminDatabaseUrl ? { amqpUrl, managementUrl, adminDatabaseUrl } : null;
}

/** Reads the environment. Throws {@link CommandFailed} with the variable's name where a value cannot be understood. */
export function readSettings(env: NodeJS.ProcessEnv = process.env): Settings {
  const root = checkout();
  const ports: Partial<Record<PortName, number>> = {};
  for (const [name, variable] of Object.entries(portVariables) as [PortName, string][]) {
    const port = portFrom(variable, env[variable]);
    if (port !== undefined) ports[name] = port;
  }
  return {
    root,
    stateDir: resolve(env['KKM_STATE_DIR'] || join(root, '.kkm')),
    ports,
    external: externalFrom(env),
    postgresBin: env['KKM_POSTGRES_BIN'] || null,
    rabbitmqBin: env['KKM_RABBITMQ_BIN'] || null,
  };
}

/** Variables of KKM that are handed on to its processes as they are; all others are decided by the command line. */
const handedOn = new Set(['KKM_LOG_LEVEL', 'KKM_RATE_PER_SECOND', 'KKM_RATE_BURST']);
const foreign = /^(KKM_|PG|RABBITMQ_|ERL_|NODE_OPTIONS$|NOTIFY_SOCKET$)/;

/** The environment that child processes start with: this one without what would redirect them to other servers. */
export function inheritedEnvironment(env: NodeJS.ProcessEnv = process.env): Record<string, string> {
  const kept = Object.entries(env).filter(([name, value]) => value !== undefined && (handedOn.has(name) || !foreign.test(name)));
  return Object.fromEntries(kept) as Record<string, string>;
}

/** The environment of this command, for a copy of itself. */
export function ownEnvironment(): NodeJS.ProcessEnv {
  return { ...process.env };
}
