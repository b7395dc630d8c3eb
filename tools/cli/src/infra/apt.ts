import { spawn } from 'node:child_process';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { inheritedEnvironment } from '../cli.config';
import { endTree } from '../processes/end-process';
import { openLog } from '../processes/log-file';
import { markOf } from '../processes/process-table';
import { isRoot } from './run-as';

const policyFile = '/usr/sbin/policy-rc.d';
const policyMark = '# Made by ./kkm for the time of an installation.';
/** invoke-rc.d(8): exit code 101 means that the action is forbidden. */
const policy = `#!/bin/sh\n${policyMark}\nexit 101\n`;

/** Whether this program may install packages: as root, where apt is. */
export function mayInstall(): boolean {
  return isRoot() && existsSync('/usr/bin/apt-get');
}

let earlier: Promise<unknown> = Promise.resolve();

/**
 * Installs Debian packages without starting the machine's own services: invoke-rc.d asks policy-rc.d, which refuses for the time of the
 * installation. One that exists is left alone. One installation at a time; returns whether apt did it, and what it said is in `log`.
 */
export function installPackages(packages: readonly string[], log: string): Promise<boolean> {
  const installed = earlier.then(() => installAlone(packages, log));
  earlier = installed.catch(() => undefined);
  return installed;
}

async function installAlone(packages: readonly string[], log: string): Promise<boolean> {
  const ours = forbidServiceStarts();
  const withdraw = (): void => {
    if (ours && existsSync(policyFile) && readFileSync(policyFile, 'utf8').includes(policyMark)) rmSync(policyFile);
  };
  process.once('exit', withdraw);
  try {
    // A fresh machine has no package lists, an old one has lists whose packages are gone: only then fetch them.
    const install = ['install', '-y', ...packages];
    return (await apt(log, install)) || ((await apt(log, ['update'])) && (await apt(log, install)));
  } finally {
    withdraw();
    process.off('exit', withdraw);
  }
}

/** Returns whether the policy is ours to withdraw. */
function forbidServiceStarts(): boolean {
  try {
    writeFileSync(policyFile, policy, { mode: 0o755, flag: 'wx' });
    return true;
  } catch {
    return readFileSync(policyFile, 'utf8').includes(policyMark); // There is one; ours when a killed ./kkm left it.
  }
}

const running = new Set<number>();

/** Ends an installation that runs, when the command is stopped; dpkg is repairable (`dpkg --configure -a`), as after any Ctrl-C. */
export async function stopInstallation(): Promise<void> {
  for (const pid of running) {
    const mark = markOf(pid);
    if (mark) await endTree(mark, { signal: 'SIGTERM', graceMs: 30_000 });
  }
}

function apt(log: string, words: readonly string[]): Promise<boolean> {
  const output = openLog(log);
  return new Promise((resolve) => {
    const child = spawn('apt-get', ['-o', 'DPkg::Lock::Timeout=300', ...words], {
      stdio: ['ignore', output, output],
      detached: true,
      env: { ...inheritedEnvironment(), DEBIAN_FRONTEND: 'noninteractive' },
    });
    const { pid } = child;
    if (pid !== undefined) running.add(pid);
    const finish = (ok: boolean): void => {
      if (pid !== undefined) running.delete(pid);
      resolve(ok);
    };
    child.once('error', () => finish(false));
    child.once('exit', (code) => finish(code === 0));
  });
}
