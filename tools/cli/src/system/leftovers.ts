import { endTree } from '../processes/end-process';
import { isAlive } from '../processes/process-table';
import type { ProcessMark } from '../state/state-file';
import { readState } from '../state/state-file';
import type { StatePaths } from '../state/state-paths';
import type { Progress } from '../terminal/progress';

/** What a supervisor that was killed may take to end by itself: the kernel has told it to. */
const endWithinMs = 30_000;

/**
 * Ends the processes of a supervisor that is gone. They were sent their end signal when it died; this waits for them
 * and sends it once more to any that did not get it. Returns how many there were.
 */
export async function endLeftovers(paths: StatePaths, progress: Progress): Promise<number> {
  const state = readState(paths.state);
  if (state === null || isAlive(state.supervisor)) return 0;
  const left = state.processes.filter((each): each is typeof each & { mark: ProcessMark } => each.mark !== null && isAlive(each.mark));
  if (left.length === 0) return 0;
  progress.begin('leftovers', `waiting for the processes of a killed supervisor: ${left.map(({ name }) => name).join(', ')}`);
  await Promise.all(left.map(({ name, mark }) => endTree(mark, { signal: name === 'postgres' ? 'SIGINT' : 'SIGTERM', graceMs: endWithinMs })));
  progress.end('leftovers', 'the processes of a killed supervisor have ended', true);
  return left.length;
}
