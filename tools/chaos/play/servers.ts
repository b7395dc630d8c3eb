import { monotonicMs, pause } from '../../bench/measure/clock';
import { signal } from '../../cli/src/processes/process-table';
import { readState } from '../../cli/src/state/state-file';
import type { ProcessStatus } from '../../cli/src/state/state-file';

/** Longer than a start of RabbitMQ on a busy machine, its supervisor's pause included. */
const restartMsMax = 120_000;
const lookEveryMs = 50;

/** The broker and the database of the run, which the command line supervises: they are killed here and started again there. */
export class Servers {
  constructor(private readonly stateFile: string) {}

  /** Kills a server and returns when its supervisor has it ready again. */
  async restart(name: 'rabbitmq' | 'postgres', moment: () => void): Promise<void> {
    const mark = this.status(name)?.mark;
    if (!mark) return; // It is down already.
    moment();
    signal(mark, 'SIGKILL');
    const deadline = monotonicMs() + restartMsMax;
    for (;;) {
      const now = this.status(name);
      if (now?.state === 'running' && now.mark?.pid !== mark.pid) return;
      if (monotonicMs() > deadline) throw new Error(`${name} was not ready again within ${restartMsMax} ms`);
      await pause(lookEveryMs);
    }
  }

  /** Null for the moment in which the supervisor has just not written it down. */
  private status(name: string): ProcessStatus | null {
    return readState(this.stateFile)?.processes.find((each) => each.name === name) ?? null;
  }
}
