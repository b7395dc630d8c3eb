import type { Command } from './arguments';
import { parseCommand } from './arguments';
import { readSettings } from './cli.config';
import { CommandFailed, exitCodes } from './command-failed';
import { helpText } from './help-text';
import type { Lifetime } from './terminal/lifetime';
import { live } from './terminal/lifetime';
import { status } from './verbs/status';

/** Everything but `help` and `status` loads what it needs when it is asked for: those two answer at once. */
async function run(command: Exclude<Command, { verb: 'help' | 'status' | 'later' }>, life: Lifetime): Promise<number> {
  const settings = readSettings();
  const { terminalProgress } = await import('./terminal/progress');
  switch (command.verb) {
    case 'up': {
      const { startByHand } = await import('./verbs/start-by-hand');
      return startByHand(settings, life, { ...command, progress: terminalProgress() });
    }
    case 'supervise': {
      const { supervise } = await import('./verbs/supervise');
      return supervise(settings, life, command.infra);
    }
    case 'down': {
      const { down } = await import('./verbs/down');
      return down(settings, life, terminalProgress());
    }
    case 'demo': {
      const { demo } = await import('./verbs/demo');
      return demo(settings, life, { infra: command.infra, progress: terminalProgress() });
    }
    case 'test': {
      const { test } = await import('./verbs/test');
      return test(settings, life, { ...command, progress: terminalProgress() });
    }
    case 'bench': {
      const { bench } = await import('./verbs/bench');
      return bench(settings, life, { words: command.rest, progress: terminalProgress() });
    }
    case 'chaos': {
      const { chaos } = await import('./verbs/chaos');
      return chaos(settings, life, { ...command, progress: terminalProgress() });
    }
    case 'backup': {
      const { backup } = await import('./verbs/backup');
      return backup(settings, command.folder);
    }
    case 'restore': {
      const { restore } = await import('./verbs/restore');
      return restore(settings, life, { ...command, progress: terminalProgress() });
    }
    case 'doctor': {
      const { doctor } = await import('./verbs/doctor');
      return doctor(settings);
    }
    case 'check': {
      const { runGates } = await import('./verbs/check');
      return runGates(settings, life, terminalProgress());
    }
  }
}

async function main(words: readonly string[]): Promise<number> {
  const command = parseCommand(words);
  switch (command.verb) {
    case 'help':
      process.stdout.write(helpText);
      return exitCodes.ok;
    case 'status':
      return status(readSettings(), command.json);
    case 'later':
      throw new CommandFailed(`./kkm ${command.name} is not part of this release.`, exitCodes.usage);
    default:
      return live((life) => run(command, life));
  }
}

main(process.argv.slice(2)).then(
  (code) => process.exit(code),
  (error: unknown) => {
    process.stderr.write(`${error instanceof CommandFailed ? error.message : String(error instanceof Error ? error.stack : error)}\n`);
    process.exit(error instanceof CommandFailed ? error.exitCode : exitCodes.failed);
  },
);
