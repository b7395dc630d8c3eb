import { spawnSync } from 'node:child_process';
import { connect as connectTcp } from 'node:net';
import { connect as connectTls } from 'node:tls';
import type { Payment } from '@kkm/core';
import { checkoutRoot } from '@kkm/stack';
import { describeWith, eventually } from '@kkm/testkit';
import { startHeadOfficeAndCafe } from './harness/head-office';
import type { HeadOfficeAndCafe } from './harness/head-office';

/** What `docker compose config` shows of a service. */
interface ShownPart {
  readonly command?: readonly string[];
  readonly restart?: string;
  readonly profiles?: readonly string[];
  readonly read_only?: boolean;
  readonly cap_drop?: readonly string[];
  readonly healthcheck?: { readonly disable?: boolean };
  readonly ports?: readonly { readonly host_ip?: string; readonly published: string; readonly target: number }[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly secrets?: readonly { readonly source: string }[];
}

const shapes = {
  'one café': 'docker-compose.yml',
  'head office': 'infra/head-office/docker-compose.yml',
  site: 'infra/site/docker-compose.yml',
} as const;

function shown(shape: keyof typeof shapes): Readonly<Record<string, ShownPart>> {
  const words = ['compose', '-f', shapes[shape], '--profile', '*', 'config', '--format', 'json'];
  const { status, stdout, stderr } = spawnSync('docker', words, { cwd: checkoutRoot(), encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr);
  return (JSON.parse(stdout) as { services: Record<string, ShownPart> }).services;
}

const lasting = (services: Readonly<Record<string, ShownPart>>): string[] =>
  Object.keys(services).filter((name) => services[name]?.restart === 'unless-stopped' && !services[name].profiles);

describeWith(['compose'], 'the compose files', () => {
  it.each([
    ['one café', ['gateway', 'ledger', 'postgres', 'rabbitmq', 'terminal-worker', 'virtual-terminal']],
    ['head office', ['gateway', 'ledger', 'postgres', 'rabbitmq']],
    ['site', ['terminal-worker']],
  ] as const)('keep of %s running: %j', (shape, names) => {
    expect(lasting(shown(shape)).sort()).toEqual(names);
  });

  it.each(Object.keys(shapes) as (keyof typeof shapes)[])(
    'give the services of %s a read-only root, no capabilities, a health check and no secret but by file',
    (shape) => {
      for (const [name, service] of Object.entries(shown(shape))) {
        const own = service.command?.[1]?.startsWith('dist/') === true;
        if (own) expect([name, service.read_only, service.cap_drop]).toEqual([name, true, ['ALL']]);
        if (service.restart === 'unless-stopped') expect([name, service.healthcheck?.disable ?? false]).toEqual([name, false]);
        const named = Object.entries(service.environment ?? {}).filter(([variable]) => /PASSWORD|SECRET|KEY|URL/.test(variable));
        expect([name, named.filter(([variable, value]) => !/_FILE$/.test(variable) && /:\/\/[^/]*@|^[0-9a-f]{32,}$/.test(value))]).toEqual([name, []]);
      }
    },
  );

  it('open of a café nothing beyond its machine, of a head office AMQPS and HTTPS, and of a site nothing', () => {
    const open = (shape: keyof typeof shapes): string[] =>
      Object.values(shown(shape)).flatMap(({ ports = [] }) => ports.map(({ host_ip = 'all', target }) => `${host_ip} ${target}`));
    expect(new Set(open('one café').map((port) => port.split(' ')[0]))).toEqual(new Set(['127.0.0.1']));
    expect(open('head office').sort()).toEqual(['all 5671', 'all 8080']);
    expect(open('site')).toEqual([]);
  });
});

describeWith(['compose'], 'a head office and a café', () => {
  let started: HeadOfficeAndCafe | null = null;
  const both = (): HeadOfficeAndCafe => {
    if (!started) throw new Error('They did not start');
    return started;
  };
  beforeAll(async () => {
    started = await startHeadOfficeAndCafe();
  }, 600_000);
  afterAll(() => started?.remove(), 120_000);

  it('take a payment that comes by HTTPS on a terminal behind the café’s only connection', async () => {
    const body = { siteId: 'club-2', orderId: 'office-1', amount: 15_000, currency: 'RUB', method: 'card', registerId: 'desk-1' };
    const { status, body: payment } = await both().ask<Payment>('POST', '/v1/payments', body, { 'idempotency-key': '"office-1"', prefer: 'wait=30' });
    expect([status, payment.status, payment.chargedAmount, payment.terminalId]).toEqual([201, 'succeeded', 15_000, 'pax-1']);
    const look = `const { readdirSync, readFileSync } = require('node:fs');
      const listening = ['tcp', 'tcp6'].flatMap((name) => readFileSync('/proc/net/' + name, 'utf8').trim().split('\\n').slice(1)).filter((line) => line.trim().split(/\\s+/)[3] === '0A');
      console.log(listening.map((line) => parseInt(line.trim().split(/\\s+/)[1].split(':')[1], 16)).filter((port) => port < 32768).join());`;
    // Its health alone, which compose asks from inside; a port above is the engine's own resolver.
    expect((await both().cafe('exec', '-T', 'terminal-worker', 'node', '-e', look)).trim()).toBe('8080');
  });

  it('speak TLS alone, with a certificate of their authority', async () => {
    const { ports, authority } = both();
    for (const port of [ports.amqps, ports.https]) {
      expect(await handshake(port, {})).toMatch(/self-signed|unable to (get|verify)/);
      expect(await handshake(port, { ca: authority, servername: 'other.test' })).toMatch(/does not match/);
      expect(await handshake(port, { ca: authority, servername: 'kkm.test' })).toBe('TLSv1.3');
      expect(await plainAnswer(port)).toBe('');
    }
  });

  it('leave no account that anybody could guess', async () => {
    const users = JSON.parse(await both().office('exec', '-T', 'rabbitmq', 'rabbitmqctl', '-q', 'list_users', '--formatter', 'json')) as {
      user: string;
      tags: string[];
    }[];
    expect(users.map(({ user, tags }) => [user, tags.join()]).sort()).toEqual([
      ['admin', 'administrator'],
      ['kkm', ''],
      ['site-club-2', ''],
    ]);
    const { username, password, protocol, hostname } = new URL(both().brokerUrl);
    expect([username, password.length, protocol, hostname]).toEqual(['site-club-2', 48, 'amqps:', 'kkm.test']);
  });

  it('part at once when the café is shut out', async () => {
    await both().script('remove-site.sh', 'club-2');
    await eventually(async () => {
      const body = await both().cafe('exec', '-T', 'terminal-worker', 'node', '-e', readiness);
      expect(JSON.parse(body)).toMatchObject({ checks: { broker: false } });
    }, 30_000);
  }, 60_000);
});

/** Prints what the worker says of its broker. */
const readiness = `fetch('http://127.0.0.1:8080/health/ready').then((answer) => answer.text()).then((text) => console.log(text));`;

/** The TLS version that is agreed upon, or why there is none. */
function handshake(port: number, trust: { readonly ca?: string; readonly servername?: string }): Promise<string> {
  return new Promise((resolve) => {
    const socket = connectTls({ host: '127.0.0.1', port, ...trust }, () => {
      resolve(socket.getProtocol() ?? 'none');
      socket.destroy();
    });
    socket.on('error', (error) => resolve(error.message));
  });
}

/** What a server answers that is spoken to without TLS, as text. */
function plainAnswer(port: number): Promise<string> {
  return new Promise((resolve) => {
    let text = '';
    const socket = connectTcp({ host: '127.0.0.1', port }, () => socket.write('AMQP\u0000\u0000\u0009\u0001GET / HTTP/1.1\r\nHost: x\r\n\r\n'));
    socket.on('data', (part) => (text += part.toString('latin1')));
    socket.on('error', () => undefined);
    socket.on('close', () => resolve(text.replace(/^\u0015\u0003[\s\S]{5}$/, ''))); // A TLS alert says nothing.
    socket.setTimeout(3_000, () => socket.destroy());
  });
}
