import { rmSync } from 'node:fs';
import { markOf } from '../processes/process-table';
import type { ProcessStatus, SystemState } from '../state/state-file';
import { writeState } from '../state/state-file';
import type { StatePaths } from '../state/state-paths';

/** Writes down how the system stands, for `status` and `down`, whenever something changes. */
export class StateKeeper {
  private phase: SystemState['phase'] = 'starting';
  private infra: string | null = null;

  constructor(
    private readonly paths: StatePaths,
    private readonly statuses: () => readonly ProcessStatus[],
  ) {}

  /** From now on changes are written. */
  begin(infra: string): void {
    this.infra = infra;
    this.changed();
  }

  enter(phase: SystemState['phase']): void {
    this.phase = phase;
    this.changed();
  }

  changed(): void {
    const supervisor = markOf(process.pid);
    if (this.infra === null || supervisor === null) return;
    writeState(this.paths.state, { supervisor, phase: this.phase, infra: this.infra, processes: this.statuses() });
  }

  /** Removes the state: nothing runs any more. */
  finish(): void {
    this.infra = null;
    rmSync(this.paths.state, { force: true });
  }
}
