import { Unavailable } from '@kkm/core';
import { someCommand, WorkerBench } from '../testing/worker-bench';

/** A worker that has linked its terminal and read its report. */
async function bench(): Promise<WorkerBench> {
  const made = await new WorkerBench().start();
  await made.clock.advance(2_000);
  return made;
}

const answerOf = (of: WorkerBench, requestId = 'req-1') => of.desk.answers.get(requestId);

describe('a request to a terminal outside of payments', () => {
  it('tests the link and tells how fast the terminal answers, and as whom', async () => {
    const made = await bench();
    await made.ask('req-1', 'link-test');
    await made.clock.advance(0);
    expect(answerOf(made)).toMatchObject({
      state: 'done',
      reason: null,
      link: { tookMs: 0, bankTerminalId: '00266286', serialNumber: 'Q2500000001', terminalTime: made.terminal.time() },
    });
  });

  it.each([
    [false, 'sums of 1'],
    [true, 'report of 1'],
  ])('prints a report, detailed: %s', async (detailed, text) => {
    const made = await bench();
    await made.paid();
    await made.ask('req-1', 'report', detailed);
    await made.clock.advance(0);
    expect(answerOf(made)).toEqual({ state: 'done', reason: null, text, link: null });
    expect(made.terminal.day.settled).toBe(0);
  });

  it('fails where the terminal cannot be reached', async () => {
    const made = await bench();
    made.terminal.unplug();
    await made.ask('req-1', 'settle');
    await made.clock.advance(10_000);
    expect(answerOf(made)).toMatchObject({ state: 'failed', reason: 'terminal_unreachable' });
    expect(made.ledger.baselineSince('pax-1')).not.toBeNull();
  });

  it('waits for the payment that runs, does not keep its cancel waiting, and lets the next one wait', async () => {
    const made = await bench();
    made.terminal.script.push('wait-for-cancel');
    const command = someCommand(made.clock);
    made.ledger.open(command);
    const handled = made.deliver(command);
    await made.clock.advance(1_000);
    await made.ask('req-1', 'settle');
    await made.clock.advance(20_000);
    expect([made.terminal.sales.length, made.terminal.day.settled]).toEqual([1, 0]);
    made.ledger.requestCancel('att-1');
    await made.worker.hint({ kind: 'cancel', attemptId: 'att-1' });
    const paid = made.paid('att-2');
    expect(await made.clock.until(handled)).toBe('done');
    expect(await paid).toBe('done');
    expect([made.terminal.day.settled, answerOf(made)?.state, made.ledger.statusOf('att-2')]).toEqual([1, 'done', 'approved']);
    // The sale came after the settlement: its report shows it.
    expect(made.terminal.report).toHaveLength(1);
  });

  it('is done once, however often the hint comes and the gateway’s answer is lost', async () => {
    const made = await bench();
    made.desk.loseTaken = 1;
    await made.ask('req-1', 'settle');
    await made.ask('req-1', 'settle');
    await made.clock.advance(1_000);
    await made.ask('req-1', 'settle');
    await made.clock.advance(1_000);
    expect([made.terminal.day.settled, answerOf(made)?.state]).toEqual([1, 'done']);
  });

  it('is left alone while the gateway does not answer, and told as not begun once it does', async () => {
    const made = await bench();
    made.desk.loseTaken = 2;
    await made.ask('req-1', 'settle');
    await made.clock.advance(1_000);
    expect([made.terminal.day.settled, answerOf(made)?.state]).toEqual([0, 'failed']);
  });

  it('is not taken by a worker that does not serve the terminal, nor by one that leaves', async () => {
    const made = await bench();
    await made.worker.hint({ kind: 'request', siteId: 'club-1', terminalId: 'pax-9', requestId: 'req-1' });
    made.desk.ask('req-2', 'settle');
    await made.worker.hint({ kind: 'request', siteId: 'another', terminalId: 'pax-1', requestId: 'req-2' });
    await made.clock.until(made.worker.leave());
    await made.ask('req-3', 'settle');
    await made.clock.advance(1_000);
    expect([made.desk.answers.size, made.terminal.day.settled]).toEqual([0, 0]);
  });

  it('ends before its worker leaves', async () => {
    const made = await bench();
    await made.ask('req-1', 'settle');
    await made.clock.until(made.worker.leave());
    expect([answerOf(made)?.state, made.terminal.day.settled]).toEqual(['done', 1]);
  });
});

describe('a settlement', () => {
  it('keeps what the terminal printed before it acknowledges, and reads the report after it for the ledger', async () => {
    const made = await bench();
    await made.paid();
    const before = made.terminal.since;
    const acknowledged = made.terminal.acknowledged;
    const acknowledgedWhenTold: number[] = [];
    const told = made.desk.answered.bind(made.desk);
    made.desk.answered = (request) => {
      acknowledgedWhenTold.push(made.terminal.acknowledged - acknowledged);
      return told(request);
    };
    await made.ask('req-1', 'settle');
    await made.clock.advance(0);
    expect(acknowledgedWhenTold[0]).toBe(0);
    expect(answerOf(made)).toEqual({ state: 'done', reason: null, text: 'settled 1', link: null });
    expect(made.terminal.since).not.toBe(before);
    expect(made.ledger.baselineSince('pax-1')).toBe(made.terminal.since);
  });

  it('stays unacknowledged where the gateway is away at that moment, and is told later by the report', async () => {
    const made = await bench();
    const { desk } = made;
    const take = desk.take.bind(desk);
    desk.take = async (request) => {
      const taken = await take(request);
      desk.down = true;
      return taken;
    };
    await made.ask('req-1', 'settle');
    await made.clock.advance(5_000);
    expect([made.terminal.acknowledged, answerOf(made)]).toEqual([0, undefined]);
    desk.down = false;
    await made.clock.advance(60_000);
    expect(answerOf(made)).toMatchObject({ state: 'done', text: expect.stringContaining('has settled') as string });
    expect([made.terminal.acknowledged, made.terminal.day.settled]).toEqual([0, 1]);
  });

  it('is refused while an attempt is in doubt, by the ledger, and sends nothing', async () => {
    const made = await bench();
    const command = someCommand(made.clock, 'att-9');
    made.ledger.open(command);
    made.ledger.setStatus('att-9', 'unknown');
    await made.ask('req-1', 'settle');
    await made.clock.advance(0);
    expect(answerOf(made)).toMatchObject({ state: 'failed', reason: 'terminal_busy' });
    expect([made.terminal.day.settled, made.ledger.baselineSince('pax-1')]).toEqual([0, made.terminal.since]);
  });

  it('sends nothing when the ledger does not answer, and reads the report before the next payment', async () => {
    const made = await bench();
    const end = made.ledger.endBaseline.bind(made.ledger);
    made.ledger.endBaseline = async (request) => {
      await end(request);
      throw new Unavailable('ledger.unavailable');
    };
    await made.ask('req-1', 'settle');
    await made.clock.advance(0);
    expect([answerOf(made)?.state, made.terminal.day.settled, made.ledger.baselineSince('pax-1')]).toEqual(['failed', 0, null]);
    await made.paid();
    expect(made.ledger.baselineSince('pax-1')).not.toBeNull();
  });

  it('says what the terminal says when it refuses', async () => {
    const made = await bench();
    made.terminal.day.script.push('refuse');
    await made.ask('req-1', 'settle');
    await made.clock.advance(0);
    expect(answerOf(made)).toMatchObject({ state: 'failed', text: 'НЕТ СВЯЗИ' });
    expect(made.ledger.baselineSince('pax-1')).not.toBeNull();
  });

  it.each([
    ['cut-after', 'done', 1],
    ['cut-before', 'failed', 0],
    ['unplug-after', 'unknown', 1],
  ] as const)('whose answer was lost (%s) is asked for by the report and never sent again', async (script, state, settled) => {
    const made = await bench();
    await made.paid();
    await made.clock.advance(2_000);
    made.terminal.day.script.push(script);
    await made.ask('req-1', 'settle');
    await made.clock.advance(15_000);
    expect([answerOf(made)?.state, made.terminal.day.settled, made.terminal.day.script]).toEqual([state, settled, []]);
  });

  it('made by another worker has this one read the report before its next payment', async () => {
    const made = await bench();
    const { clock, ledger, terminal } = made;
    ledger.giveLease('pax-1', 'worker-2');
    await clock.until(ledger.endBaseline({ workerId: 'worker-2', siteId: 'club-1', terminalId: 'pax-1' }));
    terminal.closeDay();
    await clock.advance(25_000);
    await made.paid();
    expect(ledger.baselineSince('pax-1')).toBe(terminal.since);
  });

  it('leaves nothing that a doubt after it could not be proved against, even when its worker died in the middle', async () => {
    const made = await bench();
    await made.paid();
    made.terminal.day.script.push('unplug-after');
    await made.ask('req-1', 'settle');
    await made.clock.advance(15_000);
    made.terminal.reachable = true;
    made.terminal.script.push('silent');
    const { clock, ledger, terminal } = made;
    const next = await new WorkerBench({ workerId: 'worker-2', clock, ledger, terminal }).start();
    expect(ledger.baselineSince('pax-1')).toBeNull();
    await clock.advance(2_000);
    expect(await next.paid('att-2')).toBe('done');
    expect(ledger.statusOf('att-2')).toBe('failed');
  });
});
