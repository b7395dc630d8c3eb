import { describeWith, eventually, testDatabase } from '@kkm/testkit';
import type { TestDatabase } from '@kkm/testkit';
import { approved, LedgerOnTrial } from './testing/ledger-on-trial';

describeWith(['database'], 'the life of a payment in the ledger', () => {
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

  it('goes from accepted to succeeded with the amount that was charged', async () => {
    const command = await ledger.open({ amount: 20_000 });
    expect(command).toMatchObject({ operation: 'sale', amount: 20_000, siteId: 'club-1' });
    const nonce = await ledger.grant(command);
    expect(await ledger.payment(command)).toMatchObject({ status: 'in_progress', sequence: 2 });
    const verdict = await ledger.recording.execute(ledger.result(command, nonce, approved(15_000), { readFailures: 2 }));
    expect(verdict.kind).toBe('record');
    const payment = await ledger.payment(command);
    expect(payment).toMatchObject({ status: 'succeeded', amount: 20_000, chargedAmount: 15_000, sequence: 3, redoable: false });
    expect(payment.attempts).toEqual([
      expect.objectContaining({
        status: 'approved',
        rrn: '828913349373',
        message: 'ОДОБРЕНО',
        readFailures: 2,
        grantedAt: expect.any(String),
        finishedAt: expect.any(String),
      }),
    ]);
    await eventually(async () => {
      const { events } = await ledger.feed.execute({ scope: null, after: null, limit: 1000 });
      expect(events.filter((event) => event.subject === payment.id).map((event) => [event.type, event.sequence])).toEqual([
        ['kkm.payment.accepted.v1', 1],
        ['kkm.payment.started.v1', 2],
        ['kkm.payment.succeeded.v1', 3],
      ]);
    });
  });

  it('begins with the card where the guest may choose', async () => {
    const command = await ledger.open({ method: 'card_or_sbp_qr' });
    expect(command.method).toBe('card');
    const payment = await ledger.payment(command);
    expect([payment.method, payment.attempts[0]?.method]).toEqual(['card_or_sbp_qr', 'card']);
  });

  it('writes one balanced pair of postings for a charge', async () => {
    const command = await ledger.paid(approved(777));
    const rows = await ledger.rows<{ account: string; amount_minor: number }>(
      'select account, amount_minor from ledger.posting where payment_id = $1 order by id',
      [command.paymentId],
    );
    expect(rows).toEqual([
      { account: `acquirer:club-1:${command.terminalId}`, amount_minor: 777 },
      { account: 'takings:club-1', amount_minor: -777 },
    ]);
  });
});
