import { constants } from 'node:fs';
import { open, readFile, realpath, stat } from 'node:fs/promises';
import { autoDetect } from '@serialport/bindings-cpp';
import type { BindingPortInterface } from '@serialport/bindings-cpp';
import { Rejected, Unavailable } from '@kkm/core';
import type { KnownError, SerialSettings, Transport } from '@kkm/core';
import { SerialTransport } from './serial-transport';

/** What the binding says, and nobody else, when another program has locked the port (its version is pinned). */
const lockRefusal = 'Cannot lock port';

/** Where Linux tells which files are locked, and by whom. */
const lockList = '/proc/locks';

/**
 * Serial ports as Linux names them: ttyUSB0, ttyACM0, ttyS0, ttyAMA0, rfcomm0, and the pseudo terminals of tests. Settings come from far away, so nothing else
 * below /dev is ever opened: opening a watchdog starts it, and a console answers to whoever stands before it.
 */
const portPattern = /^\/dev\/(?:tty[A-Za-z]+\d+|rfcomm\d+|pts\/\d+)$/;

/**
 * Opens the port of a terminal's cable, which then is this process's alone, and throws away what an earlier session left in it. Links are resolved at every
 * opening: a terminal that was plugged in again has another port behind the same link.
 *
 * Throws `Unavailable` with `terminal.unplugged` or `terminal.port_busy`, which may pass by themselves, and `Rejected` with `terminal.port_forbidden` or
 * `terminal.port_unusable`, which a person has to mend.
 */
export async function openSerial(settings: Omit<SerialSettings, 'kind'>): Promise<Transport> {
  const port = await portBehind(settings.path);
  if (await isLocked(port)) throw busy(settings.path);
  const binding = await opened(port, settings);
  const transport = new SerialTransport(binding, port);
  await transport.settle();
  if (!transport.ended) return transport;
  throw new Unavailable('terminal.unplugged', { detail: `${port} vanished while it was opened.` });
}

/** The port that a path leads to now. */
async function portBehind(path: string): Promise<string> {
  const found = await realpath(path)
    .then(async (port) => ({ port, isPort: portPattern.test(port) && (await stat(port)).isCharacterDevice() }))
    .catch((cause: unknown) => {
      throw refusalOf(codeOf(cause), path, cause);
    });
  if (found.isPort) return found.port;
  throw new Rejected('terminal.port_unusable', { detail: `${path} leads to ${found.port}, which is no serial port.` });
}

/**
 * Whether somebody has the port. The binding asks for its lock only after it has set parity and stop bits, which would garble what a terminal is just answering to whoever
 * has the port, another terminal's line of this very process perhaps; so it is looked before. Where the list cannot be read, the binding's lock alone refuses.
 */
async function isLocked(port: string): Promise<boolean> {
  const found = await stat(port, { bigint: true }).catch(() => null);
  const list = await readFile(lockList, 'utf8').catch(() => '');
  if (!found) return false; // It has gone, as the opening will tell.
  const { dev, ino } = found;
  const place = `${hex((dev >> 8n) & 0xfffn)}:${hex((dev & 0xffn) | ((dev >> 12n) & 0xfff00n))}:${ino}`;
  return list.split('\n').some((entry) => entry.includes(' FLOCK ') && entry.split(/\s+/).includes(place));
}

function hex(number: bigint): string {
  return number.toString(16).padStart(2, '0');
}

async function opened(port: string, { path, baudRate, parity, stopBits }: Omit<SerialSettings, 'kind'>): Promise<BindingPortInterface> {
  try {
    return await autoDetect().open({ path: port, baudRate, parity, stopBits, dataBits: 8, lock: true });
  } catch (cause) {
    const words = cause instanceof Error ? cause.message : String(cause);
    if (words.includes(lockRefusal)) throw busy(path, cause);
    throw refusalOf(await errnoOf(port), path, cause);
  }
}

/** Why a port cannot be opened, as the system names it: the binding gives words alone. Empty when it can be opened now. */
async function errnoOf(port: string): Promise<string> {
  try {
    const handle = await open(port, constants.O_RDWR | constants.O_NOCTTY | constants.O_NONBLOCK);
    await handle.close();
    return '';
  } catch (error) {
    return codeOf(error);
  }
}

function codeOf(error: unknown): string {
  return typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : '';
}

/** What the system's refusal means for whoever wants the port. */
function refusalOf(errno: string, path: string, cause: unknown): KnownError {
  switch (errno) {
    case 'ENOENT':
    case 'ENOTDIR':
    case 'ENXIO':
    case 'ENODEV':
    case 'EIO':
      return new Unavailable('terminal.unplugged', { detail: `There is no ${path} now (${errno}).`, cause });
    case 'EBUSY':
      return busy(path, cause);
    case 'EACCES':
    case 'EPERM':
      return new Rejected('terminal.port_forbidden', { detail: `The worker's user may not open ${path} (${errno}); the group dialout usually may.`, cause });
    default:
      return new Rejected('terminal.port_unusable', { detail: `${path}: ${cause instanceof Error ? cause.message : errno}`, cause });
  }
}

function busy(path: string, cause?: unknown): Unavailable {
  return new Unavailable('terminal.port_busy', { detail: `Another program has ${path} open.`, cause });
}
