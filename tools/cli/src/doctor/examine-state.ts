import { accessSync, constants, existsSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import type { PortName, Settings } from '../cli.config';
import { portVariables } from '../cli.config';
import { isRoot } from '../infra/run-as';
import { portIsFree } from '../state/port-probe';
import { readState } from '../state/state-file';
import { statePaths } from '../state/state-paths';
import { lockHolder } from '../state/supervisor-lock';
import { statusLines } from '../verbs/status';
import type { Finding } from './finding';

/** The deepest folder of a path that exists. */
export function existing(path: string): string {
  return existsSync(path) ? path : existing(dirname(path));
}

/** Whether this user may keep state where it is to lie, and whether somebody else's state lies there. */
export function examineStateFolder({ stateDir }: Settings): Finding {
  const folder = existing(stateDir);
  try {
    accessSync(folder, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch {
    return {
      kind: 'problem',
      about: 'state folder',
      words: `${folder} is closed to this user`,
      remedy: `use the user who made it, or set KKM_STATE_DIR to another folder`,
    };
  }
  const { uid } = statSync(folder);
  if (folder === stateDir && !isRoot() && uid !== process.getuid?.()) {
    return { kind: 'problem', about: 'state folder', words: `${folder} belongs to another user`, remedy: 'set KKM_STATE_DIR to a folder of your own' };
  }
  return { kind: 'ok', about: 'state folder', words: folder === stateDir ? stateDir : `${stateDir} (will be made)` };
}

/** Ports that the environment fixes must be free, unless this system itself has them. */
export async function examinePorts(settings: Settings): Promise<readonly Finding[]> {
  if (lockHolder(statePaths(settings.stateDir))) return [];
  const fixed = Object.entries(settings.ports) as [PortName, number][];
  if (fixed.length === 0) return [{ kind: 'ok', about: 'ports', words: 'free ones are chosen' }];
  const findings = fixed.map(async ([name, port]): Promise<Finding> => {
    if (await portIsFree(port)) return { kind: 'ok', about: 'port', words: `${portVariables[name]} ${port} is free` };
    return {
      kind: 'problem',
      about: 'port',
      words: `${portVariables[name]} ${port} is in use`,
      remedy: `stop what uses it (ss -ltnp 'sport = :${port}') or choose another`,
    };
  });
  return Promise.all(findings);
}

/** What runs, and whether all of it is ready; the terminal is asked for by its worker alone, whose readiness says whether it can work. */
export function examineSystem({ stateDir }: Settings): readonly Finding[] {
  const state = readState(statePaths(stateDir).state);
  if (state === null) return [{ kind: 'ok', about: 'system', words: 'not running; terminals are not asked' }];
  return statusLines(state).map(({ name, state: stands, url, restarts }) => {
    if (stands === 'running') return { kind: 'ok', about: name, words: `${url ?? ''}${restarts > 0 ? `, started again ${restarts} times` : ''}` };
    return { kind: 'note', about: name, words: stands, remedy: `see ${statePaths(stateDir).logs}/${name}.log` };
  });
}
