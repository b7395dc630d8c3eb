import type { CompletionEvent, PaymentCommand } from '@kkm/core';
import { describeWith, testDatabase } from '@kkm/testkit';
import type { TestDatabase } from '@kkm/testkit';
import { approved, declined, LedgerOnTrial, unknown } from './testing/ledger-on-trial';

describeWith(['database'], 'the end of a bill', () => {
  let database: TestDatabase;
  let ledger: LedgerOnTrial;
  beforeAll(async () => {
    database = await testDatabase();
    ledger = await LedgerOnTrial.on(database.url);
  });
  afterAll(async () => {
    await ledger.close();
    await database.dispose();
  });

  const eventsOf = async ({ paymentId }: PaymentCommand): Promise<string[]> => {
    const rows = await ledger.rows<{ body: CompletionEvent }>('select body from ledger.event where subject = $1 order by id', [paymentId]);
    return rows.map(({ body }) => body.type.split('.')[2] ?? '');
  };
  const redo = (command: PaymentCommand) =>
    ledger.redoing.execute({
      idempotency: { key: ledger.newId('ref'), fingerprint: 'f' },
      scope: null,
      paymentId: command.paymentId,
      method: null,
      terminalId: null,
      amount: null,
      expiresInSeconds: 60,
    });

  it('closes what has ended; it is redone no more, and a repeat is harmless', async () => {
    const command = await ledger.paid(declined);
    const closed = await ledger.closing.execute({ scope: null, paymentId: command.paymentId });
    expect(closed).toMatchObject({ status: 'declined', redoable: false, sequence: 4, closedAt: new Date(ledger.clock.nowMs).toISOString() });
    expect(await ledger.closing.execute({ scope: null, paymentId: command.paymentId })).toEqual(closed);
    await expect(redo(command)).rejects.toMatchObject({ code: 'payment.closed' });
    expect(await eventsOf(command)).toEqual(['accepted', 'started', 'declined']);
  });

  it.each([
    ['is open', () => ledger.open()],
    ['is in doubt', () => ledger.paid(unknown)],
  ])('closes nothing that %s', async (_what, prepare) => {
    const { paymentId } = await prepare();
    await expect(ledger.closing.execute({ scope: null, paymentId })).rejects.toMatchObject({ code: 'payment.not_closable' });
  });

  it('still takes money that surfaces on a closed payment', async () => {
    const command = await ledger.paid(declined);
    await ledger.closing.execute({ scope: null, paymentId: command.paymentId });
    expect(await ledger.recording.execute(ledger.result(command, 'nonce-late', approved()))).toMatchObject({ kind: 'surface' });
  });

  it('closes by itself a day after the end, and not what a redo opened again', async () => {
    const dayMs = 86_400_000;
    const [old, redone] = [await ledger.paid(approved()), await ledger.paid(declined)];
    ledger.clock.nowMs += dayMs;
    await redo(redone);
    const recent = await ledger.paid(declined);
    while ((await ledger.closingEnded.execute(dayMs)) > 0);
    const closed = await Promise.all([old, redone, recent].map(async (command) => (await ledger.payment(command)).closedAt !== null));
    expect(closed).toEqual([true, false, false]);
  });
});
