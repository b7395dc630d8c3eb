import { chmodSync, existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { inheritedEnvironment } from '../cli.config';
import { endTree } from '../processes/end-process';
import type { ProcessPlan } from '../processes/process-plan';
import { markOf, startedWith } from '../processes/process-table';
import { readIfThere, writePrivate } from '../state/files';
import { portIsFree } from '../state/port-probe';
import type { Identity } from '../state/identity';
import { secret } from '../state/identity';
import type { StatePaths } from '../state/state-paths';
import { answersAmqp, answersManagement } from './broker-probe';
import type { InfraContext, ServerPlans } from './server-plans';

/** A private RabbitMQ node with what is needed to reach it. */
export interface PrivateRabbitmq {
  readonly plans: ServerPlans;
  readonly amqpUrl: string;
  readonly managementUrl: string;
}

/** The broker's user of KKM's own services. */
export const brokerUser = 'kkm';

/**
 * Prepares a RabbitMQ node of this state folder alone: its own name, data, ports, cookie, password and port mapper, on
 * the loopback address. `bin` holds `rabbitmq-server` itself, not the Debian wrapper, which changes user and environment.
 */
export function prepareRabbitmq(context: InfraContext, bin: string): PrivateRabbitmq {
  const { paths, identity } = context;
  const { ports } = identity;
  const password = secret(paths, 'amqp-password');
  const amqpUrl = `amqp://${brokerUser}:${password}@127.0.0.1:${ports.amqp}`;
  const managementUrl = `http://${brokerUser}:${password}@127.0.0.1:${ports.amqpManagement}`;
  writeNodeFiles(paths, identity, password);
  const env = nodeEnvironment(paths, identity);
  const server: ProcessPlan = {
    name: 'rabbitmq',
    command: [join(bin, 'rabbitmq-server')],
    env,
    cwd: paths.rabbitmq,
    logFile: join(paths.logs, 'rabbitmq.log'),
    url: `amqp://127.0.0.1:${ports.amqp}`,
    shown: true,
    end: { signal: 'SIGTERM', graceMs: 30_000 },
    ready: async () => (await answersAmqp(ports.amqp)) && (await answersManagement(managementUrl)),
    readyWithinMs: 120_000,
    beforeStart: () => endLeftoverNode(paths),
  };
  return { plans: { before: [portMapper(paths, identity, env)], server }, amqpUrl, managementUrl };
}

/** The node's port mapper in the foreground. Without one RabbitMQ would start its own as a daemon that nobody ends. */
function portMapper(paths: StatePaths, identity: Identity, env: Readonly<Record<string, string>>): ProcessPlan {
  const port = identity.ports.epmd;
  return {
    name: 'epmd',
    command: ['epmd', '-port', String(port), '-address', '127.0.0.1'],
    env,
    cwd: paths.rabbitmq,
    logFile: join(paths.logs, 'epmd.log'),
    url: null,
    shown: false,
    end: { signal: 'SIGTERM', graceMs: 2_000 },
    ready: async () => !(await portIsFree(port)),
    readyWithinMs: 10_000,
  };
}

function nodeEnvironment(paths: StatePaths, identity: Identity): Record<string, string> {
  const dir = paths.rabbitmq;
  return {
    ...inheritedEnvironment(),
    HOME: join(dir, 'home'), // Erlang looks for the cookie there.
    LANG: 'C.UTF-8',
    RUNNING_UNDER_SYSTEMD: 'true', // Makes the start script become the node, so that our child is the node itself.
    RABBITMQ_CONF_ENV_FILE: '/dev/null', // The machine's settings are for the machine's node.
    RABBITMQ_NODENAME: `kkm-${identity.id}@localhost`,
    RABBITMQ_BASE: dir,
    RABBITMQ_MNESIA_BASE: join(dir, 'mnesia'),
    RABBITMQ_LOG_BASE: join(dir, 'log'),
    RABBITMQ_CONFIG_FILE: join(dir, 'rabbitmq.conf'),
    RABBITMQ_ADVANCED_CONFIG_FILE: join(dir, 'advanced.config'),
    RABBITMQ_ENABLED_PLUGINS_FILE: join(dir, 'enabled_plugins'),
    RABBITMQ_GENERATED_CONFIG_DIR: join(dir, 'generated'),
    RABBITMQ_FEATURE_FLAGS_FILE: join(dir, 'feature_flags'),
    RABBITMQ_SCHEMA_DIR: join(dir, 'schema'),
    RABBITMQ_PLUGINS_EXPAND_DIR: join(dir, 'plugins-expand'),
    RABBITMQ_PID_FILE: join(dir, 'pid'),
    RABBITMQ_DIST_PORT: String(identity.ports.amqpDistribution),
    // Erlang's schedulers spin for work before they sleep; on a machine shared with everything else that costs a payment 4 ms (docs/BENCHMARKS.md).
    RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS: '+sbwt none +sbwtdcpu none +sbwtdio none -kernel inet_dist_use_interface {127,0,0,1}',
    ERL_EPMD_PORT: String(identity.ports.epmd),
    ERL_EPMD_ADDRESS: '127.0.0.1',
  };
}

function writeNodeFiles(paths: StatePaths, identity: Identity, password: string): void {
  const dir = paths.rabbitmq;
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  for (const folder of ['home', 'mnesia', 'log', 'schema', 'generated']) mkdirSync(join(dir, folder), { recursive: true });
  const cookie = join(dir, 'home/.erlang.cookie');
  if (!existsSync(cookie)) writePrivate(cookie, secret(paths, 'erlang-cookie'));
  chmodSync(cookie, 0o400); // Erlang refuses a cookie that others could read.
  writePrivate(join(dir, 'enabled_plugins'), '[rabbitmq_management].\n');
  writePrivate(join(dir, 'rabbitmq.conf'), nodeSettings(identity.ports, password));
}

/** The node's settings (sysctl format). The user is made when the node starts for the first time. */
function nodeSettings(ports: Identity['ports'], password: string): string {
  return [
    `listeners.tcp.1 = 127.0.0.1:${ports.amqp}`,
    'management.tcp.ip = 127.0.0.1',
    `management.tcp.port = ${ports.amqpManagement}`,
    `default_user = ${brokerUser}`,
    `default_pass = ${password}`,
    'default_user_tags.administrator = true',
    'loopback_users = none',
    'log.file = false',
    'log.console = true',
    'log.console.level = info',
    'consumer_timeout = 3600000', // A delivery may stay open while a guest looks for the card or a terminal is asked.
    'vm_memory_high_watermark.relative = 0.4',
    'disk_free_limit.absolute = 500MB',
    '',
  ].join('\n');
}

/** A node that outlived its supervisor would hold the data and the ports. */
async function endLeftoverNode(paths: StatePaths): Promise<void> {
  const pidFile = join(paths.rabbitmq, 'pid');
  const pid = Number(readIfThere(pidFile)?.trim());
  const mark = Number.isInteger(pid) && pid > 0 ? markOf(pid) : null;
  if (mark && startedWith(pid, `RABBITMQ_PID_FILE=${pidFile}`)) await endTree(mark, { signal: 'SIGTERM', graceMs: 20_000 });
}
