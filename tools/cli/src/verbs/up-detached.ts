import { spawn } from 'node:child_process';
import { closeSync } from 'node:fs';
import { join } from 'node:path';
import { ownEnvironment } from '../cli.config';
import type { Settings } from '../cli.config';
import { CommandFailed } from '../command-failed';
import type { InfraChoice } from '../infra/infra-choices';
import { endTree } from '../processes/end-process';
import { lastLines, openLog } from '../processes/log-file';
import { markOf } from '../processes/process-table';
import { statePaths } from '../state/state-paths';
import type { Lifetime } from '../terminal/lifetime';
import type { Progress } from '../terminal/progress';

/** What the supervisor in the background tells the command that started it. */
export type SupervisorMessage =
  | { readonly kind: 'begin' | 'update'; readonly name: string; readonly what: string }
  | { readonly kind: 'end'; readonly name: string; readonly result: string; readonly always: boolean }
  | { readonly kind: 'note'; readonly text: string }
  | { readonly kind: 'ready' }
  | { readonly kind: 'failed'; readonly message: string; readonly exitCode: number };

/** Stopping a supervisor that was told to stop while starting. */
const stopWithinMs = 60_000;

/** Starts the supervisor in the background and returns when everything is up; throws {@link CommandFailed} with its words when it fails. */
export async function upDetached(settings: Settings, life: Lifetime, options: { readonly infra: InfraChoice; readonly progress: Progress }): Promise<void> {
  const { progress, infra } = options;
  const logFile = join(statePaths(settings.stateDir).logs, 'supervisor.log');
  const log = openLog(logFile);
  const child = spawn(process.execPath, ['--enable-source-maps', join(settings.root, 'dist/tools/cli/src/main.js'), 'supervise', '--infra', infra], {
    cwd: settings.root,
    detached: true,
    stdio: ['ignore', log, log, 'ipc'],
    env: { ...ownEnvironment(), KKM_STATE_DIR: settings.stateDir },
  });
  closeSync(log);
  let ready = false;
  life.atEnd(async () => progress.close());
  life.atEnd(async () => {
    const mark = child.pid === undefined || ready ? null : markOf(child.pid);
    if (mark) await endTree(mark, { signal: 'SIGTERM', graceMs: stopWithinMs, hurry: life.hurry });
  });
  await new Promise<void>((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => reject(new CommandFailed(`The supervisor ended (exit code ${code}). The end of ${logFile}:\n${lastLines(logFile, 15)}`)));
    child.on('message', (message: SupervisorMessage) => {
      if (message.kind === 'ready') resolve();
      else if (message.kind === 'failed') reject(new CommandFailed(message.message, message.exitCode));
      else show(progress, message);
    });
  });
  ready = true;
  child.removeAllListeners();
  child.disconnect();
  child.unref();
}

function show(progress: Progress, message: SupervisorMessage): void {
  if (message.kind === 'begin') progress.begin(message.name, message.what);
  if (message.kind === 'update') progress.update(message.name, message.what);
  if (message.kind === 'end') progress.end(message.name, message.result, message.always);
  if (message.kind === 'note') progress.note(message.text);
}
