import { join } from 'node:path';
import { CommandFailed, exitCodes } from '../command-failed';
import { lastLines } from '../processes/log-file';
import { installPackages } from './apt';
import type { InfraContext } from './server-plans';

/** The one command a person has to run when this program may not. */
export const rabbitmqCommand = 'sudo apt-get install -y rabbitmq-server';

/** Installs Debian's rabbitmq-server without starting the machine's own broker. */
export async function installRabbitmq(context: InfraContext): Promise<void> {
  const { paths, progress } = context;
  const log = join(paths.logs, 'apt.log');
  progress.note('rabbitmq-server is not on this machine; apt installs it now, and its system service is not started');
  progress.begin('apt', 'installing rabbitmq-server with apt');
  if (!(await installPackages(['rabbitmq-server'], log)))
    throw new CommandFailed(`apt could not install rabbitmq-server. The end of ${log}:\n${lastLines(log, 12)}`, exitCodes.missing);
  progress.end('apt', 'rabbitmq-server is installed', true);
}
