import type { Problem, SiteEquipment } from '@kkm/contracts';
import { describeWith } from '@kkm/testkit';
import type { Terminal } from '../postgres/equipment.row';
import { GatewayUnderTest } from '../testing/gateway-under-test';

const path = '/dev/serial/by-id/usb-PAX_Q25_0123456789-if00';
const cable = { kind: 'serial', path };

describeWith(['broker', 'database'], 'a terminal on a cable', () => {
  let gateway: GatewayUnderTest;
  beforeAll(async () => {
    gateway = await GatewayUnderTest.start();
    await gateway.seed('club-1', 'card');
  });
  afterAll(() => gateway.stop());

  const terminal = (id: string, transport: object) => ({ id, siteId: 'club-1', name: id, driver: 'inpas-sa', transport });
  const create = <B = Problem>(id: string, transport: object) => gateway.ask<B>('POST', '/v1/terminals', { body: terminal(id, transport) });

  it('is entered by its path alone, and reaches the workers with what is usual', async () => {
    const { status, body } = await create<Terminal>('usb-1', cable);
    const complete = { ...cable, baudRate: 115_200, parity: 'none', stopBits: 1 };
    expect([status, body.transport]).toEqual([201, complete]);
    expect((await gateway.ask<Terminal>('GET', '/v1/terminals/usb-1')).body.transport).toEqual(complete);
    const asked = { siteId: 'club-1', knownRevision: null };
    const equipment = await gateway.servers.outside.call<SiteEquipment>('gateway.rpc', 'equipment.of-site', asked, { timeoutMs: 3_000 });
    expect(equipment.terminals?.find(({ terminalId }) => terminalId === 'usb-1')?.transport).toEqual(complete);
  });

  it('is moved from the network to a cable and back', async () => {
    const tcp = { kind: 'tcp', mode: 'connect', host: '10.0.0.5', port: 5000 };
    await create('usb-2', tcp);
    const own = { ...cable, baudRate: 9_600, parity: 'even', stopBits: 2 };
    const change = (transport: object) => gateway.ask<Terminal>('PATCH', '/v1/terminals/usb-2', { body: { transport } });
    expect((await change(own)).body.transport).toEqual(own);
    expect((await change(tcp)).body.transport).toEqual(tcp);
  });

  it.each([
    ['a path outside /dev', { path: '/etc/passwd' }, '#/transport/path', 'must be a path below /dev'],
    ['a way out of /dev', { path: '/dev/../etc/passwd' }, '#/transport/path', 'must be a path below /dev'],
    ['a step up behind a folder', { path: '/dev/serial/by-id/../../sda' }, '#/transport/path', 'must be a path below /dev'],
    ['a path with a space', { path: '/dev/tty S0' }, '#/transport/path', 'must be a path below /dev'],
    ['a name of Windows', { path: 'COM3' }, '#/transport/path', 'must be a path below /dev'],
    ['no path', { path: undefined }, '#/transport/path', ''],
    ['a speed that no port has', { baudRate: 115_201 }, '#/transport/baudRate', ''],
    ['a parity that there is not', { parity: 'mark' }, '#/transport/parity', ''],
    ['three stop bits', { stopBits: 3 }, '#/transport/stopBits', ''],
    ['an address beside the path', { host: '10.0.0.5' }, '#/transport/host', ''],
    ['another kind', { kind: 'usb' }, '#/transport/kind', ''],
  ])('is refused in words with %s', async (_what, more, pointer, words) => {
    const { status, body } = await create('usb-3', { ...cable, ...more });
    expect([status, body.code, body.errors?.[0]?.pointer]).toEqual([422, 'request.invalid', pointer]);
    expect(body.errors?.[0]?.detail).toContain(words);
    expect((await gateway.ask('GET', '/v1/terminals/usb-3')).status).toBe(404);
  });
});
