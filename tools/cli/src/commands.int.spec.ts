import { execFile, spawn, spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describeWith, eventually } from '@kkm/testkit';
import { ownEnvironment, readSettings } from './cli.config';
import { isAlive, markOf } from './processes/process-table';
import type { ProcessMark, SystemState } from './state/state-file';
import type { Endpoints } from './system/endpoints';
import type { StatusLine } from './verbs/status';

const run = promisify(execFile);
const script = join(readSettings({}).root, 'kkm');
const folder = mkdtempSync(join(tmpdir(), 'kkm-commands-'));
/** Room for a start of all services on a busy machine. */
const slowMs = 180_000;

interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

function kkm(words: readonly string[], env: NodeJS.ProcessEnv = {}, program: readonly [string, ...string[]] = [script]): Ended {
  const [command, ...before] = program;
  const { status, stdout, stderr } = spawnSync(command, [...before, ...words], {
    encoding: 'utf8',
    cwd: tmpdir(),
    env: { ...ownEnvironment(), KKM_STATE_DIR: join(folder, 'state'), ...env },
  });
  return { code: status, stdout, stderr };
}

beforeAll(() => chmodSync(folder, 0o755)); // Postgres may run as another user.
afterAll(() => {
  kkm(['down']);
  rmSync(folder, { recursive: true, force: true });
}, slowMs);

describe('the script ./kkm', () => {
  it('works from any folder and through a symlink, and is quiet when nothing is to be done', () => {
    const link = join(folder, 'link');
    symlinkSync(script, link);
    kkm(['doctor']); // Builds, should that be needed.
    expect(kkm(['help'], {}, [link])).toMatchObject({ code: 0, stderr: '', stdout: expect.stringContaining('./kkm <command>') as string });
  });

  it('answers status in less than a second with the document alone', () => {
    const startedMs = performance.now();
    expect(kkm(['status', '--json'])).toEqual({ code: 0, stdout: '{"services":[]}\n', stderr: '' });
    expect(performance.now() - startedMs).toBeLessThan(1_000);
  });

  it.each([[['fly']], [['chaos', '--minutes', 'x']], [['verify']], [['up', '--quickly']], [['test', 'load']]])('ends with 2 for %j, in words', (words) => {
    const { code, stderr } = kkm(words);
    expect(code).toBe(2);
    expect(stderr).toMatch(/^[^\n]+\n$/);
  });

  it('says which Node it needs and how to get it', () => {
    const bin = join(folder, 'old-node');
    mkdirSync(bin);
    symlinkSync('/bin/echo', join(bin, 'node')); // Answers "--version", which is no version.
    const { code, stderr } = kkm(['up'], { PATH: `${bin}:/usr/bin:/bin` });
    expect(code).toBe(3);
    expect(stderr).toMatch(/needs Node\.js 20\.20 or newer.*nvm install/s);
  });

  it('tells a person without rights the one command to run when RabbitMQ is missing', () => {
    const state = join(folder, 'nobody');
    mkdirSync(state);
    chmodSync(state, 0o777);
    const asNobody: [string, ...string[]] = process.getuid?.() === 0 ? ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups', script] : [script];
    const { code, stderr } = kkm(['up', '--infra', 'native'], { KKM_STATE_DIR: state, KKM_RABBITMQ_BIN: '/nowhere', HOME: state }, asNobody);
    expect(code).toBe(3);
    expect(stderr).toContain('\n  sudo apt-get install -y rabbitmq-server\n');
    expect(kkm(['doctor'], { KKM_STATE_DIR: state, KKM_RABBITMQ_BIN: '/nowhere', HOME: state }, asNobody)).toMatchObject({
      code: expect.any(Number) as number,
    });
  });
});

/** One slow story: a system is started, hurt and stopped; each test goes on from the one before. */
describeWith(['rabbitmq-server'], './kkm up', () => {
  const stateDir = join(folder, 'state');
  const kept = join(folder, 'backup');
  const lines = (): readonly StatusLine[] => (JSON.parse(kkm(['status', '--json']).stdout) as { services: readonly StatusLine[] }).services;
  const pidOf = (name: string): number => lines().find((line) => line.name === name)?.pid ?? 0;
  const marks = (): readonly ProcessMark[] => {
    const state = JSON.parse(readFileSync(join(stateDir, 'state.json'), 'utf8')) as SystemState;
    return [state.supervisor, ...state.processes.flatMap(({ mark }) => (mark ? [mark] : []))];
  };

  it(
    'starts everything in the background and says where it is',
    async () => {
      const { stdout, stderr } = await run(script, ['up', '--detach'], { env: { ...ownEnvironment(), KKM_STATE_DIR: stateDir } });
      const file = join(stateDir, 'endpoints.json');
      const endpoints = JSON.parse(readFileSync(file, 'utf8')) as Endpoints;
      expect(stdout).toContain(endpoints.api);
      expect(stderr).toContain('rabbitmq is ready');
      expect(statSync(file).mode & 0o777).toBe(0o600);
      expect(endpoints).toMatchObject({
        siteId: 'club-1',
        registerId: 'desk-1',
        terminalId: 'pax-1',
        virtualTerminal: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/) as string,
        kkmserver: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/) as string,
        kkmserverUser: 'User',
      });
      expect(stdout).toContain(`${endpoints.kkmserver}/Execute`);
      expect([endpoints.admin, endpoints.adminUser]).toEqual([`${endpoints.api}/admin`, 'admin']);
      expect([stdout.includes(`${endpoints.admin}/`), stdout.includes(endpoints.adminPassword)]).toEqual([true, false]);
      expect((await fetch(`${endpoints.admin}/`, { headers: { accept: 'text/html' } })).headers.get('content-type')).toContain('text/html');
      const body = JSON.stringify({ name: endpoints.adminUser, password: endpoints.adminPassword });
      const headers = { 'content-type': 'application/json', origin: endpoints.api };
      expect((await fetch(`${endpoints.api}/v1/session`, { method: 'POST', headers, body })).status).toBe(200);
      expect(statSync(join(stateDir, 'secrets/kkmserver-user-password')).mode & 0o777).toBe(0o600);
      expect(readFileSync(join(stateDir, 'secrets/kkmserver-user-password'), 'utf8')).toBe(`${endpoints.kkmserverPassword}\n`);
      expect(stdout).not.toContain(endpoints.kkmserverPassword);
      expect(Object.values(endpoints).filter((value) => String(value).includes('://') && String(value).endsWith('/'))).toEqual([]);
      expect(
        lines()
          .map(({ name, state }) => `${name} ${state}`)
          .sort(),
      ).toEqual(['gateway', 'ledger', 'postgres', 'rabbitmq', 'terminal-worker', 'virtual-terminal'].map((name) => `${name} running`));
    },
    slowMs,
  );

  it(
    'is looked into by the doctor, who finds nothing wrong with it',
    async () => {
      await eventually(() => {
        const { stdout } = kkm(['doctor']);
        for (const words of ['pax-1 of club-1 answers', 'kkm_gateway, kkm_ledger', 'queues are attended to', 'database agree', 'is for its owner alone'])
          expect(stdout).toContain(words);
        expect(stdout).not.toMatch(/PROBLEM +(queue|terminal|broker|gateway|Postgres|restore|equipment|secrets)/);
      }, 30_000);
    },
    slowMs,
  );

  it(
    'leaves a running system as it is',
    () => {
      const before = lines();
      expect(kkm(['up', '--detach'])).toMatchObject({ code: 0, stdout: expect.stringContaining('runs already') as string });
      expect(lines()).toEqual(before);
    },
    slowMs,
  );

  it('names the services’ own processes', () => {
    for (const name of ['gateway', 'ledger', 'terminal-worker', 'virtual-terminal']) {
      expect(readFileSync(`/proc/${pidOf(name)}/cmdline`, 'utf8')).toContain(`dist/tools/launch/main.js\0${name}\0`);
    }
  });

  it('gives no secret to a command line or an environment', () => {
    const secrets = readdirSync(join(stateDir, 'secrets')).map((name) => readFileSync(join(stateDir, 'secrets', name), 'utf8').trim());
    const seen = marks().map(({ pid }) => readFileSync(`/proc/${pid}/cmdline`, 'utf8') + readFileSync(`/proc/${pid}/environ`, 'utf8'));
    expect(secrets.length).toBeGreaterThan(5);
    expect(secrets.filter((value) => seen.some((text) => text.includes(value)))).toEqual([]);
  });

  it(
    'starts a service again that was killed',
    async () => {
      const pid = pidOf('gateway');
      process.kill(pid, 'SIGKILL');
      await eventually(() => expect(lines().find(({ name }) => name === 'gateway')).toMatchObject({ state: 'running', restarts: 1 }), 30_000);
      expect(pidOf('gateway')).not.toBe(pid);
    },
    slowMs,
  );

  it(
    'takes everything along when the supervisor is killed, and says so',
    async () => {
      const all = marks();
      const [supervisor] = all;
      process.kill(supervisor?.pid ?? 0, 'SIGKILL');
      await eventually(() => expect(all.filter(isAlive)).toEqual([]), 60_000);
      expect(lines().map(({ pid, state }) => ({ pid, state }))).toEqual(lines().map(() => ({ pid: null, state: 'stopped' })));
      expect(kkm(['status']).stdout).toContain('The supervisor was killed');
    },
    slowMs,
  );

  it(
    'starts again over what the killed supervisor left',
    async () => {
      await run(script, ['up', '--detach'], { env: { ...ownEnvironment(), KKM_STATE_DIR: stateDir } });
      expect(marks().length).toBe(8);
    },
    slowMs,
  );

  describeWith(['pg_dump'], 'and ./kkm backup', () => {
    it(
      'keeps database and keys where only their owner can read them, and replaces nothing',
      () => {
        expect(kkm(['backup', kept])).toMatchObject({ code: 0, stdout: expect.stringContaining(kept) as string });
        expect([statSync(kept).mode & 0o777, readdirSync(kept).sort()]).toEqual([0o700, ['database.dump', 'gateway-sealing-key', 'sealing-key']]);
        expect(kkm(['backup', kept])).toMatchObject({ code: 2, stderr: expect.stringContaining('never replaces') as string });
        expect(kkm(['restore', kept])).toMatchObject({ code: 1, stderr: expect.stringContaining('already runs') as string });
      },
      slowMs,
    );
  });

  it(
    'leaves nothing when it is taken down',
    () => {
      const all = marks();
      expect(kkm(['down'])).toMatchObject({ code: 0, stdout: 'Stopped.\n' });
      expect(all.filter(isAlive)).toEqual([]);
      expect(existsSync(join(stateDir, 'endpoints.json'))).toBe(false);
      expect(kkm(['down'])).toMatchObject({ code: 0, stdout: 'Nothing was running.\n' });
    },
    slowMs,
  );

  describeWith(['pg_dump'], 'and ./kkm restore', () => {
    it(
      'puts a backup in the place of the database, and brings that back when it fails',
      () => {
        expect(kkm(['backup'])).toMatchObject({ code: 1, stderr: expect.stringContaining('of a running system') as string });
        expect(kkm(['restore', folder])).toMatchObject({ code: 2, stderr: expect.stringContaining('is no backup') as string });
        const broken = join(folder, 'broken');
        mkdirSync(broken);
        writeFileSync(join(broken, 'database.dump'), 'PGDMP');
        expect(kkm(['restore', broken])).toMatchObject({ code: 1, stderr: expect.stringContaining('pg_restore ended with 1') as string });
        rmSync(join(stateDir, 'secrets/sealing-key'));
        const { code, stdout } = kkm(['restore', kept]);
        expect([code, /kept as kkm_before_\d+\./.test(stdout), stdout.includes('/v1/restore')]).toEqual([0, true, true]);
        expect(readFileSync(join(stateDir, 'secrets/sealing-key'), 'utf8')).toBe(readFileSync(join(kept, 'sealing-key'), 'utf8'));
      },
      slowMs,
    );
  });
});

describeWith(['rabbitmq-server'], './kkm demo', () => {
  it(
    'leaves nothing when it is interrupted',
    async () => {
      const stateDir = join(folder, 'interrupted');
      const demo = spawn(script, ['demo'], { env: { ...ownEnvironment(), KKM_STATE_DIR: stateDir }, stdio: 'ignore' });
      const code = new Promise((resolve) => demo.once('exit', resolve));
      const node = await eventually(() => {
        const state = JSON.parse(readFileSync(join(stateDir, 'demo/state.json'), 'utf8')) as SystemState;
        const mark = state.processes.find(({ name }) => name === 'rabbitmq')?.mark;
        if (!mark) throw new Error('The broker has not begun.');
        return { broker: mark, postgres: state.processes.find(({ name }) => name === 'postgres')?.mark };
      }, 60_000);
      demo.kill('SIGINT');
      expect(await code).toBe(130);
      expect([node.broker, node.postgres].filter((mark) => mark && isAlive(mark))).toEqual([]);
      expect(markOf(demo.pid ?? 0)).toBeNull();
      expect(readdirSync(join(stateDir, 'demo'))).toEqual(['logs']);
    },
    slowMs,
  );
});
