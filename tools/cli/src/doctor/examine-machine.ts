import { existsSync, readFileSync, statfsSync, statSync } from 'node:fs';
import { totalmem } from 'node:os';
import { join } from 'node:path';
import type { Settings } from '../cli.config';
import { mayInstall } from '../infra/apt';
import { dockerAnswers } from '../infra/docker-servers';
import { chromiumCommand, hasChromium } from '../infra/install-chromium';
import { rabbitmqCommand } from '../infra/install-rabbitmq';
import { hasSocat, socatCommand } from '../infra/install-socat';
import { hasSpin, spinCommand } from '../infra/install-spin';
import { binarySearch, findPostgresBinaries } from '../infra/postgres-binaries';
import { findRabbitmq } from '../infra/rabbitmq-binaries';
import type { Finding } from './finding';

/** Below these the broker refuses messages (it keeps 500 MB of disk free) or the system swaps. */
const leastBytes = { disk: 2e9, memory: 2e9 } as const;

/** Node.js itself: `./kkm` refuses older ones before this program runs. */
export function examineNode(): Finding {
  return { kind: 'ok', about: 'Node.js', words: `${process.version}, ${process.execPath}` };
}

/** Whether node_modules are those of the lock file. `./kkm` sees to it; this tells when somebody changed them since. */
export function examinePackages({ root }: Settings): Finding {
  const stamp = join(root, 'node_modules/.kkm-stamp');
  if (!existsSync(stamp)) return { kind: 'note', about: 'npm packages', words: 'not installed by ./kkm yet', remedy: './kkm check installs them' };
  const stale = statSync(join(root, 'package-lock.json')).mtimeMs > statSync(stamp).mtimeMs;
  return { kind: 'ok', about: 'npm packages', words: stale ? 'the lock file is newer; the next command looks after it' : `as package-lock.json says` };
}

/** Where the private RabbitMQ node would come from. */
export async function examineRabbitmq(settings: Settings): Promise<Finding> {
  const bin = findRabbitmq(settings.rabbitmqBin);
  if (bin) return { kind: 'ok', about: 'RabbitMQ', words: `${bin}/rabbitmq-server` };
  if (mayInstall())
    return { kind: 'note', about: 'RabbitMQ', words: 'not on this machine', remedy: './kkm up installs it with apt, without starting its system service' };
  const otherwise = settings.external !== null || (await dockerAnswers());
  return { kind: otherwise ? 'note' : 'problem', about: 'RabbitMQ', words: 'not on this machine, and this user may not install it', remedy: rabbitmqCommand };
}

/** Which Postgres programs would be used. */
export function examinePostgres(settings: Settings): Finding {
  const found = findPostgresBinaries(binarySearch(settings.root, settings.postgresBin));
  const [first] = found;
  if (!first)
    return { kind: 'problem', about: 'Postgres', words: 'no programs on this machine and none in node_modules', remedy: 'apt-get install -y postgresql' };
  return { kind: 'ok', about: 'Postgres', words: `version ${first.major}, ${first.bin}${found.length > 1 ? ` (and ${found.length - 1} more)` : ''}` };
}

/** Docker is only needed for `--infra docker` and the container tests. */
export async function examineDocker(): Promise<Finding> {
  if (await dockerAnswers()) return { kind: 'ok', about: 'Docker', words: 'the engine answers' };
  return {
    kind: 'note',
    about: 'Docker',
    words: 'no engine answers; the tests that need one are skipped',
    remedy: 'apt-get install -y docker.io, and membership in the group docker',
  };
}

/** spin is only needed for the model of the permit protocol. */
export function examineSpin(): Finding {
  if (hasSpin()) return { kind: 'ok', about: 'spin', words: 'checks the model of the permit protocol' };
  const words = 'spin or its C compiler is not on this machine; the model of the permit protocol is not checked';
  return { kind: 'note', about: 'spin', words, remedy: mayInstall() ? './kkm test model installs it with apt' : spinCommand };
}

/** socat is only needed for the tests of serial cables. */
export function examineSocat(): Finding {
  if (hasSocat()) return { kind: 'ok', about: 'socat', words: 'makes serial cables without hardware' };
  const words = 'socat is not on this machine; serial cables are not tested';
  return { kind: 'note', about: 'socat', words, remedy: mayInstall() ? './kkm test int installs it with apt' : socatCommand };
}

/** A browser is only needed for the tests of the pages and for their pictures. */
export function examineChromium(): Finding {
  if (hasChromium()) return { kind: 'ok', about: 'Chromium', words: 'shows the pages to their tests' };
  const words = 'Chromium is not on this machine; the pages are not tested';
  return { kind: 'note', about: 'Chromium', words, remedy: mayInstall() ? './kkm test browser installs it with apt' : chromiumCommand };
}

/** Free disk where the state lies, and memory. */
export function examineRoom(folder: string): readonly Finding[] {
  const { bavail, bsize } = statfsSync(folder);
  const free = bavail * bsize;
  const gigabytes = (bytes: number): string => `${(bytes / 1e9).toFixed(1)} GB`;
  return [
    free >= leastBytes.disk
      ? { kind: 'ok', about: 'disk', words: `${gigabytes(free)} free` }
      : {
          kind: 'problem',
          about: 'disk',
          words: `${gigabytes(free)} free; the broker stops below 0.5 GB`,
          remedy: `make room, or set KKM_STATE_DIR to a disk with ${gigabytes(leastBytes.disk)}`,
        },
    totalmem() >= leastBytes.memory
      ? { kind: 'ok', about: 'memory', words: gigabytes(totalmem()) }
      : { kind: 'note', about: 'memory', words: `${gigabytes(totalmem())}; the whole system takes about 1 GB` },
  ];
}

/** A clock that stands before the build was made is wrong; certificates and expiry depend on it. */
export function examineClock(root: string, nowMs: number): Finding {
  const builtMs = statSync(join(root, 'package-lock.json')).mtimeMs;
  const words = new Date(nowMs).toISOString();
  if (nowMs + 60_000 < builtMs)
    return { kind: 'problem', about: 'clock', words: `${words}, before this checkout was made`, remedy: 'set the clock: timedatectl set-ntp true' };
  return { kind: 'ok', about: 'clock', words };
}

/** Without it a supervisor that is killed cannot take its processes along. */
export function examineGuard(): Finding {
  const there = existsSync('/usr/bin/setpriv') || existsSync('/bin/setpriv');
  if (there) return { kind: 'ok', about: 'setpriv', words: 'ends the processes of a killed supervisor' };
  return { kind: 'note', about: 'setpriv', words: 'missing: processes would outlive a killed supervisor', remedy: 'apt-get install -y util-linux' };
}

/** Whether the kernel shows processes, without which nothing could be told about them. */
export function examineProcessTable(): Finding {
  try {
    readFileSync('/proc/self/stat');
    return { kind: 'ok', about: 'process table', words: '/proc is there' };
  } catch {
    return { kind: 'problem', about: 'process table', words: '/proc cannot be read', remedy: 'run on Linux with /proc mounted' };
  }
}
