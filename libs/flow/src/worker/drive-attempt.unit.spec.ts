import { someCommand, WorkerBench } from '../testing/worker-bench';

describe('driving an attempt', () => {
  it('puts the amount on the terminal once, stores the answer before it is acknowledged, and publishes it', async () => {
    const bench = await new WorkerBench().start();
    expect(await bench.paid()).toBe('done');
    expect(bench.terminal.sales).toEqual(['att-1']);
    expect(bench.journal.written.map(({ state }) => state)).toEqual(['begun', 'answered']);
    expect(bench.ledger.published).toMatchObject([
      { attemptId: 'att-1', source: 'answer', readFailures: 0, outcome: { kind: 'approved', chargedMinor: 15_000 } },
    ]);
    expect(bench.ledger.statusOf('att-1')).toBe('approved');
    expect(bench.journal.all()).toEqual([]);
    expect(bench.steps).toEqual(['on_terminal', 'answered']);
  });

  it.each([
    ['decline', 'declined', 'insufficient_funds'],
    ['cancel', 'cancelled', 'customer_cancelled'],
  ] as const)('passes the terminal’s own answer on: %s', async (script, kind, reason) => {
    const bench = await new WorkerBench().start();
    bench.terminal.script.push(script);
    expect(await bench.paid()).toBe('done');
    expect(bench.ledger.published.map(({ outcome }) => outcome)).toMatchObject([{ kind, reason }]);
  });

  it('remembers the RRN of an approval as taken', async () => {
    const bench = await new WorkerBench().start();
    await bench.paid();
    expect(bench.journal.isTaken('pax-1', bench.terminal.charges[0]?.rrn ?? '')).toBe(true);
  });

  it('keeps the lease and the connection between payments and tests a fresh link no second time', async () => {
    const bench = await new WorkerBench().start();
    await bench.paid('att-1');
    await bench.paid('att-2');
    expect([bench.terminal.opened, bench.terminal.linkTests]).toEqual([1, 1]);
  });

  it('tests a link that was quiet for long before it asks for a permit', async () => {
    const bench = await new WorkerBench().start();
    await bench.paid('att-1');
    await bench.clock.advance(20_000);
    await bench.paid('att-2');
    expect([bench.terminal.opened, bench.terminal.linkTests]).toEqual([1, 2]);
  });

  it('shows the terminal’s report to a ledger that was restored before it asks for a permit', async () => {
    const bench = await new WorkerBench().start();
    await bench.paid('att-1');
    bench.ledger.restore('pax-1');
    expect(await bench.paid('att-2')).toBe('done');
    expect([bench.ledger.statusOf('att-2'), bench.ledger.baselineSince('pax-1'), bench.terminal.sales]).toEqual([
      'approved',
      bench.terminal.since,
      ['att-1', 'att-2'],
    ]);
  });

  it('does not ask over and over for a permit that waits for a report which the terminal does not give', async () => {
    const bench = await new WorkerBench().start();
    bench.ledger.restore('pax-1');
    bench.terminal.day.reportless = true;
    const command = someCommand(bench.clock);
    bench.ledger.open(command);
    void bench.deliver(command);
    await bench.clock.advance(30_000);
    expect(bench.ledger.asked.length).toBeGreaterThan(3);
    expect(bench.ledger.asked.length).toBeLessThan(20);
    expect(bench.terminal.sales).toEqual([]);
  });

  it('fails a payment on a terminal that cannot be reached without ever asking for a permit', async () => {
    const bench = await new WorkerBench().start();
    bench.terminal.unplug();
    expect(await bench.paid()).toBe('done');
    expect(bench.ledger.asked).toEqual([]);
    expect(bench.ledger.published).toMatchObject([{ nonce: null, source: 'unpermitted', outcome: { kind: 'failed', reason: 'terminal_unreachable' } }]);
    expect(bench.ledger.statusOf('att-1')).toBe('failed');
  });

  it('reaches a terminal that comes back within its tries', async () => {
    const bench = await new WorkerBench().start();
    bench.terminal.unplug();
    const command = someCommand(bench.clock);
    bench.ledger.open(command);
    const handled = bench.deliver(command);
    await bench.clock.advance(100);
    bench.terminal.reachable = true;
    expect(await bench.clock.until(handled)).toBe('done');
    expect(bench.ledger.statusOf('att-1')).toBe('approved');
  });

  it.each([
    ['a return that names no charge', { operation: 'reversal' }],
    ['a refund at a bank', { operation: 'refund', moneyPath: 'bank_qr', original: { attemptId: 'att-0', rrn: '1', authorisationCode: null } }],
  ] as const)('does not ask a terminal for what it cannot do: %s', async (_, change) => {
    const bench = await new WorkerBench().start();
    expect(await bench.paid('att-1', change)).toBe('done');
    expect([bench.terminal.sales, bench.terminal.returns]).toEqual([[], []]);
    expect(bench.ledger.published).toMatchObject([{ source: 'unpermitted', outcome: { kind: 'failed', reason: 'not_supported' } }]);
  });

  it('parks a command that names another site or terminal', async () => {
    const bench = await new WorkerBench().start();
    expect(await bench.worker.handle('pax-2', someCommand(bench.clock))).toEqual({ park: 'the command is for another terminal' });
  });
});

describe('asking for the permit', () => {
  it('draws a nonce anew for each delivery', async () => {
    const bench = await new WorkerBench().start();
    await bench.paid('att-1');
    await bench.paid('att-2');
    expect(new Set(bench.ledger.asked.map(({ nonce }) => nonce)).size).toBe(2);
  });

  it('repeats a request whose answer was lost with the same nonce, and sends once', async () => {
    const bench = await new WorkerBench().start();
    bench.ledger.failNextPermits('lose-answer');
    expect(await bench.paid()).toBe('done');
    expect(new Set(bench.ledger.asked.map(({ nonce }) => nonce)).size).toBe(1);
    expect(bench.terminal.sales).toEqual(['att-1']);
  });

  it('counts the time to send from the first request whose answer was lost', async () => {
    const bench = await new WorkerBench({ times: { permitRetryMs: 8_500, linkFreshMs: 60_000 } }).start();
    bench.ledger.failNextPermits('lose-answer');
    const command = someCommand(bench.clock);
    bench.ledger.open(command);
    const handled = bench.deliver(command);
    await bench.clock.advance(8_000);
    // The repeat is answered in time, but the process stands still before its first byte.
    bench.clock.freeze(3_000);
    expect(await bench.clock.until(handled)).toBe('done');
    expect(bench.terminal.sales).toEqual([]);
  });

  it('waits out a dead ledger and then charges under a new nonce', async () => {
    const bench = await new WorkerBench().start();
    bench.ledger.down = true;
    const command = someCommand(bench.clock);
    bench.ledger.open(command);
    const handled = bench.deliver(command);
    await bench.clock.advance(15_000);
    bench.ledger.down = false;
    expect(await bench.clock.until(handled)).toBe('done');
    expect(bench.terminal.sales).toEqual(['att-1']);
    expect(bench.ledger.statusOf('att-1')).toBe('approved');
  });

  it('ends an attempt as not sent when the ledger granted a request it could not answer for too long', async () => {
    const bench = await new WorkerBench().start();
    bench.ledger.failNextPermits('lose-answer');
    const command = someCommand(bench.clock);
    bench.ledger.open(command);
    const handled = bench.deliver(command);
    await bench.clock.advance(100);
    bench.ledger.down = true;
    await bench.clock.advance(12_000);
    bench.ledger.down = false;
    expect(await bench.clock.until(handled)).toBe('done');
    expect(bench.terminal.sales).toEqual([]);
    expect(bench.ledger.published).toMatchObject([{ nonce: bench.ledger.grants[0]?.nonce, outcome: { kind: 'failed', reason: 'terminal_fault' } }]);
    expect(bench.ledger.statusOf('att-1')).toBe('failed');
  });

  it.each(['expired', 'withdrawn', 'declined', 'approved'] as const)('forgets a command whose attempt is %s', async (status) => {
    const bench = await new WorkerBench().start();
    const command = someCommand(bench.clock);
    bench.ledger.open(command);
    bench.ledger.setStatus('att-1', status);
    expect(await bench.handled(command)).toBe('done');
    expect([bench.terminal.sales, bench.ledger.published]).toEqual([[], []]);
  });

  it('parks a command whose attempt the ledger does not know', async () => {
    const bench = await new WorkerBench().start();
    expect(await bench.handled(someCommand(bench.clock))).toEqual({ park: 'unknown-attempt' });
    expect(bench.terminal.sales).toEqual([]);
  });

  it('holds a command until the ledger says that it expired while another worker drives the terminal', async () => {
    const bench = await new WorkerBench().start();
    bench.ledger.open(someCommand(bench.clock, 'att-0'));
    const command = someCommand(bench.clock);
    bench.ledger.open(command);
    bench.ledger.grantTo('worker-2', 'att-0');
    const handled = bench.deliver(command);
    for (let s = 0; s < 190; s += 10) {
      await bench.ledger.heartbeat({
        workerId: 'worker-2',
        siteId: 'club-1',
        terminalIds: [],
        driving: [{ attemptId: 'att-0', nonce: 'foreign-nonce' }],
        leaving: false,
      });
      await bench.clock.advance(10_000);
    }
    expect([bench.terminal.opened, bench.terminal.sales]).toEqual([0, []]);
    bench.ledger.setStatus('att-0', 'declined');
    await bench.clock.advance(11_000);
    expect(await bench.clock.until(handled)).toBe('done');
    expect(bench.ledger.statusOf('att-1')).toBe('expired');
  });

  it('takes the lease again and tests the link again when another worker had the terminal', async () => {
    const bench = await new WorkerBench().start();
    await bench.paid('att-1');
    bench.ledger.giveLease('pax-1', 'worker-2');
    expect(await bench.paid('att-2')).toBe('done');
    expect(bench.terminal.opened).toBe(2);
    expect(bench.ledger.statusOf('att-2')).toBe('approved');
  });

  it('gives a held command back when the worker stops', async () => {
    const bench = await new WorkerBench().start();
    bench.ledger.open(someCommand(bench.clock, 'att-0'));
    bench.ledger.grantTo('worker-2', 'att-0');
    const command = someCommand(bench.clock);
    bench.ledger.open(command);
    const handled = bench.deliver(command);
    await bench.clock.advance(1_000);
    const left = bench.worker.leave();
    expect(await bench.clock.until(handled)).toBe('retry');
    await bench.clock.until(left);
    expect(bench.ledger.statusOf('att-1')).toBe('queued');
  });
});
