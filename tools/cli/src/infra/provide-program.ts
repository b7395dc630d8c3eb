import { lastLines } from '../processes/log-file';
import type { Progress } from '../terminal/progress';
import { installPackages, mayInstall } from './apt';

/** A program that some tests need and that apt has. */
export interface WantedProgram {
  readonly name: string;
  /** The beginning of a sentence that goes on with "is not on this machine". */
  readonly what: string;
  readonly packages: readonly string[];
  readonly isThere: () => boolean;
}

/**
 * Installs a program where it is missing and this program may install packages. Never fails: without it the suite that needs it says so itself and counts as
 * skipped.
 */
export async function provideProgram({ name, what, packages, isThere }: WantedProgram, log: string, progress: Progress): Promise<void> {
  if (isThere() || !mayInstall()) return;
  progress.note(`${what} is not on this machine; apt installs it now`);
  progress.begin(`apt-${name}`, `installing ${name} with apt`);
  const installed = await installPackages(packages, log);
  progress.end(`apt-${name}`, installed ? `${name} is installed` : `apt could not install ${name}. The end of ${log}:\n${lastLines(log, 5)}`, true);
}
