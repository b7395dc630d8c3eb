import { FakeEquipment, FakeQueues, someCommand, someTerminal, WorkerBench } from '../testing/worker-bench';
import { VirtualClock } from '../testing/worker-clock';
import { FakeLedger } from '../testing/worker-ledger';
import { rankWorkers } from './rendezvous';

const terminals = ['pax-1', 'pax-2', 'pax-3', 'pax-4'].map((terminalId) => someTerminal(terminalId));

/** Two workers of one site with shared queues. */
function twoWorkers() {
  const clock = new VirtualClock();
  const ledger = new FakeLedger(clock);
  const queues = new FakeQueues();
  const bench = (workerId: string, drain?: () => Promise<void>): WorkerBench =>
    new WorkerBench({ workerId, clock, ledger, equipment: new FakeEquipment(terminals), queues: queues.of(workerId, drain) });
  return { clock, ledger, queues, bench };
}
const ownerOf = (terminalId: string): string => rankWorkers(terminalId, ['worker-1', 'worker-2'])[0] ?? '';

describe('sharing the terminals of a site', () => {
  it('serves all terminals alone', async () => {
    const { queues, bench } = twoWorkers();
    await bench('worker-1').start();
    expect(terminals.map(({ terminalId }) => queues.activeOn(terminalId))).toEqual(terminals.map(() => 'worker-1'));
  });

  it('hands a newcomer its terminals: the owner is active, the other stands by behind it', async () => {
    const { clock, ledger, queues, bench } = twoWorkers();
    ledger.members.push('worker-1');
    await bench('worker-1').start();
    await bench('worker-2').start();
    await clock.advance(10_000);
    for (const { terminalId } of terminals) {
      expect(queues.activeOn(terminalId)).toBe(ownerOf(terminalId));
      expect([...queues.subscribers(terminalId)].sort()).toEqual(['worker-1', 'worker-2']);
    }
  });

  it('drains before it cancels', async () => {
    const { clock, queues, bench } = twoWorkers();
    await bench('worker-1', () => clock.sleep(5_000)).start();
    await bench('worker-2').start();
    const moved = terminals.map(({ terminalId }) => terminalId).filter((terminalId) => ownerOf(terminalId) === 'worker-2');
    expect(moved.length).toBeGreaterThan(0);
    await clock.advance(4_000);
    for (const terminalId of moved) expect(queues.activeOn(terminalId)).toBe('worker-1');
    await clock.advance(6_000);
    for (const terminalId of moved) expect(queues.activeOn(terminalId)).toBe('worker-2');
  });

  it('leaves only when its queues are drained', async () => {
    const clock = new VirtualClock();
    const bench = await new WorkerBench({ clock, queues: new FakeQueues().of('worker-1', () => clock.sleep(5_000)) }).start();
    let left = false;
    void bench.worker.leave().then(() => (left = true));
    await clock.advance(4_000);
    expect(left).toBe(false);
    await clock.advance(3_000);
    expect(left).toBe(true);
  });

  it('hears the hints of exactly the terminals whose lease it holds', async () => {
    const { clock, queues, bench } = twoWorkers();
    await bench('worker-1').start();
    await bench('worker-2').start();
    await clock.advance(15_000);
    expect(terminals.map(({ terminalId }) => queues.hearers.get(terminalId))).toEqual(terminals.map(({ terminalId }) => ownerOf(terminalId)));
  });

  it('takes everything over when the other leaves', async () => {
    const { clock, ledger, queues, bench } = twoWorkers();
    await bench('worker-1').start();
    const leaver = await bench('worker-2').start();
    await clock.advance(10_000);
    ledger.members = ['worker-1'];
    await clock.until(leaver.worker.leave());
    await clock.advance(5_000);
    for (const { terminalId } of terminals) expect(queues.subscribers(terminalId)).toEqual(['worker-1']);
  });

  it('subscribes later to a queue that does not exist yet', async () => {
    const clock = new VirtualClock();
    let exists = false;
    const queues = new FakeQueues();
    const inner = queues.of('worker-1');
    const bench = new WorkerBench({
      clock,
      queues: { subscribe: (terminalId, queue) => (exists ? inner.subscribe(terminalId, queue) : Promise.resolve(null)) },
    });
    await bench.start();
    expect(queues.activeOn('pax-1')).toBeNull();
    exists = true;
    await clock.advance(5_000);
    expect(queues.activeOn('pax-1')).toBe('worker-1');
  });
});

describe('following the settings', () => {
  it('serves a terminal that was added and leaves one that was removed or disabled', async () => {
    const queues = new FakeQueues();
    const bench = await new WorkerBench({ queues: queues.of('worker-1') }).start();
    bench.equipment.change([someTerminal('pax-1', { enabled: false, revision: 2 }), someTerminal('pax-2')]);
    await bench.clock.advance(3_000);
    expect([queues.activeOn('pax-1'), queues.activeOn('pax-2')]).toEqual([null, 'worker-1']);
    bench.equipment.change([someTerminal('pax-1', { revision: 3 })]);
    await bench.clock.advance(3_000);
    expect([queues.activeOn('pax-1'), queues.activeOn('pax-2')]).toEqual(['worker-1', null]);
  });

  it('looks at once when it is told that something changed', async () => {
    const bench = await new WorkerBench({ times: { settingsMs: 3_600_000 } }).start();
    bench.equipment.change([someTerminal('pax-2')]);
    await bench.worker.hint({ kind: 'settings-changed', revision: 2 });
    expect(bench.worker.lines.all().map(({ terminalId }) => terminalId)).toEqual(['pax-2']);
  });

  it('never changes a terminal in the middle of an attempt, and reconnects after it', async () => {
    const bench = await new WorkerBench().start();
    bench.terminal.delayMs = 10_000;
    const command = someCommand(bench.clock);
    bench.ledger.open(command);
    const handled = bench.deliver(command);
    await bench.clock.advance(2_000);
    bench.equipment.change([
      someTerminal('pax-1', { revision: 2, readAttemptsMax: 1, transport: { kind: 'tcp', mode: 'connect', host: '127.0.0.1', port: 5999 } }),
    ]);
    await bench.clock.advance(4_000);
    expect(bench.worker.lines.find('pax-1')?.settings.revision).toBe(1);
    expect(await bench.clock.until(handled)).toBe('done');
    expect(bench.ledger.statusOf('att-1')).toBe('approved');
    await bench.clock.advance(3_000);
    expect(bench.worker.lines.find('pax-1')?.settings.revision).toBe(2);
    expect(bench.terminal.opened).toBe(2);
  });

  it('lets an attempt end on a terminal that is disabled and enabled again under it', async () => {
    const bench = await new WorkerBench().start();
    bench.terminal.delayMs = 10_000;
    const command = someCommand(bench.clock);
    bench.ledger.open(command);
    const handled = bench.deliver(command);
    await bench.clock.advance(2_000);
    bench.equipment.change([]);
    await bench.clock.advance(3_000);
    bench.equipment.change([someTerminal('pax-1', { revision: 3 })]);
    await bench.clock.advance(3_000);
    expect(await bench.clock.until(handled)).toBe('done');
    expect([bench.ledger.statusOf('att-1'), bench.terminal.opened]).toEqual(['approved', 1]);
    await bench.clock.advance(2_000);
    expect(bench.worker.lines.find('pax-1')?.settings.revision).toBe(3);
  });

  it('keeps the connection when the change does not touch it', async () => {
    const bench = await new WorkerBench().start();
    await bench.clock.advance(2_000);
    bench.equipment.change([someTerminal('pax-1', { revision: 2, name: 'Till by the door' })]);
    await bench.clock.advance(5_000);
    expect([bench.worker.lines.find('pax-1')?.settings.name, bench.terminal.opened]).toEqual(['Till by the door', 1]);
  });
});

describe('idle terminals', () => {
  it('are connected ahead of a payment and tested slowly', async () => {
    const bench = await new WorkerBench().start();
    await bench.clock.advance(1_500);
    expect([bench.terminal.opened, bench.terminal.linkTests]).toEqual([1, 1]);
    await bench.clock.advance(58_000);
    expect(bench.terminal.linkTests).toBe(1);
    await bench.clock.advance(4_000);
    expect([bench.terminal.opened, bench.terminal.linkTests]).toEqual([1, 2]);
  });

  it('are tried again with growing pauses while they cannot be reached', async () => {
    const bench = await new WorkerBench().start();
    bench.terminal.unplug();
    await bench.clock.advance(60_000);
    bench.terminal.reachable = true;
    await bench.clock.advance(31_000);
    expect(bench.watch.linked_.get('pax-1')).toBe(true);
  });

  it('do not wait for one that hangs', async () => {
    const bench = new WorkerBench({ equipment: new FakeEquipment([someTerminal('pax-1'), someTerminal('pax-2')]) });
    const { terminal } = bench;
    const open = terminal.open.bind(terminal);
    terminal.open = async (settings) => {
      if (settings.terminalId === 'pax-1') await bench.clock.sleep(3_600_000);
      return await open(settings);
    };
    await bench.start();
    await bench.clock.advance(5_000);
    expect([...bench.watch.linked_]).toEqual([['pax-2', true]]);
  });

  it('are left when another worker has the lease', async () => {
    const bench = await new WorkerBench({ times: { upkeepMs: 60_000 } }).start();
    await bench.paid();
    expect(bench.watch.linked_.get('pax-1')).toBe(true);
    bench.ledger.giveLease('pax-1', 'worker-2');
    await bench.clock.advance(3_000);
    expect(bench.watch.linked_.get('pax-1')).toBe(false);
  });

  it('are left when the lease lapsed because the ledger does not answer', async () => {
    const bench = await new WorkerBench().start();
    await bench.clock.advance(2_000);
    bench.ledger.down = true;
    await bench.clock.advance(15_000);
    expect(bench.watch.linked_.get('pax-1')).toBe(true);
    await bench.clock.advance(10_000);
    expect(bench.watch.linked_.get('pax-1')).toBe(false);
    expect(bench.worker.health).toEqual({ ledger: false, equipment: true });
  });
});
