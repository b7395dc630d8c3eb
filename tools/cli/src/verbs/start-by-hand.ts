import type { Settings } from '../cli.config';
import type { InfraChoice } from '../infra/infra-choices';
import { readIfThere } from '../state/files';
import { readState } from '../state/state-file';
import { statePaths } from '../state/state-paths';
import { lockHolder } from '../state/supervisor-lock';
import type { Endpoints } from '../system/endpoints';
import type { Lifetime } from '../terminal/lifetime';
import type { Progress } from '../terminal/progress';
import { up } from './up';
import { upDetached } from './up-detached';

/** How a person asked for the system. */
export interface StartOptions {
  readonly infra: InfraChoice;
  readonly detach: boolean;
  readonly progress: Progress;
}

/** `./kkm up`: starts the system here or in the background and prints where it is. One that runs already is left as it is. */
export async function startByHand(settings: Settings, life: Lifetime, options: StartOptions): Promise<number> {
  const { detach, progress } = options;
  const paths = statePaths(settings.stateDir);
  if (lockHolder(paths) && readState(paths.state)?.phase === 'running') {
    progress.close();
    process.stdout.write(`The system runs already.\n${addresses(paths.endpoints)}`);
    return 0;
  }
  if (detach) {
    await upDetached(settings, life, options);
    process.stdout.write(`${addresses(paths.endpoints)}./kkm status shows how it stands, ./kkm down stops it.\n`);
    return 0;
  }
  return up(settings, life, { ...options, ready: () => process.stdout.write(`${addresses(paths.endpoints)}Ctrl-C stops everything.\n`) });
}

function addresses(file: string): string {
  const text = readIfThere(file);
  if (text === null) return '';
  const { api, admin, adminUser, virtualTerminal, kkmserver, kkmserverUser } = JSON.parse(text) as Endpoints;
  const lines = [
    `admin page        ${admin}/, user ${adminUser}`,
    `API               ${api}`,
    `KkmServer door    ${kkmserver}/Execute, account ${kkmserverUser}`,
    `virtual terminal  ${virtualTerminal}`,
    `for scripts       ${file} (addresses, the API key, the passwords of ${adminUser} and of the door)`,
  ];
  return `\n${lines.map((line) => `  ${line}\n`).join('')}\n`;
}
