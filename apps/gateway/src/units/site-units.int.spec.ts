import type { KkmCommand } from '@kkm/core';
import type { DoorUnits } from '@kkm/flow/kkmserver';
import { someKkmCommand } from '@kkm/flow/testing';
import { describeWith } from '@kkm/testkit';
import { buildDoorUnits } from '../build-door-units';
import { fiscalPasswords } from '../fiscal/fiscal-passwords';
import { GatewayUnderTest } from '../testing/gateway-under-test';

const transport = { kind: 'tcp', mode: 'connect', host: '10.0.0.5', port: 5000 };

describeWith(['broker', 'database'], 'the units of a site', () => {
  let gateway: GatewayUnderTest;
  let units: DoorUnits;
  const built = (): DoorUnits => {
    const { registers, terminals } = gateway.parts;
    return buildDoorUnits({ dataSource: gateway.servers.dataSource, registers, terminals, passwords: fiscalPasswords(null) });
  };
  const create = async (path: string, body: object): Promise<void> => {
    expect((await gateway.ask('POST', path, { body })).status).toBe(201);
  };
  beforeAll(async () => {
    gateway = await GatewayUnderTest.start();
    units = built();
    await gateway.seed('club-1', 'card'); // Terminal pax-1 is 1, register desk-1 is 2.
    await create('/v1/terminals', { id: 'pax-2', siteId: 'club-1', name: 'Bar', driver: 'inpas-sa', transport }); // 3
    await create('/v1/registers', { id: 'desk-2', siteId: 'club-1', name: 'Second', automaticAcquiring: { option: 'card', terminalId: 'pax-2' } }); // 4
    await create('/v1/registers', { id: 'desk-3', siteId: 'club-1', name: 'Third', numDevice: 0, unitName: 'АТОЛ' });
    await gateway.seed('club-2', 'card');
  });
  afterAll(() => gateway.stop());

  const naming = (unit: Partial<KkmCommand['unit']>): KkmCommand => ({ ...someKkmCommand, unit: { ...someKkmCommand.unit, numDevice: 0, ...unit } });
  const register = async (unit: Partial<KkmCommand['unit']>, site = 'club-1') => (await units.register(site, naming(unit)))?.registerId ?? null;
  const terminal = async (numDevice: number) => (await units.terminal('club-1', numDevice))?.terminalId ?? null;
  const listed = async (filters: object = {}) => (await units.list('club-1', filters as Record<string, unknown>)).map((unit) => unit['UnitName']);

  it('finds a register by its number, and the first with 0', async () => {
    expect(await Promise.all([0, 2, 4].map((numDevice) => register({ numDevice })))).toEqual(['desk-1', 'desk-1', 'desk-2']);
    expect(await Promise.all([1, 3, 9].map((numDevice) => register({ numDevice })))).toEqual([null, null, null]);
    expect(await units.register('nowhere', naming({}))).toBeNull();
    expect(await units.register('club-1', naming({ numDevice: 4 }))).toMatchObject({
      numDevice: 4,
      unitName: 'Second',
      enabled: true,
      terminalId: 'pax-2',
      acquiring: { option: 'card', terminalId: 'pax-2' },
      settleOnCloseShift: false,
    });
    expect(await units.registerById('club-1', 'desk-3')).toMatchObject({ numDevice: 0, unitName: 'АТОЛ' });
    expect(await units.registerById('club-2', 'desk-3')).toBeNull();
  });

  it('finds a register by the id that lists show, and lets one without a tax number stand for any', async () => {
    const [, second] = await units.list('club-1', {});
    const idDevice = String(second?.['IdDevice']);
    expect(idDevice).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
    expect(await register({ idDevice: idDevice.toUpperCase() })).toBe('desk-2');
    expect(await register({ idDevice }, 'club-2')).toBeNull();
    expect(await register({ innKkm: '7707083893', kktNumber: '0149060506089651' })).toBe('desk-1');
    expect(await register({ numDevice: 4, innKkm: '7707083893' })).toBe('desk-2');
  });

  it('finds a terminal by its number, by its register’s, and the first register’s with 0', async () => {
    expect(await Promise.all([0, 1, 2, 3, 4, 9].map(terminal))).toEqual(['pax-1', 'pax-1', 'pax-1', 'pax-2', 'pax-2', null]);
    expect(await units.terminal('club-1', 3)).toEqual({ numDevice: 3, unitName: 'Bar', registerId: null, terminalId: 'pax-2', enabled: true });
    expect(await units.terminal('club-1', 4)).toMatchObject({ numDevice: 3, registerId: 'desk-2', terminalId: 'pax-2' });
  });

  it('switches units off and on, and finds none that is off', async () => {
    expect(await units.onOff('club-1', 2, false)).toBe(true);
    expect(await Promise.all([0, 2].map((numDevice) => register({ numDevice })))).toEqual(['desk-2', null]);
    expect(await Promise.all([0, 2].map(terminal))).toEqual(['pax-2', null]);
    expect(await units.registerById('club-1', 'desk-1')).toMatchObject({ enabled: false });
    expect(await listed({ Active: true })).toEqual(['Second', 'АТОЛ', 'PAX', 'Bar']);
    expect(await units.onOff('club-1', 3, false)).toBe(true);
    expect(await Promise.all([0, 3, 4].map(terminal))).toEqual(['pax-1', null, null]);
    expect(await listed({ OnOff: 'false' })).toEqual(['Desk', 'Bar']);
    for (const number of [2, 3]) expect(await units.onOff('club-1', number, true)).toBe(true);
    expect([await register({ numDevice: 2 }), await terminal(3)]).toEqual(['desk-1', 'pax-2']);
    expect([await units.onOff('club-1', 9, false), await units.onOff('club-1', 0, false)]).toEqual([false, false]);
  });

  it('switches no terminal off that has unfinished work', async () => {
    gateway.ledger.standings.set('pax-2', { occupantAttemptId: 'att_1' });
    await expect(units.onOff('club-1', 3, false)).rejects.toMatchObject({ code: 'equipment.terminal_busy' });
    gateway.ledger.standings.delete('pax-2');
    expect(await terminal(3)).toBe('pax-2');
  });

  it('lists registers before terminals, with the types that the strictest client reads', async () => {
    const all = await units.list('club-1', {});
    expect(all.map((unit) => [unit['NumDevice'], unit['UnitName'], unit['TypeDevice'], unit['IdTypeDevice']])).toEqual([
      [2, 'Desk', 'Фискальный регистратор', 'KktEmulator'],
      [4, 'Second', 'Фискальный регистратор', 'KktEmulator'],
      [0, 'АТОЛ', 'Фискальный регистратор', 'KktEmulator'],
      [1, 'PAX', 'Эквайринговый терминал', 'inpas-sa'],
      [3, 'Bar', 'Эквайринговый терминал', 'inpas-sa'],
    ]);
    const texts =
      'IdDevice TypeDevice IdTypeDevice Firmware_Version IP NameDevice UnitName KktNumber FnNumber RegNumber INN NameOrganization TaxVariant OFD_Error';
    for (const unit of all) {
      for (const name of texts.split(' ')) expect([name, typeof unit[name]]).toEqual([name, 'string']);
      for (const name of ['OnOff', 'Active', 'PaperOver', 'FN_IsFiscal', 'FN_MemOverflowl']) expect([name, typeof unit[name]]).toEqual([name, 'boolean']);
      for (const name of ['NumDevice', 'OFD_NumErrorDoc']) expect([name, Number.isInteger(unit[name])]).toEqual([name, true]);
      for (const name of ['AddDate', 'OFD_DateErrorDoc', 'FN_DateEnd']) expect(unit[name]).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/);
      expect(unit['FN_IsFiscal']).toBe(false);
    }
    // What a live server 2.1.x sent of a register, recorded.
    const recorded =
      'NumDevice IdDevice OnOff Active TypeDevice IdTypeDevice IP NameDevice UnitName KktNumber INN RegNumber FnNumber InnOfd NameOrganization TaxVariant AddDate OFD_Error OFD_NumErrorDoc OFD_DateErrorDoc FN_DateEnd FN_MemOverflowl FN_IsFiscal PaperOver';
    expect(Object.keys(all[0] ?? {})).toEqual(expect.arrayContaining(recorded.split(' ')));
    expect(all[0]).toMatchObject({ IP: '<Не определено>', OFD_DateErrorDoc: '0001-01-01T00:00:00' });
  });

  it.each([
    [{}, 5],
    [{ NumDevice: 4 }, 1],
    [{ NumDevice: '0', InnKkm: '', Active: null }, 5],
    [{ Active: true, OnOff: 'True', OFD_Error: false }, 5],
    [{ OFD_Error: true }, 0],
    [{ FN_IsFiscal: true }, 0],
    [{ FN_IsFiscal: false, FN_MemOverflowl: false }, 5],
    [{ IP: '10.0.0.5' }, 1],
    [{ InnKkm: '7707083893' }, 0],
    [{ FN_DateEnd: '2027-01-01T00:00:00' }, 0],
    [{ OFD_DateErrorDoc: '2027-01-01T00:00:00' }, 5],
    [{ Active: 'maybe', Unheard: 1 }, 5],
  ])('lists what %p asks for', async (filters, count) => {
    expect(await listed(filters)).toHaveLength(count);
  });

  it('hands out the fiscal side of a register, whose numbers every replica sees', async () => {
    const fiscal = (await units.register('club-1', naming({})))?.fiscal;
    const opened = await fiscal?.task({ key: 'k', task: { kind: 'OpenShift' }, command: someKkmCommand, asSent: {} });
    expect(opened).toMatchObject({ status: 0, numDevice: 2, unitName: 'Desk', payload: { CheckNumber: 1, SessionNumber: 1 } });
    const again = (await built().registerById('club-1', 'desk-1'))?.fiscal;
    expect(await again?.task({ key: 'k', task: { kind: 'OpenShift' }, command: someKkmCommand, asSent: {} })).toEqual(opened);
  });
});
