import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { readSettings } from '../cli.config';
import type { Endpoints } from '../system/endpoints';
import { statePaths } from '../state/state-paths';
import { examineClock } from './examine-machine';
import { examineRunning } from './examine-running';
import { examineCertificates, examinePorts, examineSecrets } from './examine-state';

const dayMs = 86_400_000;

describe('the doctor, on a machine', () => {
  const folder = mkdtempSync(join(tmpdir(), 'kkm-doctor-'));
  const settings = { ...readSettings({}), stateDir: join(folder, 'state') };
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('finds a port that something else has', async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    expect(await examinePorts({ ...settings, ports: { api: port } })).toMatchObject([{ kind: 'problem', words: `KKM_API_PORT ${port} is in use` }]);
    await new Promise((resolve) => server.close(resolve));
    expect(await examinePorts({ ...settings, ports: { api: port } })).toMatchObject([{ kind: 'ok' }]);
  });

  it('finds a clock that stands before this checkout was made', () => {
    expect(examineClock(settings.root, 0)).toMatchObject({ kind: 'problem', about: 'clock' });
    expect(examineClock(settings.root, Date.now())).toMatchObject({ kind: 'ok' });
  });

  it('finds certificates that have expired, will soon, do not hold yet or are of another authority', () => {
    const script = join(settings.root, 'infra/docker/certificates.sh');
    const [here, there] = [join(folder, '.kkm/head-office'), join(folder, 'other')];
    for (const place of [here, there]) execFileSync(script, [place, 'kkm.test'], { stdio: 'ignore' });
    const said = (nowMs: number): string[] => examineCertificates(folder, nowMs).map(({ kind, words }) => `${kind}: ${words.replace(/^\S+ /, '')}`);
    const now = Date.now();
    expect(said(now)).toEqual(['ok: holds another 364 days', 'ok: holds another 1824 days']);
    expect(said(now + 340 * dayMs)[0]).toMatch(/^note: expires in 2\d day/);
    expect(said(now + 366 * dayMs)[0]).toMatch(/^problem: has expired/);
    expect(said(now - dayMs)[0]).toMatch(/^problem: begins to hold/);
    execFileSync('cp', ['-f', join(there, 'ca_certificate'), join(here, 'ca_certificate')]);
    expect(said(now)[0]).toMatch(/^problem: is of another authority/);
  });

  it('finds secrets that others can read', () => {
    const { secrets } = statePaths(settings.stateDir);
    expect(examineSecrets({ ...settings, root: folder })).toEqual([]);
    mkdirSync(secrets, { recursive: true, mode: 0o700 });
    for (const name of ['ledger-database-password', 'sealing-key', 'gateway-sealing-key']) writeFileSync(join(secrets, name), 'x');
    expect(examineSecrets({ ...settings, root: dirname(folder) })).toMatchObject([{ kind: 'ok' }]);
    chmodSync(secrets, 0o755);
    expect(examineSecrets({ ...settings, root: dirname(folder) })).toMatchObject([{ kind: 'problem' }]);
  });

  it('finds servers that do not answer', async () => {
    const closed = { postgres: 'postgres://a:b@127.0.0.1:1', amqp: 'amqp://127.0.0.1:1', amqpManagement: 'http://a:b@127.0.0.1:1', api: 'http://127.0.0.1:1' };
    const findings = await examineRunning(closed as Endpoints, statePaths(settings.stateDir));
    expect(findings.map(({ kind, about }) => `${kind} ${about}`)).toEqual(['problem Postgres', 'problem broker', 'problem gateway']);
  });
});
