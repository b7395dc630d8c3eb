import { rmSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Settings } from '../cli.config';
import { endTree } from '../processes/end-process';
import { isAlive, signal } from '../processes/process-table';
import type { ProcessMark } from '../state/state-file';
import { readState } from '../state/state-file';
import { lockHolder } from '../state/supervisor-lock';
import type { StatePaths } from '../state/state-paths';
import { statePaths } from '../state/state-paths';
import { endLeftovers } from '../system/leftovers';
import type { Lifetime } from '../terminal/lifetime';
import type { Progress } from '../terminal/progress';

/** An orderly end takes at most this long: 30 s for a worker with a guest at the terminal, and the others after it. */
const endWithinMs = 150_000;

/** Stops the system of a state folder and returns when nothing of it runs any more. */
export async function down(settings: Settings, life: Lifetime, progress: Progress): Promise<number> {
  const paths = statePaths(settings.stateDir);
  life.atEnd(async () => progress.close());
  const supervisor = lockHolder(paths);
  if (supervisor) await endSupervisor(supervisor, paths, { life, progress });
  const left = await endLeftovers(paths, progress);
  for (const file of [paths.state, paths.endpoints, paths.lock]) rmSync(file, { force: true });
  process.stdout.write(supervisor || left > 0 ? 'Stopped.\n' : 'Nothing was running.\n');
  return 0;
}

async function endSupervisor(
  supervisor: ProcessMark,
  paths: StatePaths,
  { life, progress }: { readonly life: Lifetime; readonly progress: Progress },
): Promise<void> {
  signal(supervisor, 'SIGTERM');
  const deadline = performance.now() + endWithinMs;
  let said = '';
  while (isAlive(supervisor) && performance.now() < deadline && !life.hurry()) {
    const waitingFor = stillThere(paths);
    if (waitingFor !== said) {
      progress.end('down', said);
      progress.begin('down', waitingFor);
      said = waitingFor;
    }
    await sleep(50);
  }
  progress.end('down', 'everything has ended');
  if (isAlive(supervisor)) await endTree(supervisor, { signal: 'SIGKILL', graceMs: 1_000 });
}

function stillThere(paths: StatePaths): string {
  const names = (readState(paths.state)?.processes ?? []).filter(({ state }) => state === 'stopping').map(({ name }) => name);
  return names.length > 0 ? `waiting for ${names.join(', ')} to end` : 'waiting for the supervisor to end';
}
