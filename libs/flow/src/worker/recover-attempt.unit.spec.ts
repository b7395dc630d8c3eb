import { someCommand, WorkerBench } from '../testing/worker-bench';
import { MemoryJournal } from '../testing/worker-journal';

/** Little goes on in the background, so that minutes pass quickly. */
const times = { upkeepMs: 10_000, settingsMs: 60_000, heartbeatMs: 5_000 };

/** A worker died with an attempt begun, and its command comes to the next one after the lease lapsed. */
async function afterCrash(script: (bench: WorkerBench) => void, options: { readonly keepsReference?: boolean } = {}) {
  const bench = await new WorkerBench({ workerId: 'worker-2', times }).start();
  bench.terminal.keepsReference = options.keepsReference ?? true;
  const command = someCommand(bench.clock);
  bench.ledger.open(command);
  bench.ledger.grantTo('worker-1', command.attemptId, 'nonce-of-worker-1');
  await bench.clock.advance(2_000);
  script(bench);
  await bench.clock.advance(20_000);
  return { bench, command };
}

describe('recovering an attempt that another worker began', () => {
  it.each([true, false])('adopts the approval the terminal remembers (returns our reference: %s)', async (keepsReference) => {
    const { bench, command } = await afterCrash(({ terminal }) => terminal.book(15_000, 'ref-att-1'), { keepsReference });
    expect(await bench.handled(command)).toBe('done');
    expect(bench.ledger.published).toMatchObject([
      { source: 'recovery', outcome: { kind: 'approved', chargedMinor: 15_000, facts: { rrn: bench.terminal.charges[0]?.rrn } } },
    ]);
    expect([bench.terminal.sales, bench.ledger.grants]).toEqual([[], []]);
    expect(bench.ledger.statusOf('att-1')).toBe('approved');
  });

  it('does not go near the terminal while the other worker’s lease lives', async () => {
    const bench = await new WorkerBench({ workerId: 'worker-2', times }).start();
    const command = someCommand(bench.clock);
    bench.ledger.open(command);
    bench.ledger.grantTo('worker-1', command.attemptId);
    const handled = bench.deliver(command);
    await bench.clock.advance(15_000);
    expect(bench.terminal.opened).toBe(0);
    await bench.clock.until(handled);
    expect(bench.terminal.sales).toEqual([]);
  });

  it('stays in doubt when the terminal remembers nothing and no report was recorded before: absence proves nothing', async () => {
    const { bench, command } = await afterCrash(() => undefined);
    expect(await bench.handled(command)).toBe('done');
    expect(bench.ledger.published).toMatchObject([{ source: 'recovery', outcome: { kind: 'unknown' } }]);
    expect(bench.ledger.statusOf('att-1')).toBe('unknown');
  });

  it.each([
    ['an operation of another amount', (bench: WorkerBench) => bench.terminal.book(14_900, null)],
    ['an operation that carries another reference', (bench: WorkerBench) => bench.terminal.book(15_000, 'ref-other')],
    [
      'an operation whose RRN belongs to another attempt',
      (bench: WorkerBench) => void bench.journal.finish('att-0', { terminalId: 'pax-1', rrn: bench.terminal.book(15_000, null).rrn ?? '' }),
    ],
  ])('does not take %s for ours', async (_what, script) => {
    const { bench, command } = await afterCrash(script, { keepsReference: _what.includes('reference') });
    await bench.handled(command);
    expect(bench.ledger.statusOf('att-1')).toBe('unknown');
  });

  it('does not take one of two operations since the permit for ours', async () => {
    const { bench, command } = await afterCrash(
      ({ terminal }) => {
        terminal.book(15_001, null);
        terminal.book(15_000, null);
      },
      { keepsReference: false },
    );
    await bench.handled(command);
    expect(bench.ledger.statusOf('att-1')).toBe('unknown');
  });

  it.each([true, false])('does not take an operation from before the permit for ours (its report was recorded: %s)', async (recorded) => {
    const bench = await new WorkerBench({ workerId: 'worker-2', times: { ...times, upkeepMs: recorded ? 10_000 : 600_000 } }).start();
    bench.terminal.keepsReference = false;
    bench.terminal.book(15_000, null);
    await bench.clock.advance(120_000);
    const command = someCommand(bench.clock);
    bench.ledger.open(command);
    bench.ledger.grantTo('worker-1', command.attemptId);
    await bench.clock.advance(25_000);
    await bench.handled(command);
    expect(bench.ledger.statusOf('att-1')).toBe(recorded ? 'failed' : 'unknown');
  });

  it('acknowledges the command only after `unknown` is confirmed', async () => {
    const { bench, command } = await afterCrash(({ ledger }) => (ledger.brokerDown = true));
    let disposition: unknown = null;
    void bench.deliver(command).then((said) => (disposition = said));
    await bench.clock.advance(200_000);
    expect(disposition).toBeNull();
    bench.ledger.brokerDown = false;
    await bench.clock.advance(400_000);
    expect(disposition).toBe('done');
    expect(bench.ledger.published[0]).toMatchObject({ outcome: { kind: 'unknown' } });
  });

  it('does not acknowledge while the ledger cannot be asked, however long that takes', async () => {
    const { bench, command } = await afterCrash(({ ledger }) => (ledger.down = true));
    await bench.journal.write({ state: 'begun', command, nonce: 'nonce-before', asks: 1, readFailures: 0, askedAtMs: bench.clock.wallMs() });
    let disposition: unknown = null;
    void bench.deliver(command).then((said) => (disposition = said));
    await bench.clock.advance(200_000);
    expect(disposition).toBeNull();
  });

  it('keeps asking while the command is held, and adopts what surfaces', async () => {
    const { bench, command } = await afterCrash(({ terminal }) => terminal.unplug());
    const handled = bench.deliver(command);
    await bench.clock.advance(30_000);
    expect(bench.ledger.statusOf('att-1')).toBe('unknown');
    bench.terminal.book(15_000, 'ref-att-1');
    bench.terminal.reachable = true;
    expect(await bench.clock.until(handled)).toBe('done');
    expect(bench.ledger.statusOf('att-1')).toBe('approved');
  });

  it('forgets the attempt when the ledger knows its end', async () => {
    const { bench, command } = await afterCrash(({ terminal }) => terminal.unplug());
    const handled = bench.deliver(command);
    await bench.clock.advance(30_000);
    bench.ledger.setStatus('att-1', 'declined');
    expect(await bench.clock.until(handled)).toBe('done');
    expect(bench.journal.all()).toEqual([]);
  });

  it('does not call a granted attempt unreachable when its terminal is', async () => {
    const { bench, command } = await afterCrash(({ terminal }) => terminal.unplug());
    await bench.handled(command);
    expect(bench.ledger.published.map(({ source }) => source)).not.toContain('unpermitted');
    expect(bench.ledger.statusOf('att-1')).toBe('unknown');
  });
});

describe('recovering an attempt of this worker', () => {
  it('asks the terminal on a new connection, and adopts an approval whose answer was cut off', async () => {
    const bench = await new WorkerBench({ times }).start();
    bench.terminal.script.push('cut-after-approval');
    expect(await bench.paid()).toBe('done');
    expect(bench.ledger.published.map(({ outcome, source }) => [outcome.kind, source])).toEqual([
      ['unknown', 'answer'],
      ['approved', 'recovery'],
    ]);
    expect([bench.terminal.opened, bench.terminal.sales.length]).toEqual([2, 1]);
    expect(bench.journal.all()).toEqual([]);
  });

  it('does not use the connection again on which the attempt was sent', async () => {
    const bench = await new WorkerBench({ times }).start();
    bench.terminal.script.push('unlisted');
    await bench.paid();
    expect(bench.terminal.opened).toBeGreaterThan(1);
  });

  it('goes on in the background after the command was acknowledged', async () => {
    const bench = await new WorkerBench({ times }).start();
    bench.terminal.script.push('unplug-after-approval');
    expect(await bench.paid()).toBe('done');
    expect(bench.journal.find('att-1')?.state).toBe('in-doubt');
    bench.terminal.reachable = true;
    await bench.clock.advance(60_000);
    expect(bench.ledger.statusOf('att-1')).toBe('approved');
    expect(bench.terminal.sales).toEqual(['att-1']);
  });

  it('recovers the attempt that is in the way of the next one', async () => {
    const bench = await new WorkerBench({ times: { upkeepMs: 3_600_000 } }).start();
    bench.terminal.script.push('unplug-after-approval');
    await bench.paid();
    expect(bench.ledger.statusOf('att-1')).toBe('unknown');
    bench.terminal.reachable = true;
    expect(await bench.paid('att-2')).toBe('done');
    expect([bench.ledger.statusOf('att-1'), bench.ledger.statusOf('att-2')]).toEqual(['approved', 'approved']);
    expect(bench.terminal.sales).toEqual(['att-1', 'att-2']);
  });

  it('recovers what an earlier process began, and never sends it', async () => {
    const first = await new WorkerBench({ times }).start();
    const command = someCommand(first.clock);
    first.ledger.open(command);
    first.ledger.grantTo('worker-1', 'att-1', 'nonce-before');
    await first.journal.write({ state: 'begun', command, nonce: 'nonce-before', asks: 1, readFailures: 1, askedAtMs: first.clock.wallMs() });
    const { clock, ledger, terminal } = first;
    await first.clock.until(first.worker.leave());
    terminal.book(15_000, 'ref-att-1');

    const second = await new WorkerBench({ workerId: 'worker-2', clock, ledger, terminal, journal: first.journal.reopen() }).start();
    await clock.advance(40_000);
    expect(ledger.published).toMatchObject([{ source: 'recovery', readFailures: 1, outcome: { kind: 'approved' } }]);
    expect([terminal.sales, second.journal.all()]).toEqual([[], []]);
  });

  it('shows a person what the ledger lost: an attempt in doubt that it does not know', async () => {
    const bench = await new WorkerBench({ times }).start();
    bench.terminal.script.push('silent');
    const command = someCommand(bench.clock);
    bench.ledger.open(command);
    const handled = bench.deliver(command);
    await bench.clock.advance(10);
    bench.ledger.forget('att-1');
    expect(await bench.clock.until(handled)).toMatchObject({ park: expect.stringContaining('unknown-attempt') });
    expect(bench.journal.find('att-1')).not.toBeNull();
  });
});

/** A worker that knows the terminal’s report, and whose attempt worker-1 was granted. */
async function afterBaseline(script: (bench: WorkerBench) => void, grantedTo = 'worker-1') {
  const bench = await new WorkerBench({ workerId: 'worker-2', times: { ...times, upkeepMs: 1_000 } }).start();
  bench.terminal.book(9_900, 'ref-att-0');
  await bench.clock.advance(5_000);
  const command = someCommand(bench.clock);
  bench.ledger.open(command);
  bench.ledger.grantTo(grantedTo, command.attemptId);
  script(bench);
  return { bench, command };
}

describe('an attempt that left nothing at the terminal', () => {
  it('is proved uncharged, but not while another worker’s bytes may still arrive: its time to send and the card’s wait', async () => {
    const { bench, command } = await afterBaseline(() => undefined);
    const handled = bench.deliver(command);
    await bench.clock.advance(39_000);
    expect(bench.ledger.statusOf('att-1')).toBe('unknown');
    expect(await bench.clock.until(handled)).toBe('done');
    expect(bench.ledger.published.at(-1)).toMatchObject({ source: 'recovery', outcome: { kind: 'failed', reason: 'terminal_unreachable' } });
    expect([bench.terminal.sales, bench.ledger.statusOf('att-1')]).toEqual([[], 'failed']);
  });

  it('is proved uncharged at once by the worker that opened the dead one’s journal', async () => {
    const journal = new MemoryJournal();
    await journal.enter('worker-1');
    const bench = await new WorkerBench({ workerId: 'worker-2', journal: journal.reopen(), times: { ...times, upkeepMs: 1_000 } }).start();
    await bench.clock.advance(5_000);
    const command = someCommand(bench.clock);
    bench.ledger.open(command);
    bench.ledger.grantTo('worker-1', command.attemptId);
    const handled = bench.deliver(command);
    await bench.clock.advance(1_000);
    expect(bench.ledger.statusOf('att-1')).toBe('failed');
    await bench.clock.until(handled);
  });

  it('stays in doubt when somebody keyed in a payment of another amount meanwhile', async () => {
    const { bench, command } = await afterBaseline(({ terminal }) => void terminal.book(500, null));
    await bench.handled(command);
    expect(bench.ledger.statusOf('att-1')).toBe('unknown');
  });
});

describe('an attempt that nobody works on', () => {
  it('is asked about by the worker that the ledger sends for it', async () => {
    const { bench, command } = await afterBaseline(({ terminal }) => void terminal.book(15_000, 'ref-att-1'));
    await bench.clock.advance(25_000);
    await bench.worker.hint({ kind: 'recover', command });
    await bench.clock.advance(5_000);
    expect(bench.ledger.published).toMatchObject([{ source: 'recovery', outcome: { kind: 'approved' } }]);
  });

  it('is never sent by an errand, even if the ledger had it queued', async () => {
    const bench = await new WorkerBench({ workerId: 'worker-2', times: { ...times, upkeepMs: 1_000 } }).start();
    const command = someCommand(bench.clock);
    bench.ledger.open(command);
    await bench.clock.advance(5_000);
    await bench.worker.hint({ kind: 'recover', command });
    await bench.clock.advance(30_000);
    expect([bench.terminal.sales, bench.ledger.grants, bench.ledger.statusOf('att-1')]).toEqual([[], [], 'queued']);
  });

  it('is asked about once more after a person decided it, while others may be driven there', async () => {
    const { bench, command } = await afterBaseline(({ terminal }) => void terminal.book(15_000, 'ref-att-1'));
    bench.ledger.decideByPerson(command.attemptId, 'failed');
    await bench.worker.hint({ kind: 'recover', command });
    await bench.clock.advance(5_000);
    expect(bench.ledger.published).toMatchObject([{ source: 'recovery', outcome: { kind: 'approved' } }]);
    expect(bench.ledger.statusOf('att-1')).toBe('failed');
  });

  it('of another site is left alone', async () => {
    const { bench, command } = await afterBaseline(() => undefined);
    await bench.clock.advance(25_000);
    await bench.worker.hint({ kind: 'recover', command: { ...command, siteId: 'club-2' } });
    await bench.clock.advance(5_000);
    expect(bench.ledger.asked).toEqual([]);
  });
});
