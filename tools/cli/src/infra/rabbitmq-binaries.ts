import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** Debian's folder of the programs themselves; those in /usr/sbin change user and drop the environment. */
const debianFolder = '/usr/lib/rabbitmq/bin';

/** The folder that holds `rabbitmq-server`, or null when there is none. One that the environment names is the only one looked at. */
export function findRabbitmq(fromEnvironment: string | null): string | null {
  const folder = fromEnvironment ?? debianFolder;
  return existsSync(join(folder, 'rabbitmq-server')) ? folder : null;
}
