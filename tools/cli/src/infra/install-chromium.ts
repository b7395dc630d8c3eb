import { existsSync } from 'node:fs';
import type { Progress } from '../terminal/progress';
import { provideProgram } from './provide-program';

/** The fonts have Cyrillic letters; without them pictures of the pages show boxes. */
const packages = ['chromium', 'fonts-dejavu-core'];

/** Where the test kit looks for it. */
const programs = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** The one command a person has to run when this program may not. */
export const chromiumCommand = `sudo apt-get install -y ${packages.join(' ')}`;

/** Whether pages can be looked at on this machine. */
export function hasChromium(): boolean {
  return programs.some((program) => existsSync(program));
}

/** Sees to it that pages can be looked at; see {@link provideProgram}. */
export function provideChromium(log: string, progress: Progress): Promise<void> {
  return provideProgram({ name: 'chromium', what: 'Chromium, in which the pages are tested,', packages, isThere: hasChromium }, log, progress);
}
