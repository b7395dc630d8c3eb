import { someCommand, WorkerBench } from '../testing/worker-bench';

/** Little goes on in the background, so that minutes pass quickly. */
const times = { upkeepMs: 10_000, settingsMs: 60_000 };

describe('an attempt in doubt whose terminal another worker was leased while the ledger was away', () => {
  it('is asked about by the worker that holds its delivery, as soon as the ledger is back', async () => {
    const bench = await new WorkerBench({ times }).start();
    bench.terminal.script.push('cut-after-approval');
    bench.terminal.delayMs = 1_000;
    const command = someCommand(bench.clock);
    bench.ledger.open(command);
    const handled = bench.deliver(command);
    await bench.clock.advance(500);
    bench.ledger.down = true;
    // Terminal lease and permit lease lapse, and the other worker's heartbeat comes first.
    await bench.clock.advance(25_000);
    bench.ledger.giveLease('pax-1', 'worker-2');
    bench.ledger.down = false;
    await bench.clock.advance(10_000);
    expect(bench.ledger.statusOf('att-1')).toBe('approved');
    expect(await bench.clock.until(handled)).toBe('done');
    expect(bench.terminal.sales).toEqual(['att-1']);
  });
});
