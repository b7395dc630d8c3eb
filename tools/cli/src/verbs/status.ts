import type { Settings } from '../cli.config';
import { isAlive } from '../processes/process-table';
import type { SystemState } from '../state/state-file';
import { readState } from '../state/state-file';
import { statePaths } from '../state/state-paths';

/** One line of `status`, as scripts read it (design, chapter 10). */
export interface StatusLine {
  readonly name: string;
  /** The process itself; null while there is none. */
  readonly pid: number | null;
  readonly state: string;
  readonly url: string | null;
  readonly restarts: number;
}

/** How things stand now: what the supervisor wrote down, checked against the process table, so that a killed supervisor deceives nobody. */
export function statusLines(state: SystemState | null): readonly StatusLine[] {
  if (state === null) return [];
  const supervised = isAlive(state.supervisor);
  return state.processes
    .filter(({ shown }) => shown)
    .map(({ name, mark, state: last, url, restarts }) => {
      const pid = mark !== null && isAlive(mark) ? mark.pid : null;
      return { name, pid, state: pid !== null ? last : supervised && last !== 'stopped' ? 'waiting' : 'stopped', url, restarts };
    });
}

/** Prints what runs. With `json` the standard output is the document alone. Exit code 0 in every case: what stands is in the answer. */
export function status(settings: Settings, json: boolean): number {
  const paths = statePaths(settings.stateDir);
  const state = readState(paths.state);
  const lines = statusLines(state);
  process.stdout.write(json ? `${JSON.stringify({ services: lines })}\n` : forPeople(state, lines, paths.endpoints));
  return 0;
}

function forPeople(state: SystemState | null, lines: readonly StatusLine[], endpoints: string): string {
  if (state === null) return 'Nothing is running. ./kkm up starts the system.\n';
  const rows = lines.map(
    ({ name, pid, state: stands, url, restarts }) =>
      `  ${name.padEnd(18)}${stands.padEnd(10)}${String(pid ?? '–').padEnd(9)}${String(restarts).padEnd(10)}${url ?? ''}`,
  );
  const dead = isAlive(state.supervisor) ? '' : 'The supervisor was killed; ./kkm down clears up, ./kkm up starts again.\n';
  return `${dead}  ${'name'.padEnd(18)}${'state'.padEnd(10)}${'pid'.padEnd(9)}${'restarts'.padEnd(10)}address\n${rows.join('\n')}\nAddresses and keys for scripts: ${endpoints}\n`;
}
