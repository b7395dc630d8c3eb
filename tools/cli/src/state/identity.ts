import { createHash, randomBytes } from 'node:crypto';
import { join } from 'node:path';
import type { PortName, Settings } from '../cli.config';
import { portVariables } from '../cli.config';
import { CommandFailed } from '../command-failed';
import { readIfThere, writePrivate } from './files';
import { portIsFree } from './port-probe';
import type { StatePaths } from './state-paths';

/** What a state folder keeps for its life. */
export interface Identity {
  /** Tells this system's broker node and containers from those of other checkouts. */
  readonly id: string;
  readonly ports: Readonly<Record<PortName, number>>;
}

const portNames = Object.keys(portVariables) as PortName[];

/** Ports are taken below the range the kernel gives to outgoing connections, where they could be taken between two starts. */
const range = { first: 20_000, last: 32_000 } as const;

/** How ports are decided. */
export interface PortWishes {
  readonly wanted: Settings['ports'];
  /** Whether a wanted port that is taken ends the command; else another is chosen. */
  readonly strict: boolean;
  readonly note: (text: string) => void;
}

/**
 * Reads or makes the identity of a state folder, with every port free at this moment. A remembered port that somebody
 * else took meanwhile is replaced. Throws {@link CommandFailed} when a port that the environment fixes is taken.
 */
export async function settleIdentity(paths: StatePaths, wishes: PortWishes): Promise<Identity> {
  const known = readIdentity(paths);
  const taken = new Set<number>();
  const remembered = new Set<number>(Object.values(known?.ports ?? {}));
  const ports: Partial<Record<PortName, number>> = {};
  for (const name of portNames) {
    ports[name] = await settlePort(name, { known: known?.ports[name], wishes, taken, remembered, seed: paths.dir });
    taken.add(ports[name]);
  }
  const identity: Identity = { id: known?.id ?? randomBytes(5).toString('hex'), ports: ports as Record<PortName, number> };
  writePrivate(paths.identity, `${JSON.stringify(identity, null, 1)}\n`);
  return identity;
}

/** The identity kept in a state folder, or null. */
export function readIdentity(paths: StatePaths): Identity | null {
  const text = readIfThere(paths.identity);
  try {
    return text === null ? null : (JSON.parse(text) as Identity);
  } catch {
    return null; // Half a file from a full disk: draw a new identity.
  }
}

interface PortChoice {
  readonly known: number | undefined;
  readonly wishes: PortWishes;
  readonly taken: ReadonlySet<number>;
  /** Ports of the others, which a new one must not take from them. */
  readonly remembered: ReadonlySet<number>;
  readonly seed: string;
}

async function settlePort(name: PortName, choice: PortChoice): Promise<number> {
  const { wishes, known, taken, remembered } = choice;
  const usable = async (port: number) => !taken.has(port) && (await portIsFree(port));
  const wanted = wishes.wanted[name];
  if (wanted !== undefined) {
    if (await usable(wanted)) return wanted;
    if (wishes.strict) throw new CommandFailed(`${portVariables[name]} is ${wanted}, but that port is in use. Stop what uses it or choose another.`);
  } else if (known !== undefined) {
    if (await usable(known)) return known;
    wishes.note(`port ${known} (${name}) is in use by something else; another is chosen`);
  }
  for (let port = firstPort(choice.seed); ; port = port === range.last ? range.first : port + 1) {
    if (!remembered.has(port) && (await usable(port))) return port;
  }
}

/** Two checkouts begin their search at different places. */
function firstPort(seed: string): number {
  const blocks = (range.last - range.first) / 20;
  return range.first + (createHash('sha256').update(seed).digest().readUInt32BE(0) % blocks) * 20;
}

/** Reads a generated secret of the state folder or draws it: 48 hexadecimal digits, so that it needs no escaping anywhere. */
export function secret(paths: StatePaths, name: string): string {
  return drawnOnce(paths, name, () => randomBytes(24).toString('hex'));
}

/** Reads or draws what the ledger's key for banks' secrets is made from: 32 bytes in base64url. Whoever loses it sets every bank anew. */
export function sealingKey(paths: StatePaths): string {
  return drawnOnce(paths, 'sealing-key', () => randomBytes(32).toString('base64url'));
}

/** The same for the gateway's key, which seals the passwords of fiscal registers. Whoever loses it sets those anew. */
export function gatewaySealingKey(paths: StatePaths): string {
  return drawnOnce(paths, 'gateway-sealing-key', () => randomBytes(32).toString('base64url'));
}

function drawnOnce(paths: StatePaths, name: string, draw: () => string): string {
  const file = join(paths.secrets, name);
  const known = readIfThere(file)?.trim();
  if (known) return known;
  const drawn = draw();
  writePrivate(file, `${drawn}\n`);
  return drawn;
}

/** Keeps a value in a file that only the owner may read and gives its path, for variables that end in `_FILE`. */
export function secretFile(paths: StatePaths, name: string, value: string): string {
  const file = join(paths.secrets, name);
  if (readIfThere(file) !== `${value}\n`) writePrivate(file, `${value}\n`);
  return file;
}
