import { someCommand, WorkerBench } from '../testing/worker-bench';

/** Little goes on in the background, so that minutes pass quickly. */
const times = { upkeepMs: 10_000, settingsMs: 60_000, heartbeatMs: 5_000 };

/** A worker whose next sale is answered by nothing that makes sense, although the bank has the money. */
async function afterNonsense(endsAfterMs: number): Promise<WorkerBench> {
  const bench = await new WorkerBench({ times }).start();
  bench.terminal.endsAfterMs = endsAfterMs;
  bench.terminal.script.push('foreign');
  bench.terminal.book(15_000, 'ref-att-1');
  return bench;
}

describe('the one connection to a terminal', () => {
  it('is kept while an attempt is asked about that was not sent on it', async () => {
    const bench = await new WorkerBench({ workerId: 'worker-2', times }).start();
    const command = someCommand(bench.clock);
    bench.ledger.open(command);
    bench.ledger.grantTo('worker-1', command.attemptId, 'nonce-of-worker-1');
    await bench.clock.advance(22_000);
    await bench.handled(command);
    expect(bench.terminal.linkTests).toBeGreaterThan(5);
    expect(bench.terminal.opened).toBe(1);
  });

  it('is left when the attempt was sent on it, and its end is waited for before there is another', async () => {
    const bench = await afterNonsense(300);
    expect(await bench.paid()).toBe('done');
    expect([bench.terminal.refused, bench.terminal.opened]).toEqual([0, 2]);
    expect(bench.ledger.statusOf('att-1')).toBe('approved');
  });

  it('is not waited for for ever', async () => {
    const bench = await afterNonsense(20_000);
    expect(await bench.paid()).toBe('done');
    expect(bench.terminal.refused).toBeGreaterThan(0);
    expect(bench.ledger.statusOf('att-1')).toBe('approved');
  });
});
