import { noBankFacts } from '@kkm/core';
import type { OriginalCharge, PaymentCommand } from '@kkm/core';
import { someCommand, WorkerBench } from '../testing/worker-bench';

/** A bench whose terminal has just taken a sale of ours, and the charge it made. */
async function charged(keepsReference = true): Promise<{ readonly bench: WorkerBench; readonly original: OriginalCharge }> {
  const bench = await new WorkerBench().start();
  bench.terminal.keepsReference = keepsReference;
  await bench.paid('att-1');
  const charge = bench.terminal.charges.at(-1);
  return { bench, original: { attemptId: 'att-1', rrn: charge?.rrn ?? '', authorisationCode: charge?.authorisationCode ?? null } };
}

async function reversed(bench: WorkerBench, original: OriginalCharge, change: Partial<PaymentCommand> = {}): Promise<void> {
  const command = someCommand(bench.clock, 'att-2', { operation: 'reversal', original, ...change });
  bench.ledger.open(command);
  await bench.handled(command);
}

describe('a reversal', () => {
  it.each([true, false])('goes out when the last receipt is our charge (reference kept: %s)', async (keepsReference) => {
    const { bench, original } = await charged(keepsReference);
    await reversed(bench, original);
    expect(bench.terminal.returns).toMatchObject([{ kind: 'reversal', reference: 'att-2', amountMinor: 15_000 }]);
    expect(bench.ledger.statusOf('att-2')).toBe('approved');
  });

  const others: readonly (readonly [string, (bench: WorkerBench) => void])[] = [
    ['somebody took another sale since', (bench) => bench.terminal.book(15_001, null)],
    ['somebody took a sale of the same amount since', (bench) => bench.terminal.book(15_000, null)],
    ['the charge was voided since', (bench) => bench.terminal.book(15_000, null, 'void')],
    ['the terminal shows no last operation', (bench) => bench.terminal.charges.splice(0)],
  ];
  it.each(others)('never goes out when %s', async (_what, happen) => {
    const { bench, original } = await charged();
    happen(bench);
    await reversed(bench, original);
    expect(bench.terminal.returns).toEqual([]);
    expect(bench.ledger.published.at(-1)).toMatchObject({ source: 'answer', outcome: { kind: 'failed', reason: 'not_last_operation' } });
    expect(bench.ledger.statusOf('att-2')).toBe('failed');
  });

  it.each([
    ['another amount', { amount: 14_999 }],
    ['another RRN', { original: { attemptId: 'att-1', rrn: '1', authorisationCode: null } }],
  ])('never goes out for a charge of %s', async (_what, change) => {
    const { bench, original } = await charged();
    await reversed(bench, original, change);
    expect(bench.terminal.returns).toEqual([]);
  });

  it.each([
    ['authorisation code', { authorisationCode: '000000' }],
    ['attempt', { attemptId: 'att-9' }],
  ])('never goes out when the receipt names another %s', async (_what, change) => {
    const { bench, original } = await charged();
    await reversed(bench, { ...original, ...change });
    expect(bench.terminal.returns).toEqual([]);
  });

  it('never goes out for a receipt that does not say approved', async () => {
    const { bench, original } = await charged();
    const last = bench.terminal.charges.at(-1);
    if (last) bench.terminal.charges.splice(0, 1, { ...last, approved: false, facts: noBankFacts });
    await reversed(bench, original);
    expect(bench.terminal.returns).toEqual([]);
  });

  it('is not sent a second time by anybody, whatever its answer was', async () => {
    const { bench, original } = await charged();
    bench.terminal.script.push('silent');
    const command = someCommand(bench.clock, 'att-2', { operation: 'reversal', original });
    bench.ledger.open(command);
    await bench.handled(command);
    await bench.handled(command);
    expect(bench.terminal.returns).toHaveLength(1);
  });
});

describe('a void', () => {
  it('names the charge by the bank’s numbers, whatever was done since', async () => {
    const { bench, original } = await charged();
    bench.terminal.book(7, null);
    const command = someCommand(bench.clock, 'att-2', { operation: 'void', original });
    bench.ledger.open(command);
    await bench.handled(command);
    const { rrn, authorisationCode } = original;
    expect(bench.terminal.returns).toEqual([{ kind: 'void', reference: 'att-2', amountMinor: 15_000, currency: 'RUB', original: { rrn, authorisationCode } }]);
    expect(bench.ledger.statusOf('att-2')).toBe('approved');
  });

  it('fails without a permit when the command names no charge', async () => {
    const { bench } = await charged();
    const command = someCommand(bench.clock, 'att-2', { operation: 'void' });
    bench.ledger.open(command);
    await bench.handled(command);
    expect(bench.ledger.published.at(-1)).toMatchObject({ source: 'unpermitted', outcome: { kind: 'failed', reason: 'not_supported' } });
  });
});
