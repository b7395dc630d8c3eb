import { someCommand, someTerminal, FakeEquipment, WorkerBench } from '../testing/worker-bench';

/** Begins a sale and lets `ms` pass, so that it stands at the terminal. */
async function begun(bench: WorkerBench, ms = 1_000) {
  const command = someCommand(bench.clock);
  bench.ledger.open(command);
  const handled = bench.deliver(command);
  await bench.clock.advance(ms);
  return { command, handled };
}

describe('before the first byte of an attempt', () => {
  it('journals that it is begun, synced', async () => {
    const bench = await new WorkerBench().start();
    let salesWhenBegun: number | null = null;
    bench.journal.beforeWrite = ({ state }) => {
      if (state === 'begun') salesWhenBegun = bench.terminal.sales.length;
    };
    await bench.paid();
    expect(salesWhenBegun).toBe(0);
    expect(bench.journal.written[0]).toMatchObject({ state: 'begun', asks: 1, nonce: bench.ledger.grants[0]?.nonce, command: { attemptId: 'att-1' } });
  });

  it('sends nothing when the journal cannot be written', async () => {
    const bench = await new WorkerBench().start();
    bench.journal.broken = true;
    const command = someCommand(bench.clock);
    bench.ledger.open(command);
    expect(await bench.handled(command)).toBe('done');
    expect(bench.terminal.sales).toEqual([]);
    expect(bench.ledger.published).toMatchObject([{ outcome: { kind: 'failed', reason: 'terminal_fault' } }]);
  });

  it.each([
    ['the monotonic clock', (bench: WorkerBench) => bench.clock.freeze(10_000)],
    ['the clock of the wall', (bench: WorkerBench) => bench.clock.moveWall(10_000)],
  ])('sends nothing when the permit’s time is over by %s, and says that nothing was charged', async (_clock, move) => {
    const bench = await new WorkerBench().start();
    bench.journal.beforeWrite = ({ state }) => {
      if (state === 'begun') move(bench);
    };
    expect(await bench.paid()).toBe('done');
    expect(bench.terminal.sales).toEqual([]);
    expect(bench.ledger.published).toMatchObject([{ source: 'answer', outcome: { kind: 'failed', reason: 'terminal_fault' } }]);
    expect(bench.ledger.statusOf('att-1')).toBe('failed');
  });

  it('still sends when the clock of the wall is set back', async () => {
    const bench = await new WorkerBench().start();
    bench.journal.beforeWrite = ({ state }) => {
      if (state === 'begun') bench.clock.moveWall(-60_000);
    };
    await bench.paid();
    expect(bench.ledger.statusOf('att-1')).toBe('approved');
  });

  it('sends nothing when the connection went away, and does not open another under the permit', async () => {
    const bench = await new WorkerBench().start();
    bench.terminal.script.push('closed');
    expect(await bench.paid()).toBe('done');
    expect([bench.terminal.opened, bench.terminal.sales]).toEqual([1, []]);
    expect(bench.ledger.published).toMatchObject([{ outcome: { kind: 'failed', reason: 'terminal_unreachable' } }]);
  });

  it('sends nothing when a cancel came with the grant', async () => {
    const bench = await new WorkerBench().start();
    bench.ledger.failNextPermits('lose-answer');
    const { handled } = await begun(bench, 100);
    bench.ledger.requestCancel('att-1');
    expect(await bench.clock.until(handled)).toBe('done');
    expect(bench.terminal.sales).toEqual([]);
    expect(bench.ledger.published).toMatchObject([{ outcome: { kind: 'cancelled', reason: 'cashier_cancelled' } }]);
  });

  it('sends nothing when a hint to cancel comes in the last moment', async () => {
    const bench = await new WorkerBench().start();
    bench.journal.beforeWrite = ({ state, command }) => {
      if (state === 'begun') void bench.worker.hint({ kind: 'cancel', attemptId: command.attemptId });
    };
    expect(await bench.paid()).toBe('done');
    expect(bench.terminal.sales).toEqual([]);
    expect(bench.ledger.published).toMatchObject([{ outcome: { kind: 'cancelled', reason: 'cashier_cancelled' } }]);
  });
});

describe('an answer of the terminal', () => {
  it('is in the journal before the terminal may forget it', async () => {
    const bench = await new WorkerBench().start();
    let acknowledgedWhenStored: number | null = null;
    bench.journal.beforeWrite = ({ state }) => {
      if (state === 'answered') acknowledgedWhenStored = bench.terminal.acknowledged;
    };
    await bench.paid();
    expect([acknowledgedWhenStored, bench.terminal.acknowledged]).toEqual([0, 1]);
  });

  it('is published even when the journal cannot keep it, and stays unacknowledged at the terminal', async () => {
    const bench = await new WorkerBench().start();
    bench.journal.beforeWrite = ({ state }) => {
      bench.journal.broken = state === 'answered';
    };
    const { handled } = await begun(bench);
    expect(bench.ledger.published).toMatchObject([{ outcome: { kind: 'approved' } }]);
    bench.journal.beforeWrite = () => undefined;
    bench.journal.broken = false;
    await bench.clock.until(handled);
    expect(bench.terminal.acknowledged).toBe(0);
    expect(bench.ledger.statusOf('att-1')).toBe('approved');
  });

  it.each(['silent', 'unlisted', 'foreign', 'denial'] as const)('that cannot be believed is unknown, never a decline: %s', async (script) => {
    const bench = await new WorkerBench().start();
    bench.terminal.script.push(script);
    const { handled } = await begun(bench);
    expect(bench.ledger.published[0]).toMatchObject({ outcome: { kind: 'unknown' } });
    expect(bench.ledger.statusOf('att-1')).toBe('unknown');
    expect(await bench.clock.until(handled)).toBe('done');
    expect(bench.terminal.sales).toEqual(['att-1']);
  });

  it('that says cancelled after the cashier asked names the cashier', async () => {
    const bench = await new WorkerBench().start();
    bench.terminal.script.push('wait-for-cancel');
    const { command, handled } = await begun(bench);
    await bench.worker.hint({ kind: 'cancel', attemptId: command.attemptId });
    await bench.clock.until(handled);
    expect(bench.ledger.published).toMatchObject([{ outcome: { kind: 'cancelled', reason: 'cashier_cancelled' } }]);
  });

  it('decides also against a cancel: what was approved is approved', async () => {
    const bench = await new WorkerBench().start();
    bench.terminal.script.push('approve-despite-cancel');
    const { command, handled } = await begun(bench);
    await bench.worker.hint({ kind: 'cancel', attemptId: command.attemptId });
    await bench.clock.until(handled);
    expect(bench.ledger.published).toMatchObject([{ outcome: { kind: 'approved' } }]);
  });

  it('is asked for once when a cancel is heard by hint and by heartbeat', async () => {
    const bench = await new WorkerBench().start();
    bench.terminal.delayMs = 20_000;
    const { command, handled } = await begun(bench);
    bench.ledger.requestCancel('att-1');
    await bench.worker.hint({ kind: 'cancel', attemptId: command.attemptId });
    await bench.clock.until(handled);
    expect(bench.terminal.aborts).toBe(1);
  });
});

describe('a card that cannot be read', () => {
  it('is asked for again within the attempt, each time journalled first', async () => {
    const bench = await new WorkerBench().start();
    bench.terminal.script.push('read-failure', 'read-failure');
    await bench.paid();
    expect(bench.terminal.sales).toHaveLength(3);
    expect(bench.journal.written.map((entry) => (entry.state === 'begun' ? entry.asks : entry.state))).toEqual([1, 2, 3, 'answered']);
    expect(bench.ledger.asked).toHaveLength(1);
    expect(bench.ledger.published).toMatchObject([{ readFailures: 2, outcome: { kind: 'approved' } }]);
    expect(bench.progress.filter(({ step }) => step === 'card_read_failed')).toMatchObject([
      { n: 1, of: 3 },
      { n: 2, of: 3 },
    ]);
    expect(bench.watch.readFailures).toBe(2);
  });

  it('is asked for no more often than the terminal’s settings allow', async () => {
    const bench = await new WorkerBench({ equipment: new FakeEquipment([someTerminal('pax-1', { readAttemptsMax: 2 })]) }).start();
    bench.terminal.script.push('read-failure', 'read-failure', 'read-failure');
    await bench.paid();
    expect(bench.terminal.sales).toHaveLength(2);
    expect(bench.ledger.published).toMatchObject([
      { readFailures: 2, outcome: { kind: 'failed', reason: 'card_read_error', facts: { message: 'ОШИБКА ЧТЕНИЯ КАРТЫ' } } },
    ]);
  });

  it('is not asked for after the grant’s time to drive', async () => {
    const bench = await new WorkerBench().start();
    bench.terminal.script.push('read-failure', 'approve');
    bench.terminal.delayMs = 241_000;
    await bench.paid();
    expect(bench.terminal.sales).toHaveLength(1);
    expect(bench.ledger.published).toMatchObject([{ outcome: { kind: 'failed', reason: 'card_read_error' } }]);
  });

  it('is not asked for when the lease of the permit could not be renewed', async () => {
    const bench = await new WorkerBench().start();
    bench.terminal.script.push('read-failure', 'approve');
    bench.terminal.delayMs = 30_000;
    const { handled } = await begun(bench);
    bench.ledger.down = true;
    await bench.clock.until(handled);
    expect(bench.terminal.sales).toHaveLength(1);
  });

  it('is not asked for when another nonce is in force', async () => {
    const bench = await new WorkerBench().start();
    bench.terminal.script.push('read-failure', 'approve');
    bench.terminal.delayMs = 5_000;
    const { handled } = await begun(bench);
    bench.ledger.grantTo('worker-1', 'att-1', 'another-nonce');
    await bench.clock.until(handled);
    expect(bench.terminal.sales).toHaveLength(1);
  });

  it('is asked for after a long wait when heartbeats kept the lease', async () => {
    const bench = await new WorkerBench().start();
    bench.terminal.script.push('read-failure', 'approve');
    bench.terminal.delayMs = 30_000;
    await bench.paid();
    expect(bench.terminal.sales).toHaveLength(2);
  });

  it('is not asked for after a cancel, and the attempt ends as cancelled', async () => {
    const bench = await new WorkerBench().start();
    bench.terminal.script.push('read-failure', 'approve');
    bench.terminal.delayMs = 3_000;
    const { command, handled } = await begun(bench);
    await bench.worker.hint({ kind: 'cancel', attemptId: command.attemptId });
    await bench.clock.until(handled);
    expect(bench.terminal.sales).toHaveLength(1);
    expect(bench.ledger.published).toMatchObject([{ outcome: { kind: 'cancelled', reason: 'cashier_cancelled', facts: { message: 'ОШИБКА ЧТЕНИЯ КАРТЫ' } } }]);
  });

  it('is not asked for when the further ask cannot be journalled', async () => {
    const bench = await new WorkerBench().start();
    bench.terminal.script.push('read-failure', 'approve');
    bench.journal.beforeWrite = (entry) => {
      bench.journal.broken = entry.state === 'begun' && entry.asks === 2;
    };
    const { handled } = await begun(bench);
    bench.journal.broken = false;
    await bench.clock.until(handled);
    expect(bench.terminal.sales).toHaveLength(1);
    expect(bench.ledger.published).toMatchObject([{ outcome: { kind: 'failed', reason: 'card_read_error' } }]);
  });
});

describe('an approval', () => {
  it('is never asked for again, whatever else the driver calls it', async () => {
    const bench = await new WorkerBench().start();
    bench.terminal.script.push('contradiction');
    await bench.paid();
    expect(bench.terminal.sales).toHaveLength(1);
    expect(bench.ledger.statusOf('att-1')).toBe('approved');
  });
});

describe('progress', () => {
  it('says "still working" now and then, however often the terminal does', async () => {
    const bench = await new WorkerBench().start();
    bench.terminal.script.push('wait-for-cancel');
    const { command, handled } = await begun(bench, 10_000);
    await bench.worker.hint({ kind: 'cancel', attemptId: command.attemptId });
    await bench.clock.until(handled);
    const told = bench.steps.filter((step) => step === 'still_working').length;
    expect(told).toBeGreaterThanOrEqual(4);
    expect(told).toBeLessThanOrEqual(6);
    expect(bench.steps.at(-1)).toBe('answered');
    expect(bench.progress.at(-1)).toMatchObject({ detail: 'cancelled' });
  });
});
