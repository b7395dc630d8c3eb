import { eventually, pause } from '@kkm/testkit';
import { describeKkm } from './harness/describe-kkm';
import type { TestKkm } from './harness/test-kkm';

/** How often the bank took an amount that no other payment of the suite has. */
async function salesOf(kkm: TestKkm, amount: number): Promise<number> {
  return (await kkm.terminals.books()).filter((entry) => entry.amount === amount).length;
}

describeKkm('workers killed while a QR is shown', { suite: 'sbp-worker-crashes', terminals: 1, workers: 2 }, (kkm) => {
  it('leave it to another worker, which shows the same code, and it is charged once', async () => {
    await kkm().terminals.behave('pax-1', { auto: 'none' });
    const { body } = await kkm().payBySbp({ amount: 60_100 });
    const payload = await kkm().untilShowsQr(body.id);
    for (const worker of kkm().stack.workers) {
      await worker.stop('SIGKILL'); // One of the two shows it; the other is on its own then.
      await pause(500); // A display outlives its worker; only a new link shows that another has taken over.
      await eventually(async () => expect(await kkm().terminals.linked()).toContain('pax-1'), 60_000);
      expect(await kkm().untilShowsQr(body.id, 'pax-1', 60_000)).toBe(payload);
      worker.start();
      await worker.ready(60_000);
    }
    await kkm().terminals.guest('pax-1', { action: 'scan' });
    const payment = await kkm().until(body.id, 'succeeded');
    expect(payment.attempts).toHaveLength(1);
    expect(await salesOf(kkm(), 60_100)).toBe(1);
  }, 200_000);
});

describeKkm('the ledger killed while a QR is made or shown', { suite: 'sbp-ledger-crashes', terminals: 1 }, (kkm) => {
  beforeEach(() => kkm().terminals.behave('pax-1', { auto: 'none' }));

  it('misses nobody who pays while it is away', async () => {
    const { body } = await kkm().payBySbp({ amount: 60_200 });
    await kkm().untilShowsQr(body.id);
    await kkm().stack.ledger.stop('SIGKILL');
    await kkm().terminals.guest('pax-1', { action: 'scan' });
    await eventually(async () => expect(await salesOf(kkm(), 60_200)).toBe(1));
    await pause(1_000); // The bank's notification finds nobody.
    kkm().stack.ledger.start();
    await kkm().stack.ledger.ready();
    expect(await kkm().until(body.id, 'succeeded', 30_000)).toMatchObject({ chargedAmount: 60_200 });
    expect(await salesOf(kkm(), 60_200)).toBe(1);
  }, 90_000);

  it('leaves no QR behind that nobody knows when it dies while it asks the bank', async () => {
    kkm().bankLink.set({ kind: 'frozen' });
    const { body } = await kkm().payBySbp({ amount: 60_300 });
    await kkm().until(body.id, 'in_progress');
    await pause(500);
    await kkm().stack.ledger.stop('SIGKILL');
    kkm().bankLink.set({ kind: 'none' });
    kkm().stack.ledger.start();
    await kkm().stack.ledger.ready();
    const payment = await kkm().until(body.id, 'failed', 60_000);
    expect(payment).toMatchObject({ chargedAmount: 0, redoable: true, attempts: [{ qr: null }] });
    expect((await kkm().redo(body.id)).status).toBe(200);
    await kkm().untilShowsQr(body.id);
    await kkm().terminals.guest('pax-1', { action: 'scan' });
    await kkm().until(body.id, 'succeeded');
    expect(await salesOf(kkm(), 60_300)).toBe(1);
  }, 120_000);
});
