import { spawnSync } from 'node:child_process';
import type { Progress } from '../terminal/progress';
import { provideProgram } from './provide-program';

const packages = ['socat'];

/** The one command a person has to run when this program may not. */
export const socatCommand = `sudo apt-get install -y ${packages.join(' ')}`;

/** Whether cables can be made on this machine. */
export function hasSocat(): boolean {
  return spawnSync('socat', ['-V'], { stdio: 'ignore', timeout: 10_000 }).status === 0;
}

/** Sees to it that cables can be made without hardware; see {@link provideProgram}. */
export function provideSocat(log: string, progress: Progress): Promise<void> {
  return provideProgram({ name: 'socat', what: 'socat, which makes serial cables without hardware,', packages, isThere: hasSocat }, log, progress);
}
