import { spawnSync } from 'node:child_process';
import type { Progress } from '../terminal/progress';
import { provideProgram } from './provide-program';

/** Debian has the tool in one package with the server. */
const packages = ['prometheus'];

/** Whether alerts can be tested on this machine. */
function hasPromtool(): boolean {
  return spawnSync('promtool', ['--version'], { stdio: 'ignore', timeout: 10_000 }).status === 0;
}

/** Sees to it that alerts can be tested; see {@link provideProgram}. */
export function providePromtool(log: string, progress: Progress): Promise<void> {
  return provideProgram({ name: 'promtool', what: 'promtool, which tests alerts', packages, isThere: hasPromtool }, log, progress);
}
