import { eventually } from '@kkm/testkit';
import { describeKkm } from './harness/describe-kkm';

describeKkm('equipment settings', { suite: 'equipment', terminals: 3 }, (kkm) => {
  it('reach the workers without a restart: a terminal moves to another address', async () => {
    const elsewhere = kkm().stack.terminals[1];
    const before = await kkm().pay({}, { prefer: 'wait=20' });
    expect(before.body.status).toBe('succeeded');
    // pax-2 gives its address up first: one terminal of one address, as in a real café.
    await kkm().call('PATCH', `/v1/terminals/pax-2?siteId=${kkm().stack.siteId}`, { body: { enabled: false } });
    const transport = { kind: 'tcp', mode: 'connect', host: elsewhere?.host, port: elsewhere?.port };
    expect((await kkm().call('PATCH', `/v1/terminals/pax-1?siteId=${kkm().stack.siteId}`, { body: { transport } })).status).toBe(200);
    await eventually(async () => {
      const { body } = await kkm().pay({ amount: 4_200 }, { prefer: 'wait=20' });
      const sale = (await kkm().terminals.books()).find(({ rrn }) => rrn === body.attempts[0]?.rrn);
      expect(sale?.terminalId).toBe('pax-2');
    }, 30_000);
    await kkm().call('PATCH', `/v1/terminals/pax-1?siteId=${kkm().stack.siteId}`, {
      body: { transport: { ...transport, port: kkm().stack.terminals[0]?.port } },
    });
  });

  it('apply to new payments only: one that runs keeps its terminal, its method, its card reads and its account', async () => {
    const { siteId } = kkm().stack;
    const patch = (id: string, body: object) => kkm().call<{ code: string }>('PATCH', `/v1/terminals/${id}?siteId=${siteId}`, { body });
    const acquire = (option: string, terminalId: string) =>
      kkm().call('PUT', `/v1/registers/desk-1/automatic-acquiring?siteId=${siteId}`, { body: { option, terminalId } });
    const account = (number: string) => ({ bank: { settlementAccount: { number } } });
    const byRegister = { terminalId: undefined, method: undefined, registerId: 'desk-1' };
    await patch('pax-1', account('40702810900000005555'));
    await acquire('card', 'pax-1');
    await kkm().terminals.behave('pax-1', { auto: 'none', faults: ['read_failures(1)'] });
    const { body: running } = await kkm().pay(byRegister);
    await kkm().untilAsksForCard();
    expect((await acquire('sbp_qr', 'pax-3')).status).toBe(200);
    expect((await patch('pax-1', { readAttemptsMax: 1, ...account('40702810200000006666') })).status).toBe(200);
    // What would move its connection, or have it recovered by other rules, waits for its end.
    for (const moving of [{ transport: { kind: 'tcp', mode: 'connect', host: '127.0.0.1', port: 1 } }, { profile: {} }, { enabled: false }])
      expect((await patch('pax-1', moving)).body.code).toBe('equipment.terminal_busy');
    // The card is not read the first time; by the setting of now that would be the last.
    await kkm().terminals.guest('pax-1', { action: 'tap' });
    await kkm().untilAsksForCard();
    await kkm().terminals.guest('pax-1', { action: 'tap' });
    const one = await kkm().until(running.id, ['succeeded', 'failed']);
    expect(one).toMatchObject({ method: 'card', terminalId: 'pax-1', attempts: [{ status: 'approved', readFailures: 1 }] });
    const next = await kkm().pay(byRegister, { prefer: 'wait=20' });
    expect(next.body).toMatchObject({ status: 'succeeded', method: 'sbp_qr', terminalId: 'pax-3' });
    const { body: later } = await kkm().pay({}, { prefer: 'wait=1' });
    expect([one, later].map(({ attempts }) => attempts[0]?.bank?.settlementAccount?.number)).toEqual(['40702810900000005555', '40702810200000006666']);
    await kkm().terminals.behave('pax-1', {});
    await kkm().cancel(later.id);
    await patch('pax-1', { readAttemptsMax: 3 });
  });

  it('take another number of card reads into account', async () => {
    expect((await kkm().call('PATCH', `/v1/terminals/pax-3?siteId=${kkm().stack.siteId}`, { body: { readAttemptsMax: 1 } })).status).toBe(200);
    await eventually(async () => {
      await kkm().terminals.behave('pax-3', { faults: ['read_failures(1)'] });
      const { body } = await kkm().pay({ terminalId: 'pax-3' }, { prefer: 'wait=20' });
      expect(body).toMatchObject({ status: 'failed', attempts: [{ reason: 'card_read_error', readFailures: 1 }] });
    }, 30_000);
  });

  it('route a register’s payments to another terminal as soon as the setting is answered', async () => {
    const path = `/v1/registers/desk-1/automatic-acquiring?siteId=${kkm().stack.siteId}`;
    expect((await kkm().call('PUT', path, { body: { option: 'card', terminalId: 'pax-3' } })).status).toBe(200);
    await kkm().terminals.behave('pax-3', {});
    const { body } = await kkm().pay({ terminalId: undefined, method: undefined, registerId: 'desk-1' }, { prefer: 'wait=20' });
    expect(body).toMatchObject({ status: 'succeeded', method: 'card', terminalId: 'pax-3' });
    expect((await kkm().call('PUT', path, { body: { option: 'none', terminalId: null } })).status).toBe(200);
    expect((await kkm().pay({ terminalId: undefined, method: undefined, registerId: 'desk-1' })).status).toBe(422);
  });
});
