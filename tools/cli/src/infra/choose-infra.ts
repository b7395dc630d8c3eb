import { CommandFailed, exitCodes } from '../command-failed';
import { mayInstall } from './apt';
import { dockerAnswers, dockerInfra } from './docker-servers';
import type { InfraChoice } from './infra-choices';
import { installRabbitmq, rabbitmqCommand } from './install-rabbitmq';
import { preparePostgres } from './postgres-server';
import { findRabbitmq } from './rabbitmq-binaries';
import { prepareRabbitmq } from './rabbitmq-server';
import type { Infra, InfraContext } from './server-plans';

/** What a machine offers. */
export interface Offers {
  readonly rabbitmq: boolean;
  readonly mayInstall: boolean;
  readonly docker: () => Promise<boolean>;
  readonly external: boolean;
}

/** Takes the first that works: servers of this machine, then containers, then given URLs. Null when there is none. */
export async function decideInfra(choice: InfraChoice, offers: Offers): Promise<Exclude<InfraChoice, 'auto'> | null> {
  const native = offers.rabbitmq || offers.mayInstall;
  if (choice === 'native') return native ? 'native' : null;
  if (choice === 'docker') return (await offers.docker()) ? 'docker' : null;
  if (choice === 'external') return offers.external ? 'external' : null;
  if (native) return 'native';
  if (await offers.docker()) return 'docker';
  return offers.external ? 'external' : null;
}

/** Prepares broker and database as chosen; nothing runs yet. Throws {@link CommandFailed} with what a person has to do when it cannot be had. */
export async function chooseInfra(choice: InfraChoice, context: InfraContext): Promise<Infra> {
  const { rabbitmqBin, external } = context.settings;
  const rabbitmq = findRabbitmq(rabbitmqBin) !== null;
  const decided = await decideInfra(choice, { rabbitmq, mayInstall: mayInstall(), docker: dockerAnswers, external: external !== null });
  switch (decided) {
    case 'native':
      return nativeInfra(context);
    case 'docker':
      return dockerInfra(context);
    case 'external':
      return externalInfra(context);
    case null:
      throw new CommandFailed(whatIsMissing(choice), exitCodes.missing);
  }
}

function whatIsMissing(choice: InfraChoice): string {
  if (choice === 'docker') return 'No Docker engine answers this user. Start it, or leave --infra out.';
  if (choice === 'external')
    return '--infra external needs KKM_AMQP_URL, KKM_AMQP_MANAGEMENT_URL and KKM_ADMIN_DATABASE_URL (a role that may create databases and roles).';
  return `RabbitMQ is not on this machine, and this user may not install it. Run this once, then the same command again:\n\n  ${rabbitmqCommand}\n`;
}

async function nativeInfra(context: InfraContext): Promise<Infra> {
  const { settings, progress } = context;
  if (findRabbitmq(settings.rabbitmqBin) === null) await installRabbitmq(context);
  const bin = findRabbitmq(settings.rabbitmqBin);
  if (bin === null)
    throw new CommandFailed('rabbitmq-server was installed, but not where Debian puts it. Set KKM_RABBITMQ_BIN to its folder.', exitCodes.missing);
  progress.begin('prepare', 'preparing Postgres');
  const postgres = await preparePostgres(context);
  progress.end('prepare', 'a database cluster of this checkout is prepared');
  const rabbitmq = prepareRabbitmq(context, bin);
  return {
    kind: 'native',
    words: `${postgres.words} and a RabbitMQ node of ${bin}`,
    servers: [{ before: [], server: postgres.plan }, rabbitmq.plans],
    amqpUrl: rabbitmq.amqpUrl,
    managementUrl: rabbitmq.managementUrl,
    adminDatabaseUrl: postgres.adminUrl,
  };
}

function externalInfra(context: InfraContext): Infra {
  const { external } = context.settings;
  if (!external) throw new CommandFailed(whatIsMissing('external'), exitCodes.missing);
  return {
    kind: 'external',
    words: 'servers given by KKM_AMQP_URL and KKM_ADMIN_DATABASE_URL',
    servers: [],
    amqpUrl: external.amqpUrl,
    managementUrl: external.managementUrl,
    adminDatabaseUrl: external.adminDatabaseUrl,
  };
}
