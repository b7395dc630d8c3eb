import { eventually, pause } from '@kkm/testkit';
import { describeKkm } from './harness/describe-kkm';

describeKkm('two workers of a site', { suite: 'sharing', terminals: 8, workers: 2 }, (kkm) => {
  const terminalIds = (): string[] => kkm().stack.terminals.map(({ id }) => id);
  const payEverywhere = (): Promise<string[]> =>
    Promise.all(terminalIds().map(async (terminalId) => (await kkm().pay({ terminalId }, { prefer: 'wait=60' })).body.status));

  it('share its terminals, and every terminal works', async () => {
    expect(await payEverywhere()).toEqual(terminalIds().map(() => 'succeeded'));
    await eventually(async () => {
      const shares = await Promise.all(kkm().stack.workers.map(heldTerminals));
      expect(Math.min(...shares)).toBeGreaterThan(0);
      expect(shares.reduce((sum, share) => sum + share, 0)).toBe(8);
    }, 30_000);
  });

  it('take over when one of them stops, and charge nothing twice', async () => {
    await kkm().stack.workers[0]?.stop('SIGTERM');
    expect(await payEverywhere()).toEqual(terminalIds().map(() => 'succeeded'));
    kkm().stack.workers[0]?.start();
    await kkm().stack.workers[0]?.ready();
    expect(await payEverywhere()).toEqual(terminalIds().map(() => 'succeeded'));
  });

  it('pay while terminals change hands', async () => {
    await kkm().stack.workers[0]?.stop('SIGTERM');
    kkm().stack.workers[0]?.start();
    const until = Date.now() + 8_000;
    while (Date.now() < until) expect(await payEverywhere()).toEqual(terminalIds().map(() => 'succeeded'));
  });

  it('pay as soon as a ledger that was killed is back', async () => {
    const { ledger } = kkm().stack;
    await ledger.stop('SIGKILL');
    // Longer than a member of the site is remembered: the first worker that is heard again believes to be alone.
    await pause(8_000);
    ledger.start();
    await ledger.ready();
    const until = Date.now() + 8_000;
    while (Date.now() < until) expect(await payEverywhere()).toEqual(terminalIds().map(() => 'succeeded'));
  });

  it('recover what a killed one was driving, and never send it again', async () => {
    for (const id of terminalIds()) await kkm().terminals.behave(id, { auto: 'none' });
    const opened = await Promise.all(terminalIds().map((terminalId) => kkm().pay({ terminalId, amount: 3_300 })));
    for (const id of terminalIds()) await kkm().untilAsksForCard(id, 30_000);
    await kkm().stack.workers[0]?.stop('SIGKILL');
    for (const id of terminalIds()) await kkm().terminals.guest(id, { action: 'tap' });
    for (const { body } of opened) await kkm().until(body.id, 'succeeded', 90_000);
    expect((await kkm().terminals.books()).filter(({ amount }) => amount === 3_300)).toHaveLength(8);
  });
});

/** How many terminals a worker is connected to, by its own metrics. */
async function heldTerminals(worker: { readonly url: string }): Promise<number> {
  const metrics = await (await fetch(`${worker.url}/metrics`)).text();
  return Number(/^kkm_terminals_connected(?:\{[^}]*\})? (\d+)/m.exec(metrics)?.[1] ?? Number.NaN);
}
