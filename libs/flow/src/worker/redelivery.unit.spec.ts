import { someCommand, WorkerBench } from '../testing/worker-bench';

describe('a command that is delivered again', () => {
  it('waits for the first handling when the channel dropped under it, and never sends twice', async () => {
    const bench = await new WorkerBench().start();
    bench.terminal.delayMs = 5_000;
    const command = someCommand(bench.clock);
    bench.ledger.open(command);
    const first = bench.deliver(command);
    await bench.clock.advance(1_000);
    const second = bench.deliver(command);
    expect(await bench.clock.until(Promise.all([first, second]))).toEqual(['done', 'done']);
    expect(bench.terminal.sales).toEqual(['att-1']);
    expect(bench.ledger.published).toHaveLength(1);
  });

  it('is never sent again when the journal says begun, even if the ledger would grant it', async () => {
    const bench = await new WorkerBench().start();
    const command = someCommand(bench.clock);
    await bench.journal.write({ state: 'begun', command, nonce: 'nonce-before', asks: 1, readFailures: 0, askedAtMs: bench.clock.wallMs() });
    bench.ledger.open(command);
    const handled = bench.deliver(command);
    await bench.clock.advance(60_000);
    expect(bench.terminal.sales).toEqual([]);
    expect(bench.ledger.published).toMatchObject([{ outcome: { kind: 'unknown' } }]);
    await bench.clock.until(handled);
    expect(bench.terminal.sales).toEqual([]);
  });

  it('publishes the stored result as it is, under the same id', async () => {
    const first = await new WorkerBench().start();
    first.ledger.brokerDown = true;
    const command = someCommand(first.clock);
    first.ledger.open(command);
    void first.deliver(command);
    await first.clock.advance(5_000);
    const stored = first.journal.find('att-1');
    expect(stored).toMatchObject({ state: 'answered', result: { outcome: { kind: 'approved' } } });

    first.ledger.brokerDown = false;
    const { clock, ledger, terminal } = first;
    const second = new WorkerBench({ workerId: 'worker-2', clock, ledger, terminal, journal: first.journal.reopen() });
    await second.start();
    expect(stored?.state === 'answered' && ledger.published.map(({ resultId }) => resultId)).toContain(
      stored?.state === 'answered' ? stored.result.resultId : '',
    );
    expect(await second.handled(command)).toBe('done');
    expect(terminal.sales).toEqual(['att-1']);
    expect(second.journal.all()).toEqual([]);
  });

  it('holds the result back while the broker is down and acknowledges only after it is confirmed', async () => {
    const bench = await new WorkerBench().start();
    bench.ledger.brokerDown = true;
    const command = someCommand(bench.clock);
    bench.ledger.open(command);
    let disposition: unknown = null;
    void bench.deliver(command).then((said) => (disposition = said));
    await bench.clock.advance(60_000);
    expect([disposition, bench.journal.find('att-1')?.state]).toEqual([null, 'answered']);
    bench.ledger.brokerDown = false;
    await bench.clock.advance(31_000);
    expect([disposition, bench.journal.find('att-1')]).toEqual(['done', null]);
  });

  it('gives the delivery back with the result in the journal when the worker stops first', async () => {
    const bench = await new WorkerBench().start();
    bench.ledger.brokerDown = true;
    const command = someCommand(bench.clock);
    bench.ledger.open(command);
    const handled = bench.deliver(command);
    await bench.clock.advance(1_000);
    void bench.worker.leave();
    expect(await bench.clock.until(handled)).toBe('retry');
    expect(bench.journal.find('att-1')?.state).toBe('answered');
  });

  it('is forgotten after its result was confirmed, even before the ledger recorded it', async () => {
    const bench = await new WorkerBench().start();
    bench.ledger.recording = false;
    await bench.paid();
    const asked = bench.ledger.asked.length;
    expect(await bench.handled(someCommand(bench.clock))).toBe('done');
    expect([bench.terminal.sales.length, bench.ledger.asked.length]).toEqual([1, asked]);
  });
});
