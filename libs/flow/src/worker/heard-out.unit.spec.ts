import { someCommand, WorkerBench } from '../testing/worker-bench';

/** A worker that knows the terminal’s report; the attempt was granted to another, and a person has decided it. */
async function decided(charged: boolean, script: (bench: WorkerBench) => void) {
  const bench = await new WorkerBench({ workerId: 'worker-2', times: { upkeepMs: 1_000, settingsMs: 60_000, heartbeatMs: 5_000 } }).start();
  bench.terminal.book(9_900, 'ref-att-0');
  await bench.clock.advance(5_000);
  const command = someCommand(bench.clock);
  bench.ledger.open(command);
  bench.ledger.grantTo('worker-1', command.attemptId);
  script(bench);
  bench.ledger.decideByPerson(command.attemptId, charged ? 'approved' : 'failed');
  const ask = async (): Promise<void> => {
    await bench.worker.hint({ kind: 'recover', command });
    await bench.clock.advance(5_000);
  };
  return { bench, ask };
}

describe('a terminal that is asked about what a person decided', () => {
  it('is not heard out while another worker’s bytes may still arrive', async () => {
    const { bench, ask } = await decided(true, () => undefined);
    await ask();
    expect(bench.ledger.published).toMatchObject([
      { outcome: { kind: 'unknown' }, evidence: [{ kind: 'link-test' }, { kind: 'last-result' }, { kind: 'report' }] },
    ]);
    expect(bench.ledger.published[0]).not.toHaveProperty('heardOut');
    await bench.clock.advance(60_000);
    await ask();
    expect(bench.ledger.published.at(-1)).toMatchObject({ outcome: { kind: 'failed' } });
  });

  it('is heard out when its report settles nothing', async () => {
    const { bench, ask } = await decided(false, ({ terminal }) => void terminal.book(500, null));
    await bench.clock.advance(60_000);
    await ask();
    expect(bench.ledger.published.at(-1)).toMatchObject({ outcome: { kind: 'unknown' }, heardOut: true });
  });
});
