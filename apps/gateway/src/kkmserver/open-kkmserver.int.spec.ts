import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createLogger, createMetrics } from '@kkm/observability';
import { eventually } from '@kkm/testkit';
import { gatewayConfig } from '../gateway.config';
import { FakeDesk } from '../testing/fake-desk';
import { MemoryCallbackBook } from '../testing/memory-callback-book';
import { onlySite, openKkmServer } from './open-kkmserver';

const env = {
  KKM_AMQP_URL: 'amqp://kkm:hunter2@localhost/kkm',
  KKM_DATABASE_URL: 'postgres://kkm_gateway:hunter2@localhost/kkm',
};

describe('the KkmServer door of a gateway', () => {
  let desk: FakeDesk;
  let sites: string[];
  const ground = () => ({
    desk,
    sites: {
      list: () =>
        Promise.resolve({ sites: sites.map((id) => ({ id, name: id, lateApproval: 'keep' as const, revision: 1, createdAt: '', updatedAt: '' })), next: null }),
    },
    callbackBook: new MemoryCallbackBook(),
    log: createLogger({ service: 'gateway', level: 'fatal' }),
    metrics: createMetrics('gateway'),
  });
  beforeEach(() => {
    [desk, sites] = [new FakeDesk(), ['club-1']];
  });

  it('opens what the configuration names, of the only site there is', async () => {
    const config = gatewayConfig({ ...env, KKM_KKMSERVER_PORTS: '0,0=club-2', KKM_KKMSERVER_USER_PASSWORD: 'user', KKM_KKMSERVER_USER_LOGIN: 'Desk' });
    const door = await openKkmServer(config, ground());
    const headers = { authorization: `Basic ${Buffer.from('desk:user').toString('base64')}` };
    for (const url of door.urls) expect((await fetch(`${url}/Execute`, { method: 'POST', headers, body: '{"Command":"List"}' })).status).toBe(200);
    expect(desk.submissions.map(({ caller }) => [caller.siteId, caller.account])).toEqual([
      ['club-1', 'user'],
      ['club-2', 'user'],
    ]);
    await door.close();
  });

  it('stays closed where it names nothing', async () => {
    const door = await openKkmServer(gatewayConfig(env), ground());
    expect(door.urls).toEqual([]);
    await door.close();
  });

  it('polls the remote server that it names', async () => {
    const brought: unknown[] = [];
    const server = createServer((request, reply) => {
      request.on('data', (part: Buffer) => brought.push(JSON.parse(part.toString('utf8'))));
      request.on('end', () => reply.end(brought.length === 1 ? '{"ListCommand":[{"Command":"XReport","IdCommand":"x"}]}' : ''));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    const config = gatewayConfig({ ...env, KKM_KKMSERVER_CALLBACK_URL: url, KKM_KKMSERVER_CALLBACK_TOKEN: 'club', KKM_KKMSERVER_CALLBACK_SECONDS: '1' });
    const door = await openKkmServer(config, ground());
    await eventually(() =>
      expect(brought).toMatchObject([{ ListRezult: [] }, { Token: 'club', ListRezult: [{ Command: 'XReport', IdCommand: 'x', Status: 0 }] }]),
    );
    await door.close();
    server.close();
  });

  it('guesses no site', async () => {
    for (const [known, site] of [
      [[], null],
      [['a'], 'a'],
      [['a', 'b'], null],
    ] as const) {
      sites = [...known];
      expect(await onlySite(ground().sites)).toBe(site);
    }
  });
});
