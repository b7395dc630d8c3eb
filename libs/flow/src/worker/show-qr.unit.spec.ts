import type { QrAnswer, QrRequest } from '@kkm/core';
import { someCommand, WorkerBench } from '../testing/worker-bench';

const payload = 'https://qr.nspk.ru/AD100001?type=02&sum=15000&cur=RUB';
const qr = { payload, expiresAt: '2026-11-27T10:03:00.000Z' };
const show = (forMs = 180_000): QrAnswer => ({ kind: 'show', qr, forMs });
const ended: QrAnswer = { kind: 'ended', status: 'approved', reason: null };

/** A worker with a delivery of a bank-QR attempt; `answers` says what the ledger tells, the last for ever. */
async function showing(answers: readonly ((request: QrRequest) => QrAnswer | null)[]) {
  const bench = await new WorkerBench().start();
  let asked = 0;
  bench.ledger.qr = (request) => {
    const answer = answers[Math.min(asked, answers.length - 1)];
    asked += 1;
    return answer?.(request) ?? null;
  };
  const command = someCommand(bench.clock, 'att-1', { method: 'sbp_qr', moneyPath: 'bank_qr' });
  bench.ledger.open(command);
  const delivery = bench.deliver(command);
  return { bench, command, delivery, displays: () => bench.ledger.qrRequests.map(({ display }) => display) };
}

describe('showing a bank’s QR', () => {
  it('shows what the ledger told, again and again, until it says that it is over', async () => {
    const { bench, delivery, displays } = await showing([() => show(), () => show(160_000), () => ended]);
    expect(await bench.clock.until(delivery)).toBe('done');
    expect(bench.terminal.shown).toEqual([payload, payload]);
    expect(displays()).toEqual(['none', 'shown', 'shown']);
    expect(bench.steps).toEqual(['qr_shown', 'still_working', 'qr_hidden'].flatMap((step) => bench.steps.filter((one) => one === step)));
    expect(bench.progress[0]).toMatchObject({ step: 'qr_shown', qr });
  });

  it('keeps nothing in the journal and publishes no result: what became of the money only the bank can say', async () => {
    const { bench, delivery } = await showing([() => show(5_000), () => ended]);
    await bench.clock.until(delivery);
    expect([bench.journal.written, bench.ledger.published, bench.terminal.sales]).toEqual([[], [], []]);
  });

  it('shows nothing before it is told to', async () => {
    const { bench, delivery } = await showing([() => ({ kind: 'wait', retryAfterMs: 300 }), () => null, () => ended]);
    await bench.clock.until(delivery);
    expect(bench.terminal.shown).toEqual([]);
  });

  it('never shows longer than the ledger allowed', async () => {
    const { bench, delivery } = await showing([() => show(3_000), () => null]);
    await bench.clock.advance(4_000);
    expect(bench.terminal.screen).toBeNull();
    await bench.clock.advance(10_000);
    expect(bench.terminal.shown).toEqual([payload]);
    bench.ledger.qr = () => ended;
    await bench.clock.until(delivery);
  });

  it('goes on showing while the ledger is silent, for as long as it had said', async () => {
    const { bench } = await showing([() => show(60_000), () => null]);
    await bench.clock.advance(45_000);
    expect([bench.terminal.screen, bench.terminal.shown.length]).toEqual([payload, 3]);
  });

  it.each([
    ['a cancel is told', (bench: WorkerBench) => bench.worker.hint({ kind: 'cancel', attemptId: 'att-1' })],
    ['the ledger has something else to say', (bench: WorkerBench) => bench.worker.hint({ kind: 'qr-changed', attemptId: 'att-1' })],
  ])('takes the code off at once when %s', async (_, hint) => {
    const { bench, delivery, displays } = await showing([() => show(), () => ended]);
    await bench.clock.advance(3_000);
    expect(bench.terminal.screen).toBe(payload);
    await hint(bench);
    await bench.clock.advance(600);
    expect(bench.terminal.screen).toBeNull();
    expect(await bench.clock.until(delivery)).toBe('done');
    expect(displays()).toEqual(['none', 'shown']);
  });

  it.each([
    ['cancel-key', 'cancelled'],
    ['refused', 'refused'],
    ['cut', 'lost'],
  ] as const)('tells the ledger how the display ended: %s', async (script, display) => {
    const { bench, delivery, displays } = await showing([() => show(), () => ended]);
    bench.terminal.displays.push(script);
    await bench.clock.until(delivery);
    expect(displays()).toEqual(['none', display]);
  });

  it('connects anew after a cut and goes on', async () => {
    const { bench, delivery } = await showing([() => show(), () => show(100_000), () => ended]);
    bench.terminal.displays.push('cut');
    await bench.clock.until(delivery);
    expect([bench.terminal.opened, bench.terminal.shown.length]).toEqual([2, 2]);
  });

  it('takes the code off when another handling has the permit, and leaves the delivery to it', async () => {
    const { bench } = await showing([() => show()]);
    await bench.clock.advance(3_000);
    bench.ledger.grantTo('worker-2', 'att-1');
    bench.ledger.giveLease('pax-1', 'worker-1');
    await bench.clock.advance(3_000);
    expect(bench.terminal.screen).toBeNull();
    expect(bench.ledger.qrRequests.length).toBeLessThanOrEqual(2);
  });

  it('goes on with the same code after a crash, by an attempt that was granted before', async () => {
    const { bench } = await showing([() => show()]);
    await bench.clock.advance(3_000);
    const next = await new WorkerBench({ workerId: 'worker-2', clock: bench.clock, ledger: bench.ledger, terminal: bench.terminal }).start();
    bench.terminal.unplug();
    bench.ledger.giveLease('pax-1', 'worker-2');
    bench.ledger.grantTo('worker-2', 'att-1', 'dead');
    bench.terminal.reachable = true;
    void next.deliver(someCommand(bench.clock, 'att-1', { method: 'sbp_qr', moneyPath: 'bank_qr' }));
    await bench.clock.advance(30_000);
    expect(new Set(bench.terminal.shown)).toEqual(new Set([payload]));
    expect(bench.ledger.qrRequests.at(-1)?.workerId).toBe('worker-2');
    expect(bench.ledger.published).toEqual([]);
  });

  it('takes the code off when the worker leaves, and leaves the delivery for the next', async () => {
    const { bench, delivery } = await showing([() => show()]);
    await bench.clock.advance(3_000);
    const leaving = bench.worker.leave();
    expect(await bench.clock.until(delivery)).toBe('retry');
    expect(bench.terminal.screen).toBeNull();
    await bench.clock.until(leaving);
  });

  it('frees the terminal for a card as soon as the display is over', async () => {
    const { bench, delivery } = await showing([() => show(5_000), () => ended]);
    await bench.clock.until(delivery);
    bench.ledger.decideByPerson('att-1', 'approved');
    expect(await bench.paid('att-2')).toBe('done');
    expect(bench.terminal.sales).toEqual(['att-2']);
  });

  it('never asks a terminal what became of a bank’s QR', async () => {
    const { bench, command, delivery } = await showing([() => ended]);
    await bench.clock.until(delivery);
    await bench.worker.hint({ kind: 'recover', command });
    await bench.clock.advance(30_000);
    expect(bench.ledger.published).toEqual([]);
  });

  it('sells by SBP on the terminal itself where the money moves there', async () => {
    const bench = await new WorkerBench().start();
    const command = someCommand(bench.clock, 'att-1', { method: 'sbp_qr' });
    bench.ledger.open(command);
    expect(await bench.clock.until(bench.deliver(command))).toBe('done');
    expect([bench.terminal.sales, bench.terminal.shown]).toEqual([['att-1'], []]);
  });
});
