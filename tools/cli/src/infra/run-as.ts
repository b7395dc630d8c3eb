import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { CommandFailed, exitCodes } from '../command-failed';
import type { RunAs } from '../processes/process-plan';

/** Whether this program runs as root. */
export function isRoot(): boolean {
  return process.getuid?.() === 0;
}

/** Postgres refuses to run as root. Root runs it as the machine's `postgres` user, else as `nobody`; everybody else as themselves. */
export function postgresUser(): RunAs | null {
  if (!isRoot()) return null;
  const users = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map((line) => line.split(':'));
  for (const name of ['postgres', 'nobody']) {
    const user = users.find((fields) => fields[0] === name);
    if (user) return { uid: Number(user[2]), gid: Number(user[3]) };
  }
  throw new CommandFailed(
    'Postgres does not run as root, and this machine has neither a user "postgres" nor "nobody". Run ./kkm as an ordinary user.',
    exitCodes.missing,
  );
}

/** Whether another user can reach a folder: every folder above it may be closed to them. */
export function canReach(folder: string, user: RunAs): boolean {
  return spawnSync('/bin/sh', ['-c', 'cd "$1"', 'sh', folder], { uid: user.uid, gid: user.gid, stdio: 'ignore', cwd: '/' }).status === 0;
}
