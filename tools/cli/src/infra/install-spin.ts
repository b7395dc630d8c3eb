import { spawnSync } from 'node:child_process';
import { lastLines } from '../processes/log-file';
import type { Progress } from '../terminal/progress';
import { installPackages, mayInstall } from './apt';

/** spin turns a model into a C program, which a compiler and the headers of the C library make into a verifier. */
const packages = ['spin', 'gcc', 'libc6-dev'];

/** The one command a person has to run when this program may not. */
export const spinCommand = `sudo apt-get install -y ${packages.join(' ')}`;

/** Whether models can be checked on this machine. */
export function hasSpin(): boolean {
  const succeeds = (program: string, words: readonly string[]): boolean => spawnSync(program, words, { stdio: 'ignore', timeout: 10_000 }).status === 0;
  return succeeds('spin', ['-V']) && succeeds('gcc', ['-fsyntax-only', '-include', 'stdio.h', '-x', 'c', '/dev/null']);
}

/**
 * Sees to it that models can be checked, where this program may install packages. Never fails: without spin the suite that needs it says so itself
 * and counts as skipped.
 */
export async function provideSpin(log: string, progress: Progress): Promise<void> {
  if (hasSpin() || !mayInstall()) return;
  progress.note('spin, which checks models, or its C compiler is not on this machine; apt installs it now');
  progress.begin('apt-spin', 'installing spin with apt');
  const installed = await installPackages(packages, log);
  progress.end('apt-spin', installed ? 'spin is installed' : `apt could not install spin. The end of ${log}:\n${lastLines(log, 5)}`, true);
}
