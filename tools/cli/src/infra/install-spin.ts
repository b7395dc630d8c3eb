import { spawnSync } from 'node:child_process';
import type { Progress } from '../terminal/progress';
import { provideProgram } from './provide-program';

/** spin turns a model into a C program, which a compiler and the headers of the C library make into a verifier. */
const packages = ['spin', 'gcc', 'libc6-dev'];

/** The one command a person has to run when this program may not. */
export const spinCommand = `sudo apt-get install -y ${packages.join(' ')}`;

/** Whether models can be checked on this machine. */
export function hasSpin(): boolean {
  const succeeds = (program: string, words: readonly string[]): boolean => spawnSync(program, words, { stdio: 'ignore', timeout: 10_000 }).status === 0;
  return succeeds('spin', ['-V']) && succeeds('gcc', ['-fsyntax-only', '-include', 'stdio.h', '-x', 'c', '/dev/null']);
}

/** Sees to it that models can be checked; see {@link provideProgram}. */
export function provideSpin(log: string, progress: Progress): Promise<void> {
  return provideProgram({ name: 'spin', what: 'spin, which checks models, or its C compiler', packages, isThere: hasSpin }, log, progress);
}
