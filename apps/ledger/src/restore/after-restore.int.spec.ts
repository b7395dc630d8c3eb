import { permitTimes } from '@kkm/core';
import type { BaselineRequest, IdPrefix, PaymentCommand, PermitAnswer, ReportedOperation } from '@kkm/core';
import { RecordBaseline } from '@kkm/flow/ledger';
import { describeWith, testDatabase } from '@kkm/testkit';
import type { TestDatabase } from '@kkm/testkit';
import { PostgresRestoreBook } from '../postgres/restore-book';
import { approved, declined, LedgerOnTrial } from '../testing/ledger-on-trial';
import { AfterRestore } from './after-restore';

const siteId = 'club-1';
const since = '20260101000000';
const sale = (rrn: string, amountMinor: number | null = 15_000, operation: 'sale' | 'void' | null = 'sale'): ReportedOperation => {
  return { rrn, operation, amountMinor, terminalTime: '20260101120000' };
};

describeWith(['database'], 'books that were restored from a backup', () => {
  let database: TestDatabase;
  let ledger: LedgerOnTrial;
  let afterRestore: AfterRestore;
  let baselines: RecordBaseline;
  let terminalId = '';

  beforeEach(async () => {
    database = await testDatabase();
    ledger = await LedgerOnTrial.on(database.url);
    const around = { nowMs: () => ledger.clock.nowMs, newId: (prefix: IdPrefix) => ledger.newId(prefix), times: permitTimes };
    baselines = new RecordBaseline(ledger.store, around);
    afterRestore = new AfterRestore({ book: new PostgresRestoreBook(ledger.dataSource), store: ledger.store, recording: ledger.recording, around });
    terminalId = 'pax-1';
  });
  afterEach(async () => {
    await ledger.close();
    await database.dispose();
  });

  /** What `./kkm restore` does when the dump is in place; the time that passes is the clock's. */
  const restored = async (): Promise<void> => {
    await ledger.rows('insert into ledger.backup default values');
    await ledger.rows('select ledger.begin_after_restore()');
    ledger.clock.nowMs += 60_000;
  };
  const open = (amount = 15_000): Promise<PaymentCommand> => ledger.open({ siteId, terminalId, amount });
  const report = async (operations: readonly ReportedOperation[], wanted: Partial<BaselineRequest> = {}): Promise<void> => {
    await ledger.leasing.execute({ workerId: 'worker-1', siteId, terminalId });
    const request = { workerId: 'worker-1', siteId, terminalId, bankTerminalId: '1', serialNumber: 'S1', since, operations, ...wanted };
    expect(await baselines.execute(request)).toMatchObject({ kind: 'kept' });
  };
  const askPermit = async (command: PaymentCommand): Promise<PermitAnswer['kind']> => {
    const request = ledger.permitRequest(command);
    await ledger.leasing.execute(request);
    return (await ledger.permitting.execute(request)).kind;
  };
  const baselined = async (): Promise<boolean> => (await ledger.store.terminal(siteId, terminalId)).baselined;
  const stateOf = async (): Promise<string | undefined> => (await afterRestore.overview()).terminals.find((one) => one.terminalId === terminalId)?.state;
  const found = async (): Promise<string[]> => (await afterRestore.overview()).charges.map(({ rrn, amount }) => `${rrn} ${String(amount)}`);

  it('grant as ever where nothing was restored', async () => {
    expect(await afterRestore.overview()).toEqual({ restoredAt: null, backedUpAt: null, terminals: [], charges: [] });
    expect(await askPermit(await open())).toBe('granted');
  });

  it('grant nothing before the terminal’s report was compared, and then only what was opened since', async () => {
    await report([]);
    const before = await open();
    await restored();
    const after = await open(7_000);
    expect([await baselined(), await askPermit(after), await stateOf()]).toEqual([false, 'not-leased', 'unasked']);
    await report([]);
    expect([await baselined(), await stateOf(), await askPermit(before), await askPermit(after)]).toEqual([true, 'compared', 'terminal-busy', 'granted']);
  });

  it('find what the terminal made since, and do nothing of that amount there until it is assigned', async () => {
    await report([sale('1', 9_000)]);
    const known = await ledger.paid(approved(15_000, '2'), { siteId, terminalId });
    await restored();
    await report([sale('1', 9_000), sale('2'), sale('3', 25_000), sale('4', 500, 'void')]);
    expect([await stateOf(), await found()]).toEqual(['compared', ['3 25000', '4 500']]);
    const [same, other] = [await open(25_000), await open(24_999)];
    expect([await askPermit(same), await askPermit(other)]).toEqual(['terminal-busy', 'granted']);
    await ledger.recording.execute(ledger.result(other, null, declined));
    await expect(afterRestore.assign({ siteId, terminalId, rrn: '9', paymentId: null, evidence: 'x', by: 'anna' })).rejects.toMatchObject({
      code: 'restore.not_found',
    });
    const toThisOne = { siteId, terminalId, rrn: '3', evidence: 'the slip', by: 'anna' };
    await expect(afterRestore.assign({ ...toThisOne, paymentId: 'pay_x' })).rejects.toMatchObject({ code: 'payment.not_found' });
    const elsewhere = await ledger.open({ siteId, terminalId: 'pax-2', amount: 25_000 });
    await expect(afterRestore.assign({ ...toThisOne, paymentId: elsewhere.paymentId })).rejects.toMatchObject({ code: 'restore.does_not_fit' });
    expect((await afterRestore.assign({ ...toThisOne, paymentId: same.paymentId })).charges).toMatchObject([{ rrn: '4' }]);
    expect(await ledger.payment(same)).toMatchObject({ status: 'succeeded', chargedAmount: 25_000, attempts: [{ rrn: '3' }] });
    expect(await ledger.payment(known)).toMatchObject({ status: 'succeeded', chargedAmount: 15_000 });
    await expect(afterRestore.assign({ ...toThisOne, paymentId: same.paymentId })).rejects.toMatchObject({ code: 'restore.not_found' });
  });

  it('free the amount of what is nobody’s, and say who decided', async () => {
    await report([sale('1')]);
    await restored();
    await report([sale('1'), sale('2', null)]);
    const any = await open(100);
    expect(await askPermit(any)).toBe('terminal-busy');
    await afterRestore.assign({ siteId, terminalId, rrn: '2', paymentId: null, evidence: 'keyed in by hand', by: 'anna' });
    expect(await askPermit(any)).toBe('granted');
    expect(await ledger.rows('select assigned_to, decided_by, evidence from ledger.found_charge')).toEqual([
      { assigned_to: null, decided_by: 'anna', evidence: 'keyed in by hand' },
    ]);
  });

  it.each([
    ['was settled since', { since: '20260102000000' }, []],
    ['is another terminal by now', { serialNumber: 'S2' }, [sale('7')]],
  ] as const)('hold a terminal that %s until a person releases it', async (_, wanted, operations) => {
    await report([sale('1')]);
    await restored();
    await report(operations, wanted);
    const command = await open();
    expect([await stateOf(), await askPermit(command)]).toEqual(['held', 'terminal-busy']);
    const release = { siteId, terminalId, evidence: 'the settlement slip shows nothing', by: 'anna' };
    for (const { rrn } of operations) await afterRestore.assign({ ...release, rrn, paymentId: null });
    expect((await afterRestore.release(release)).terminals).toMatchObject([{ state: 'released' }]);
    expect(await askPermit(command)).toBe('granted');
    await expect(afterRestore.release(release)).rejects.toMatchObject({ code: 'restore.not_found' });
  });

  it('release a terminal that never shows a report', async () => {
    await ledger.paid(declined, { siteId, terminalId });
    await restored();
    const command = await open();
    expect(await askPermit(command)).toBe('not-leased');
    await afterRestore.release({ siteId, terminalId, evidence: 'it has no report', by: 'anna' });
    expect([await stateOf(), await askPermit(command)]).toEqual(['released', 'granted']);
  });

  it('ask everybody anew after a further restore', async () => {
    await report([sale('1')]);
    await restored();
    await report([sale('1')]);
    await restored();
    expect([await stateOf(), await askPermit(await open())]).toEqual(['unasked', 'not-leased']);
    expect(await ledger.rows('select epoch from ledger.feed_epoch')).toEqual([{ epoch: 3 }]);
  });
});
