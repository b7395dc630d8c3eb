import { EventEmitter, once } from 'node:events';
import { chmodSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describeWith, pause } from '@kkm/testkit';
import { readSettings } from '../cli.config';
import { lockHolder } from '../state/supervisor-lock';
import { System } from './system';

const quiet = { begin: () => undefined, update: () => undefined, end: () => undefined, note: () => undefined, close: () => undefined };

/** A moment within the start at which the system is stopped. */
type Moment = { readonly afterMs: number } | { readonly oncePostgresIsReady: true };

/** Command lines that name a folder. */
function processesOf(folder: string): readonly string[] {
  const all = readdirSync('/proc').filter((name) => /^\d+$/.test(name) && name !== String(process.pid));
  return all.map(commandLineOf).filter((line) => line.includes(folder));
}

function commandLineOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
  } catch {
    return ''; // Gone.
  }
}

describeWith(['rabbitmq-server'], 'a system that is stopped while it starts', () => {
  const folder = mkdtempSync(join(tmpdir(), 'kkm-half-'));
  beforeAll(() => chmodSync(folder, 0o755)); // Postgres may run as another user.
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  // The last moment is half way: the broker needs seconds more than Postgres.
  it.each<[string, Moment, boolean]>([
    ['at once', { afterMs: 0 }, false],
    ['after 300 ms', { afterMs: 300 }, false],
    ['after 300 ms, its data thrown away', { afterMs: 300 }, true],
    ['once Postgres is ready', { oncePostgresIsReady: true }, false],
  ])('leaves nothing when stopped %s', async (name, moment, discard) => {
    const stateDir = join(folder, name.replaceAll(/\W+/g, '-'));
    const ready = new EventEmitter();
    const postgresIsReady = once(ready, 'postgres');
    const progress = { ...quiet, end: (what: string) => void ready.emit(what) };
    const system = new System({ settings: readSettings({}), stateDir, infra: 'native', strictPorts: true, discard, progress });
    const start = system.startServers().then(
      () => 'started',
      () => 'stopped',
    );
    await ('afterMs' in moment ? pause(moment.afterMs) : postgresIsReady);
    await system.stop();
    expect(await start).toBe('stopped');
    expect(processesOf(stateDir)).toEqual([]);
    expect(lockHolder(system.paths)).toBeNull();
    if (discard) expect(readdirSync(stateDir)).toEqual(['logs']);
  });
});
