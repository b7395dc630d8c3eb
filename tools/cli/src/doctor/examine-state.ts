import { accessSync, constants, existsSync, readdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { PortName, Settings } from '../cli.config';
import { portVariables } from '../cli.config';
import { isRoot } from '../infra/run-as';
import { readIfThere } from '../state/files';
import { portIsFree } from '../state/port-probe';
import { readState } from '../state/state-file';
import { statePaths } from '../state/state-paths';
import { lockHolder } from '../state/supervisor-lock';
import { statusLines } from '../verbs/status';
import type { Finding } from './finding';
import { judgeCertificate, judgeSecrets } from './judge-files';

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

/** Where the compose shapes keep certificates, below the checkout. Each is looked at where it is. */
const certificatePlaces = [
  { file: '.kkm/head-office/server_certificate', authority: '.kkm/head-office/ca_certificate' },
  { file: '.kkm/head-office/ca_certificate', authority: null },
  { file: 'infra/site/account/ca_certificate', authority: null },
] as const;

/** Certificates of a head office or a café of this checkout. */
export function examineCertificates(root: string, nowMs: number): readonly Finding[] {
  return certificatePlaces.flatMap(({ file, authority }) => {
    const pem = readIfThere(join(root, file));
    return pem === null ? [] : [judgeCertificate({ file, pem, authority: authority === null ? null : readIfThere(join(root, authority)) }, nowMs)];
  });
}

/** Who can read the secrets of a system that was started here before, and of the compose shapes, and whether their sealing keys are there. */
export function examineSecrets({ root, stateDir }: Settings): readonly Finding[] {
  const places = [
    { folder: statePaths(stateDir).secrets, needed: ['sealing-key', 'gateway-sealing-key'], begun: 'ledger-database-password' },
    { folder: join(root, '.kkm/head-office'), needed: ['sealing_key', 'gateway_sealing_key'], begun: 'ledger_database_password' },
  ];
  return places.flatMap(({ folder, needed, begun }) => {
    if (!existsSync(join(folder, begun))) return [];
    return [judgeSecrets({ folder, mode: statSync(folder).mode, names: readdirSync(folder), needed })];
  });
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
