import type { Settings } from '../cli.config';
import { CommandFailed, exitCodes } from '../command-failed';
import type { InfraChoice } from '../infra/infra-choices';
import type { Lifetime } from '../terminal/lifetime';
import type { Progress } from '../terminal/progress';
import { up } from './up';
import type { SupervisorMessage } from './up-detached';

/** The supervisor in the background. It tells the command that started it how it goes until everything is up, and its own log ever after. */
export async function supervise(settings: Settings, life: Lifetime, infra: InfraChoice): Promise<number> {
  try {
    return await up(settings, life, {
      infra,
      progress: messageProgress(),
      ready: () => {
        tell({ kind: 'ready' });
      },
    });
  } catch (error) {
    const known = error instanceof CommandFailed;
    const message = error instanceof Error ? error.message : String(error);
    tell({ kind: 'failed', message, exitCode: known ? error.exitCode : exitCodes.failed });
    throw error;
  }
}

function tell(message: SupervisorMessage): void {
  if (process.connected) process.send?.(message, undefined, undefined, () => undefined); // Nobody listens any more: the log has it.
}

function messageProgress(): Progress {
  const log = (text: string): void => void process.stdout.write(`${new Date(performance.timeOrigin + performance.now()).toISOString()} ${text}\n`);
  return {
    begin: (name, what) => tell({ kind: 'begin', name, what }),
    update: (name, what) => tell({ kind: 'update', name, what }),
    end: (name, result, always = false) => {
      log(result);
      tell({ kind: 'end', name, result, always });
    },
    note: (text) => {
      log(text);
      tell({ kind: 'note', text });
    },
    close: () => undefined,
  };
}
