import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { closeSync, existsSync } from 'node:fs';
import { openLog } from './log-file';
import type { ProcessPlan } from './process-plan';

/** Of util-linux, which every Debian and Ubuntu has. */
const setpriv = ['/usr/bin/setpriv', '/bin/setpriv'].find((file) => existsSync(file)) ?? null;

/**
 * Starts a plan's process in a session of its own, so that Ctrl-C reaches only us and we end things in order. The kernel
 * sends it its end signal when we die without having been able to (setpriv --pdeathsig): no orphan, even after kill -9.
 */
export function spawnPlan(plan: ProcessPlan): ChildProcess {
  const guard = setpriv ? [setpriv, '--pdeathsig', plan.end.signal.replace('SIG', ''), '--'] : [];
  const [command, ...args] = [...guard, ...plan.command] as [string, ...string[]];
  const log = openLog(plan.logFile);
  try {
    return spawn(command, args, {
      cwd: plan.cwd,
      env: plan.env,
      stdio: ['ignore', log, log],
      detached: true,
      ...(plan.runAs ? { uid: plan.runAs.uid, gid: plan.runAs.gid } : {}),
    });
  } finally {
    closeSync(log); // The child has its own copy.
  }
}
