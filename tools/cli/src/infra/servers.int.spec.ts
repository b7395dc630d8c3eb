import { chmodSync, existsSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runStatements } from '@kkm/postgres';
import { describeWith, eventually } from '@kkm/testkit';
import { readSettings } from '../cli.config';
import { descendantsOf, isAlive } from '../processes/process-table';
import type { ProcessMark } from '../state/state-file';
import { readState } from '../state/state-file';
import { System } from '../system/system';
import { statusLines } from '../verbs/status';
import type { DatabaseUrls } from './database-set-up';
import { setUpDatabase } from './database-set-up';
import type { Infra } from './server-plans';

const root = readSettings({}).root;
const quiet = { begin: () => undefined, update: () => undefined, end: () => undefined, note: () => undefined, close: () => undefined };

interface Started {
  readonly system: System;
  readonly infra: Infra;
}

async function start(stateDir: string): Promise<Started> {
  const system = new System({ settings: readSettings({}), stateDir, infra: 'native', strictPorts: true, discard: false, progress: quiet });
  const { infra } = await system.startServers();
  return { system, infra };
}

function pidOf({ system }: Started, name: string): number {
  const pid = statusLines(readState(system.paths.state)).find((line) => line.name === name)?.pid;
  if (!pid) throw new Error(`${name} does not run.`);
  return pid;
}

function everything({ system }: Started): readonly ProcessMark[] {
  const marks = (readState(system.paths.state)?.processes ?? []).flatMap(({ mark }) => (mark ? [mark] : []));
  return marks.flatMap((mark) => [mark, ...descendantsOf(mark.pid)]);
}

/** One slow story of two systems, because a broker takes seconds to start: each test goes on from the one before. */
describeWith(['rabbitmq-server'], 'a private Postgres and RabbitMQ', () => {
  const folder = mkdtempSync(join(tmpdir(), 'kkm-servers-'));
  const dirs = [join(folder, 'one'), join(folder, 'two')] as const;
  let one: Started;
  let two: Started;
  let urls: DatabaseUrls;

  beforeAll(async () => {
    chmodSync(folder, 0o755); // Postgres may run as another user.
    [one, two] = await Promise.all([start(dirs[0]), start(dirs[1])]);
    urls = await setUpDatabase(one.infra.adminDatabaseUrl, one.system.paths, root);
  }, 120_000);

  afterAll(async () => {
    await Promise.all([one, two].map((each) => each?.system.stop(() => true)));
    rmSync(folder, { recursive: true, force: true });
  }, 60_000);

  it('run for two state folders side by side, with passwords of their own', async () => {
    expect(new Set([one, two].flatMap(({ infra }) => [infra.amqpUrl, infra.managementUrl, infra.adminDatabaseUrl])).size).toBe(6);
    const swapped = new URL(one.infra.adminDatabaseUrl);
    swapped.port = new URL(two.infra.adminDatabaseUrl).port;
    await expect(runStatements(swapped.href, ['select 1'])).rejects.toThrow(/password authentication failed/);
  });

  it('listen on the loopback address only', () => {
    const pids = [pidOf(one, 'postgres'), pidOf(one, 'rabbitmq')];
    expect(pids.flatMap(listenedAddresses).filter((address) => address !== '127.0.0.1')).toEqual([]);
    expect(pids.flatMap(listenedAddresses).length).toBeGreaterThanOrEqual(3);
  });

  it('keep secrets in files of their owner alone', () => {
    const { secrets, rabbitmq } = one.system.paths;
    const files = [...readdirSync(secrets).map((name) => join(secrets, name)), join(rabbitmq, 'rabbitmq.conf')];
    expect(files.filter((file) => (statSync(file).mode & 0o077) !== 0)).toEqual([]);
  });

  it('give each service a role that sees nothing of the other', async () => {
    await runStatements(urls.ledger, ['create table ledger.secret (value text)']);
    await expect(runStatements(urls.gateway, ['select * from ledger.secret'])).rejects.toThrow(/permission denied for schema ledger/);
    await expect(runStatements(urls.gateway, ['create table public.mine (value text)'])).rejects.toThrow(/permission denied for schema public/);
    await expect(runStatements(urls.gateway, ['create role other'])).rejects.toThrow(/permission denied/);
  });

  it('can be set up again, with passwords that were renewed', async () => {
    rmSync(join(one.system.paths.secrets, 'ledger-database-password'));
    const again = await setUpDatabase(one.infra.adminDatabaseUrl, one.system.paths, root);
    expect(again.ledger).not.toBe(urls.ledger);
    await runStatements(again.ledger, ["insert into ledger.secret values ('kept')"]);
    await expect(runStatements(urls.ledger, ['select 1'])).rejects.toThrow(/password authentication failed/);
  });

  it('come back with their data when both are killed', async () => {
    const before = { postgres: pidOf(one, 'postgres'), rabbitmq: pidOf(one, 'rabbitmq') };
    await manage(one.infra, 'PUT', '/api/queues/%2F/kept', { durable: true, arguments: { 'x-queue-type': 'quorum' } });
    for (const pid of Object.values(before)) process.kill(pid, 'SIGKILL');
    await eventually(() => {
      const lines = statusLines(readState(one.system.paths.state));
      expect(lines.map(({ name, state, restarts }) => ({ name, state, restarts }))).toEqual([
        { name: 'postgres', state: 'running', restarts: 1 },
        { name: 'rabbitmq', state: 'running', restarts: 1 },
      ]);
    }, 60_000);
    expect(Object.values(before)).not.toContain(pidOf(one, 'postgres'));
    await runStatements(`${one.infra.adminDatabaseUrl}/kkm`, [
      "do $$ begin if (select count(*) from ledger.secret where value = 'kept') <> 1 then raise 'lost'; end if; end $$",
    ]);
    await eventually(async () => expect(await manage(one.infra, 'GET', '/api/queues/%2F/kept')).toBe(200), 30_000);
  }, 120_000);

  it('refuse a second supervisor on the same folder', async () => {
    await expect(start(dirs[0])).rejects.toThrow(/already runs/);
  });

  it('leave nothing when they are stopped', async () => {
    const marks = everything(one);
    expect(marks.length).toBeGreaterThan(8);
    await one.system.stop();
    expect(marks.filter(isAlive)).toEqual([]);
    expect(existsSync(one.system.paths.state)).toBe(false);
  }, 60_000);
});

/** Sends one request to a broker's management API and gives the status. */
async function manage({ managementUrl }: Infra, method: string, path: string, body?: unknown): Promise<number> {
  const { origin, username, password } = new URL(managementUrl);
  const headers = { authorization: `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`, 'content-type': 'application/json' };
  return (await fetch(`${origin}${path}`, { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) })).status;
}

/** IPv4 and IPv6 addresses that a process listens on (proc_net(5), state 0A). IPv6 is given as it stands there. */
function listenedAddresses(pid: number): readonly string[] {
  const sockets = new Set(readdirSync(`/proc/${pid}/fd`).flatMap((fd) => socketOf(`/proc/${pid}/fd/${fd}`)));
  return ['tcp', 'tcp6'].flatMap((family) =>
    readFileSync(`/proc/${pid}/net/${family}`, 'utf8')
      .split('\n')
      .slice(1)
      .map((line) => line.trim().split(/\s+/))
      .filter((fields) => fields[3] === '0A' && sockets.has(fields[9] ?? ''))
      .map((fields) => dotted(fields[1]?.split(':')[0] ?? '')),
  );
}

function socketOf(link: string): readonly string[] {
  try {
    return /^socket:\[(\d+)\]$/.exec(readlinkSync(link))?.slice(1) ?? [];
  } catch {
    return []; // Closed between the list and the look.
  }
}

function dotted(hex: string): string {
  return hex.length === 8
    ? (hex.match(/../g) ?? [])
        .reverse()
        .map((byte) => parseInt(byte, 16))
        .join('.')
    : hex;
}
