import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { answersQueries } from '@kkm/postgres';
import { inheritedEnvironment } from '../cli.config';
import type { ProcessPlan } from '../processes/process-plan';
import { secret } from '../state/identity';
import { answersAmqp, answersManagement } from './broker-probe';
import { brokerUser } from './rabbitmq-server';
import type { Infra, InfraContext } from './server-plans';

const run = promisify(execFile);

/** The images of the compose stack. */
const images = { postgres: 'postgres:17', rabbitmq: 'rabbitmq:4-management' } as const;

/** Tells whose containers and volumes these are. */
const label = 'kkm.state';

/** Whether a Docker engine answers this user within three seconds. */
export async function dockerAnswers(): Promise<boolean> {
  try {
    await run('docker', ['version', '--format', '{{.Server.Version}}'], { timeout: 3_000 });
    return true;
  } catch {
    return false; // No client, no engine, or no right to talk to it.
  }
}

/** Containers of this state folder alone, their ports on the loopback address. Their data lives in volumes named after the state folder's drawn name. */
export async function dockerInfra(context: InfraContext): Promise<Infra> {
  const { paths, identity } = context;
  await removeForgottenVolumes(paths.dir, identity.id);
  const volume = (name: string, target: string): string => `type=volume,source=kkm-${identity.id}-${name},target=${target},volume-label=${label}=${paths.dir}`;
  const { ports, id } = identity;
  const passwords = { postgres: secret(paths, 'postgres-password'), amqp: secret(paths, 'amqp-password') };
  const adminDatabaseUrl = `postgres://postgres:${passwords.postgres}@127.0.0.1:${ports.postgres}`;
  const managementUrl = `http://${brokerUser}:${passwords.amqp}@127.0.0.1:${ports.amqpManagement}`;
  const postgres = container(context, {
    name: 'postgres',
    image: images.postgres,
    options: ['-p', `127.0.0.1:${ports.postgres}:5432`, '--mount', volume('postgres', '/var/lib/postgresql/data'), '-e', 'POSTGRES_PASSWORD'],
    env: { POSTGRES_PASSWORD: passwords.postgres },
    url: `postgres://127.0.0.1:${ports.postgres}`,
    signal: 'SIGINT',
    ready: () => answersQueries(adminDatabaseUrl),
  });
  const rabbitmq = container(context, {
    name: 'rabbitmq',
    image: images.rabbitmq,
    // Queues belong to the node's name, which is the host name: a new container must find them.
    options: [
      ...['--hostname', `kkm-${id}`, '-p', `127.0.0.1:${ports.amqp}:5672`, '-p', `127.0.0.1:${ports.amqpManagement}:15672`],
      ...['--mount', volume('rabbitmq', '/var/lib/rabbitmq'), '-e', 'RABBITMQ_DEFAULT_USER', '-e', 'RABBITMQ_DEFAULT_PASS'],
    ],
    env: { RABBITMQ_DEFAULT_USER: brokerUser, RABBITMQ_DEFAULT_PASS: passwords.amqp },
    url: `amqp://127.0.0.1:${ports.amqp}`,
    signal: 'SIGTERM',
    ready: async () => (await answersAmqp(ports.amqp)) && (await answersManagement(managementUrl)),
  });
  return {
    kind: 'docker',
    words: `containers of ${images.postgres} and ${images.rabbitmq}`,
    servers: [
      { before: [], server: postgres },
      { before: [], server: rabbitmq },
    ],
    amqpUrl: `amqp://${brokerUser}:${passwords.amqp}@127.0.0.1:${ports.amqp}`,
    managementUrl,
    adminDatabaseUrl,
  };
}

interface ContainerPlan {
  readonly name: string;
  readonly image: string;
  readonly options: readonly string[];
  /** Handed to the container by name, so that no secret stands in a command line. */
  readonly env: Readonly<Record<string, string>>;
  readonly url: string;
  readonly signal: NodeJS.Signals;
  readonly ready: () => Promise<boolean>;
}

/** The container's client in the foreground is the supervised process: it passes signals on and ends with its container. */
function container(context: InfraContext, plan: ContainerPlan): ProcessPlan {
  const name = `kkm-${context.identity.id}-${plan.name}`;
  const remove = async (): Promise<void> => {
    await run('docker', ['rm', '--force', name]).catch(() => undefined); // Normally there is none.
  };
  return {
    name: plan.name,
    command: ['docker', 'run', '--rm', '--name', name, '--label', `${label}=${context.paths.dir}`, '--stop-signal', plan.signal, ...plan.options, plan.image],
    env: { ...inheritedEnvironment(), ...plan.env },
    cwd: '/',
    logFile: join(context.paths.logs, `${plan.name}.log`),
    url: plan.url,
    shown: true,
    end: { signal: plan.signal, graceMs: 30_000 },
    ready: plan.ready,
    readyWithinMs: 600_000, // The image may have to be pulled.
    beforeStart: remove,
    afterEnd: remove,
  };
}

/** A state folder that was deleted leaves its volumes behind; the next one at the same place clears them away. */
async function removeForgottenVolumes(stateDir: string, id: string): Promise<void> {
  const { stdout } = await run('docker', ['volume', 'ls', '--quiet', '--filter', `label=${label}=${stateDir}`]);
  const forgotten = stdout.split('\n').filter((name) => name !== '' && !name.startsWith(`kkm-${id}-`));
  if (forgotten.length > 0) await run('docker', ['volume', 'rm', '--force', ...forgotten]);
}

/** Removes the volumes of a state folder that is thrown away. */
export async function removeVolumes(id: string): Promise<void> {
  await run('docker', ['volume', 'rm', '--force', `kkm-${id}-postgres`, `kkm-${id}-rabbitmq`]).catch(() => undefined); // No engine, no volumes.
}
