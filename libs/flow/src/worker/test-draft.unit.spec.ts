import { Rejected, type LinkDraft, type TerminalSettings } from '@kkm/core';
import { FakeTerminal } from '../testing/worker-terminal';
import { FakeEquipment, someCommand, someTerminal, WorkerBench } from '../testing/worker-bench';

const elsewhere: LinkDraft = { driver: 'fake', transport: { kind: 'tcp', mode: 'connect', host: '10.0.0.9', port: 5000 }, profile: {} };
const besides = { kind: 'tcp', mode: 'connect', host: '127.0.0.1', port: 5202 } as const;
const sameAddress: LinkDraft = { ...elsewhere, transport: someTerminal().transport, profile: { abort: 'none' } };

/** A worker with a saved terminal that takes one connection, and another terminal that answers wherever a draft leads elsewhere. */
async function bench(): Promise<{ made: WorkerBench; other: FakeTerminal }> {
  const made = new WorkerBench({
    equipment: new FakeEquipment([someTerminal(), someTerminal('pax-2', { transport: besides })]),
  });
  made.terminal.takesOne = true;
  const other = new FakeTerminal(made.clock);
  const saved = made.terminal.open.bind(made.terminal);
  const second = new FakeTerminal(made.clock);
  made.terminal.open = (settings: TerminalSettings) => {
    if (settings.transport.kind === 'tcp' && settings.transport.host === '10.0.0.9') return other.open(settings);
    return settings.terminalId === 'pax-2' ? second.open(settings) : saved(settings);
  };
  await made.start();
  await made.clock.advance(2_000);
  return { made, other };
}

async function testOf(made: WorkerBench, draft: LinkDraft, ms = 1_000) {
  made.desk.askDraft('req-1', draft);
  await made.worker.hint({ kind: 'request', siteId: 'club-1', terminalId: 'pax-1', requestId: 'req-1' });
  await made.clock.advance(ms);
  return made.desk.answers.get('req-1');
}

describe('a link test of settings that are not saved', () => {
  it('sends a link test and nothing else', async () => {
    const { made, other } = await bench();
    expect(await testOf(made, elsewhere)).toMatchObject({ state: 'done', link: { bankTerminalId: '00266286', serialNumber: null } });
    expect([other.opened, other.linkTests, ...other.sales, ...other.returns]).toEqual([1, 1]);
  });

  it.each([
    ['leads there', sameAddress],
    ['leads there by another name of the address', elsewhere],
  ])('ends the saved terminal’s connection first when it %s, and payments go on after it', async (_how, draft) => {
    const { made } = await bench();
    const open = made.terminal.open.bind(made.terminal);
    made.terminal.open = (settings: TerminalSettings) => open({ ...settings, transport: someTerminal().transport });
    expect(await testOf(made, draft)).toMatchObject({ state: 'done' });
    expect(made.terminal.refused).toBe(0);
    expect(await made.paid()).toBe('done');
  });

  it('connects nowhere while a guest pays at the terminal through another worker', async () => {
    const { made, other } = await bench();
    made.ledger.open(someCommand(made.clock));
    made.ledger.grantTo('worker-2', 'att-1');
    await made.clock.advance(10_000);
    expect(await testOf(made, elsewhere)).toMatchObject({ state: 'failed', problem: 'terminal_busy', text: 'Another worker has the terminal.' });
    expect(other.opened).toBe(0);
  });

  it('waits for the payment that runs', async () => {
    const { made, other } = await bench();
    made.terminal.script.push('wait-for-cancel');
    const command = someCommand(made.clock);
    made.ledger.open(command);
    const handled = made.deliver(command);
    await made.clock.advance(1_000);
    expect(await testOf(made, elsewhere, 5_000)).toBeUndefined();
    expect(other.opened).toBe(0);
    made.ledger.requestCancel('att-1');
    await made.worker.hint({ kind: 'cancel', attemptId: 'att-1' });
    expect(await made.clock.until(handled)).toBe('done');
    await made.clock.advance(1_000);
    expect([made.desk.answers.get('req-1')?.state, made.terminal.sales.length]).toEqual(['done', 1]);
  });

  it('does not touch another terminal of the worker, whatever the gateway let through', async () => {
    const { made } = await bench();
    expect(await testOf(made, { ...elsewhere, transport: besides })).toMatchObject({
      state: 'failed',
      problem: 'terminal_busy',
      text: 'Terminal pax-2 has this address.',
    });
  });

  it('says what is wrong', async () => {
    const { made, other } = await bench();
    other.reachable = false;
    expect(await testOf(made, elsewhere)).toMatchObject({ state: 'failed', reason: 'terminal_unreachable', problem: 'terminal_unreachable' });
    other.open = () => Promise.reject(new Rejected('terminal.port_forbidden', { detail: 'no right to it' }));
    made.desk.askDraft('req-2', elsewhere);
    await made.worker.hint({ kind: 'request', siteId: 'club-1', terminalId: 'pax-1', requestId: 'req-2' });
    await made.clock.advance(1_000);
    expect(made.desk.answers.get('req-2')).toMatchObject({ problem: 'settings_refused', text: 'no right to it' });
  });

  it('is made for a terminal that is not saved by the worker that hears of it first, once', async () => {
    const { made, other } = await bench();
    made.desk.askDraft('req-9', elsewhere);
    made.equipment.linkTests = ['req-9'];
    await made.clock.advance(5_000);
    expect([made.desk.answers.get('req-9')?.state, other.opened, other.linkTests]).toEqual(['done', 1, 1]);
  });
});
