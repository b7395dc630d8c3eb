import { FakeEquipment, FakeQueues, someCommand, someTerminal, WorkerBench } from '../testing/worker-bench';
import { VirtualClock } from '../testing/worker-clock';
import { FakeLedger } from '../testing/worker-ledger';
import { FakeTerminal } from '../testing/worker-terminal';
import { rankWorkers } from './rendezvous';

const [owner = '', standBy = ''] = rankWorkers('pax-1', ['worker-1', 'worker-2']);

/** Two workers of a site at one terminal, which takes one connection. The owner is connected ahead of any payment. */
async function twoAtOneTerminal() {
  const clock = new VirtualClock();
  const ledger = new FakeLedger(clock);
  const terminal = new FakeTerminal(clock);
  terminal.takesOne = true;
  const queues = new FakeQueues();
  const shared = { clock, ledger, terminal };
  const bench = (workerId: string): WorkerBench =>
    new WorkerBench({ ...shared, workerId, equipment: new FakeEquipment([someTerminal()]), queues: queues.of(workerId) });
  const owning = await bench(owner).start();
  const standing = await bench(standBy).start();
  await clock.advance(10_000);
  const open = (attemptId = 'att-1') => {
    const command = someCommand(clock, attemptId);
    ledger.open(command);
    return command;
  };
  return { ...shared, owning, standing, open };
}

describe('a payment that meets a hand-over', () => {
  it('waits until the worker that lost the terminal has left it, is not cut off by that one’s upkeep, and is sent once', async () => {
    const { clock, ledger, terminal, owning, standing, open } = await twoAtOneTerminal();
    expect(owning.watch.linked_.get('pax-1')).toBe(true);
    const startedMs = clock.monotonicMs();
    expect(await standing.handled(open())).toBe('done');
    expect([ledger.statusOf('att-1'), terminal.sales]).toEqual(['approved', ['att-1']]);
    expect(terminal.refused).toBeGreaterThan(0);
    expect(clock.monotonicMs() - startedMs).toBeLessThan(4_000);
    await clock.advance(30_000);
    expect([owning, standing].map(({ watch }) => watch.linked_.get('pax-1'))).toEqual([true, false]);
  });

  it('waits for a worker that cannot be told until its lease has lapsed', async () => {
    const { clock, ledger, standing, open } = await twoAtOneTerminal();
    ledger.unheard.add(owner);
    const startedMs = clock.monotonicMs();
    expect(await standing.handled(open())).toBe('done');
    expect(ledger.statusOf('att-1')).toBe('approved');
    expect(clock.monotonicMs() - startedMs).toBeLessThan(25_000);
  });

  it('fails as unreachable within a second when the other worker has left for good', async () => {
    const { clock, ledger, terminal, owning, standing, open } = await twoAtOneTerminal();
    ledger.members = [standBy];
    await clock.until(owning.worker.leave());
    terminal.unplug();
    const startedMs = clock.monotonicMs();
    expect(await standing.handled(open())).toBe('done');
    expect(ledger.statusOf('att-1')).toBe('failed');
    expect(clock.monotonicMs() - startedMs).toBeLessThan(1_000);
  });

  it('fails as unreachable once nobody else can be there', async () => {
    const { clock, ledger, terminal, standing, open } = await twoAtOneTerminal();
    terminal.unplug();
    const startedMs = clock.monotonicMs();
    expect(await standing.handled(open())).toBe('done');
    expect(ledger.published).toMatchObject([{ source: 'unpermitted', outcome: { kind: 'failed', reason: 'terminal_unreachable' } }]);
    expect(clock.monotonicMs() - startedMs).toBeLessThan(5_000);
  });

  it('fails as unreachable within a second where there is no other worker, or none that could be there', async () => {
    const alone = await new WorkerBench().start();
    const sale = someCommand(alone.clock);
    alone.ledger.open(sale);
    const { owning, open } = await twoAtOneTerminal();
    for (const [bench, command] of [
      [alone, sale],
      [owning, open()],
    ] as const) {
      bench.terminal.unplug();
      const startedMs = bench.clock.monotonicMs();
      expect(await bench.handled(command)).toBe('done');
      expect(bench.ledger.published).toMatchObject([{ outcome: { reason: 'terminal_unreachable' } }]);
      expect(bench.clock.monotonicMs() - startedMs).toBeLessThan(1_000);
    }
  });
});

describe('a terminal whose lease is lost', () => {
  const times = { upkeepMs: 10_000 };

  it('is left while its report is read, which can take long', async () => {
    const bench = new WorkerBench({ times });
    const { clock, ledger, terminal, watch } = bench;
    const open = terminal.open.bind(terminal);
    terminal.open = async (settings) => {
      const conversation = await open(settings);
      const run = conversation.run.bind(conversation);
      conversation.run = async (request, hooks) => {
        if (request.kind === 'report') await clock.sleep(30_000);
        return await run(request, hooks);
      };
      return conversation;
    };
    await bench.start();
    await clock.advance(10_500);
    expect(watch.linked_.get('pax-1')).toBe(true);
    ledger.giveLease('pax-1', 'worker-2');
    await clock.advance(3_000);
    expect(watch.linked_.get('pax-1')).toBe(false);
  });

  it('is not kept connected when it was lost while connecting', async () => {
    const bench = new WorkerBench({ times });
    const { clock, ledger, terminal, watch } = bench;
    const open = terminal.open.bind(terminal);
    terminal.open = async (settings) => {
      await clock.sleep(4_000);
      return await open(settings);
    };
    await bench.start();
    await clock.advance(10_500);
    ledger.giveLease('pax-1', 'worker-2');
    await clock.advance(5_000);
    expect([terminal.opened, watch.linked_.get('pax-1') ?? false]).toEqual([1, false]);
  });

  it('is left together with its queue when another worker is to serve it', async () => {
    const bench = await new WorkerBench({ workerId: standBy }).start();
    await bench.clock.advance(2_000);
    expect(bench.watch.linked_.get('pax-1')).toBe(true);
    bench.ledger.members.push(owner);
    await bench.clock.advance(2_500);
    expect(bench.watch.linked_.get('pax-1')).toBe(false);
  });
});
