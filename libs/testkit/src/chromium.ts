import { existsSync } from 'node:fs';

/** Where Chromium is: as Debian and Ubuntu put it, then as its makers do. */
const programs = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'] as const;

/** What a person runs to have it. */
const command = 'apt-get install -y chromium';

/** The browser of this machine; null when there is none. */
export function findChromium(): string | null {
  return programs.find((program) => existsSync(program)) ?? null;
}

/** Why no page can be looked at here; null when there is a browser. */
export function chromiumMissing(): string | null {
  return findChromium() === null ? `it is not on this machine: ${command}` : null;
}
