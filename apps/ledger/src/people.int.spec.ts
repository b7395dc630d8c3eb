import type { AttemptResult, CompletionEvent, Outcome, PaymentCommand } from '@kkm/core';
import { describeWith, testDatabase } from '@kkm/testkit';
import type { TestDatabase } from '@kkm/testkit';
import { approved, declined, failed, LedgerOnTrial, unknown } from './testing/ledger-on-trial';

describeWith(['database'], 'what people decide', () => {
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
    return rows.map(({ body }) => body.type.split('.')[2] ?? '').slice(2);
  };
  const balances = async ({ paymentId }: PaymentCommand): Promise<Record<string, number>> => {
    const rows = await ledger.rows<{ kind: string; sum: number }>(
      `select split_part(account, ':', 1) as kind, sum(amount_minor)::int8 as sum from ledger.posting where payment_id = $1 group by 1 order by 1`,
      [paymentId],
    );
    return Object.fromEntries(rows.map((row) => [row.kind, row.sum]));
  };
  const recovered = (command: PaymentCommand, outcome: Outcome): AttemptResult => ledger.result(command, 'nonce-of-nobody', outcome, { source: 'recovery' });
  const verdictOf = async ({ paymentId }: PaymentCommand): Promise<string> => {
    const { verdict, reasons } = await ledger.verdicts.execute({ scope: null, paymentId });
    return [verdict, ...reasons].join(' ');
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

  describe('about an attempt in doubt', () => {
    it('charges it, with postings and who decided on what', async () => {
      const command = await ledger.paid(unknown);
      const payment = await ledger.resolve(command, true, { chargedAmount: 14_000 });
      expect(payment).toMatchObject({ status: 'succeeded', chargedAmount: 14_000, redoable: false });
      expect(payment.attempts[0]).toMatchObject({
        status: 'approved',
        reason: null,
        resolvedBy: {
          by: { kind: 'api_key', id: 'key_1', name: 'Manager' },
          charged: true,
          chargedAmount: 14_000,
          evidence: 'the guest’s bank shows it',
          terminal: 'awaited',
        },
      });
      expect(await eventsOf(command)).toEqual(['in_doubt', 'succeeded', 'resolved']);
      expect(await balances(command)).toEqual({ acquirer: 14_000, takings: -14_000 });
      expect(await ledger.payment(command)).toEqual(payment);
      expect(await verdictOf(command)).toBe('charged charge_kept awaits_terminal');
    });

    it('ends it uncharged: the bill can be redone and the terminal takes the next payment', async () => {
      const command = await ledger.paid(unknown);
      const by = { kind: 'user', id: 'usr_1', name: 'Anna' } as const;
      const payment = await ledger.resolve(command, false, { by });
      expect(payment).toMatchObject({
        status: 'failed',
        chargedAmount: 0,
        redoable: true,
        attempts: [{ status: 'failed', reason: 'unrecognised', resolvedBy: { by } }],
      });
      expect(await eventsOf(command)).toEqual(['in_doubt', 'failed', 'resolved']);
      expect(await verdictOf(command)).toBe('being_resolved awaits_terminal');
      const next = await ledger.open({ terminalId: command.terminalId });
      await expect(ledger.grant(next)).resolves.toBeDefined();
      await expect(redo(command)).resolves.toMatchObject({ payment: { status: 'pending' } });
    });

    it('takes a repeat for what it is, and refuses another decision', async () => {
      const command = await ledger.paid(unknown);
      const first = await ledger.resolve(command, true);
      expect(await ledger.resolve(command, true, { chargedAmount: 15_000, evidence: 'said again' })).toEqual(first);
      await expect(ledger.resolve(command, false)).rejects.toMatchObject({ code: 'payment.not_in_doubt' });
      await expect(ledger.resolve(command, true, { chargedAmount: 1 })).rejects.toMatchObject({ code: 'payment.not_in_doubt' });
    });

    it('never lets a late repeat meet a further attempt in doubt', async () => {
      const command = await ledger.paid(unknown);
      const idempotency = { key: ledger.newId('ref'), fingerprint: 'decision' };
      await ledger.resolve(command, false, { idempotency });
      const again = (await redo(command)).command!;
      await ledger.recording.execute(ledger.result(again, await ledger.grant(again), unknown));
      expect((await ledger.resolve(command, false, { idempotency })).status).toBe('in_doubt');
      await expect(ledger.resolve(command, false, { attemptId: command.attemptId })).rejects.toMatchObject({ code: 'payment.not_in_doubt' });
      await expect(ledger.resolve(command, true, { idempotency: { ...idempotency, fingerprint: 'other' } })).rejects.toMatchObject({
        code: 'idempotency.key_reused',
      });
      expect((await ledger.resolve(command, true, { attemptId: again.attemptId })).status).toBe('succeeded');
    });

    it.each([
      ['that waits for its terminal', () => ledger.open()],
      ['that was charged', () => ledger.paid(approved())],
      ['that was declined', () => ledger.paid(declined)],
    ])('decides nothing about a payment %s', async (_what, prepare) => {
      await expect(ledger.resolve(await prepare(), false)).rejects.toMatchObject({ code: 'payment.not_in_doubt' });
    });

    it('refuses an amount above what was asked for, and what the caller may not see', async () => {
      const command = await ledger.paid(unknown);
      await expect(ledger.resolve(command, true, { chargedAmount: 15_001 })).rejects.toMatchObject({ code: 'request.invalid' });
      await expect(ledger.resolve(command, true, { scope: ['elsewhere'] })).rejects.toMatchObject({ code: 'payment.not_found' });
      expect((await ledger.payment(command)).status).toBe('in_doubt');
    });

    it('says what became of a cancel', async () => {
      for (const [charged, cancelRequested] of [
        [true, 'too_late'],
        [false, 'done'],
      ] as const) {
        const command = await ledger.paid(unknown);
        await ledger.cancelling.execute({ scope: null, paymentId: command.paymentId });
        expect(await ledger.resolve(command, charged)).toMatchObject({ cancelRequested });
      }
    });

    it('masks a card number somebody wrote down as evidence', async () => {
      const command = await ledger.paid(unknown);
      const payment = await ledger.resolve(command, true, { evidence: 'card 4111111111111111' });
      expect(payment.attempts[0]?.resolvedBy?.evidence).toBe('card ************1111');
      const { evidence } = await ledger.verdicts.execute({ scope: null, paymentId: command.paymentId });
      expect(JSON.stringify(evidence)).not.toContain('4111111111111111');
    });
  });

  describe('and the terminal, which answers once', () => {
    it('confirms a charge and names it to the bank', async () => {
      const command = await ledger.paid(unknown);
      await ledger.resolve(command, true);
      expect(await ledger.recording.execute(recovered(command, approved()))).toMatchObject({ kind: 'confirm' });
      const payment = await ledger.payment(command);
      expect(payment).toMatchObject({ status: 'succeeded', sequence: 5, conflicts: [], surfaced: [] });
      expect(payment.attempts[0]).toMatchObject({ rrn: '828913349373', authorisationCode: '247629', resolvedBy: { terminal: 'confirmed' } });
      expect(await eventsOf(command)).toEqual(['in_doubt', 'succeeded', 'resolved', 'confirmed']);
      expect(await verdictOf(command)).toBe('charged charge_kept');
      expect(await balances(command)).toEqual({ acquirer: 15_000, takings: -15_000 });
    });

    it('confirms that nothing was charged', async () => {
      const command = await ledger.paid(unknown);
      await ledger.resolve(command, false);
      expect(await ledger.recording.execute(recovered(command, failed))).toMatchObject({ kind: 'confirm' });
      expect(await verdictOf(command)).toBe('not_charged nothing_charged');
      expect(await ledger.recording.execute(recovered(command, failed))).toEqual({ kind: 'drop', why: 'duplicate' });
    });

    it('surfaces money that a person did not know of, as a conflict', async () => {
      const command = await ledger.paid(unknown);
      await ledger.resolve(command, false);
      expect(await ledger.recording.execute(recovered(command, approved()))).toMatchObject({ kind: 'surface' });
      const payment = await ledger.payment(command);
      expect(payment).toMatchObject({ status: 'failed', redoable: false, surfaced: [{ amount: 15_000, rrn: '828913349373', disposition: 'undecided' }] });
      expect(payment.conflicts).toMatchObject([
        { attemptId: command.attemptId, person: { charged: false }, terminal: { charged: true, chargedAmount: 15_000 } },
      ]);
      expect(await eventsOf(command)).toEqual(['in_doubt', 'failed', 'resolved', 'surfaced', 'conflict']);
      expect(await balances(command)).toEqual({ acquirer: 15_000, suspense: -15_000 });
      expect(await verdictOf(command)).toBe('being_resolved surfaced_undecided conflict');
    });

    it('contradicts a charge without overwriting it', async () => {
      const command = await ledger.paid(unknown);
      const before = await ledger.resolve(command, true);
      expect(await ledger.recording.execute(recovered(command, failed))).toMatchObject({ kind: 'conflict' });
      const payment = await ledger.payment(command);
      expect(payment).toMatchObject({ status: 'succeeded', chargedAmount: 15_000, sequence: before.sequence + 1 });
      expect(payment.attempts[0]).toMatchObject({ status: 'approved', resolvedBy: { charged: true, terminal: 'contradicted' } });
      expect(payment.conflicts).toMatchObject([
        { person: { charged: true, by: { name: 'Manager' } }, terminal: { charged: false, evidence: { said: 'failed (terminal_unreachable)' } } },
      ]);
      expect(await eventsOf(command)).toEqual(['in_doubt', 'succeeded', 'resolved', 'conflict']);
      expect(await verdictOf(command)).toBe('being_resolved conflict');
    });

    it('knows another amount for a conflict and not for further money, however often it is told', async () => {
      const command = await ledger.paid(unknown);
      await ledger.resolve(command, true, { chargedAmount: 9_000 });
      expect(await ledger.recording.execute(recovered(command, approved()))).toMatchObject({ kind: 'conflict' });
      expect(await ledger.recording.execute(recovered(command, approved()))).toEqual({ kind: 'drop', why: 'duplicate' });
      expect(await ledger.payment(command)).toMatchObject({ chargedAmount: 9_000, surfaced: [], conflicts: [{ terminal: { chargedAmount: 15_000 } }] });
      expect(await verdictOf(command)).toBe('charged charge_kept conflict');
    });

    it('is still awaited while it knows nothing, and its words are kept', async () => {
      const command = await ledger.paid(unknown);
      await ledger.resolve(command, false);
      expect(await ledger.recording.execute(recovered(command, unknown))).toMatchObject({ kind: 'still-unknown' });
      const payment = await ledger.payment(command);
      expect([payment.sequence, payment.attempts[0]?.resolvedBy?.terminal]).toEqual([4, 'awaited']);
      const { evidence } = await ledger.verdicts.execute({ scope: null, paymentId: command.paymentId });
      expect(evidence.map(({ kind }) => kind)).toEqual(['answer', 'person', 'last-result']);
    });

    it('is asked no more once it was heard out, and not before', async () => {
      const command = await ledger.paid(unknown);
      await ledger.resolve(command, false);
      const inVain = () => ledger.rows('select from ledger.errand where attempt_id = $1 and answered_in_vain', [command.attemptId]);
      const report = {
        kind: 'report',
        asked: 'Which operations were made?',
        said: 'no answer',
        rrn: null,
        at: new Date(ledger.clock.nowMs).toISOString(),
      } as const;
      await ledger.recording.execute({ ...recovered(command, unknown), evidence: [report] });
      expect(await inVain()).toHaveLength(0);
      await ledger.recording.execute({ ...recovered(command, unknown), evidence: [report], heardOut: true });
      expect(await inVain()).toHaveLength(1);
    });

    it('is not spoken for by a handling that lost the attempt, nor by a worker that never asked', async () => {
      const command = await ledger.paid(unknown);
      await ledger.resolve(command, true);
      expect(await ledger.recording.execute(ledger.result(command, 'nonce-of-nobody', declined))).toEqual({ kind: 'drop', why: 'not-in-force' });
      expect(await ledger.recording.execute(ledger.result(command, null, failed))).toEqual({ kind: 'drop', why: 'not-in-force' });
      expect((await ledger.payment(command)).attempts[0]?.resolvedBy?.terminal).toBe('awaited');
    });

    it('and a person who decide at the same moment leave one outcome and one charge', async () => {
      for (let n = 0; n < 20; n += 1) {
        const command = await ledger.open();
        const nonce = await ledger.grant(command);
        await ledger.recording.execute(ledger.result(command, nonce, unknown));
        const answer = ledger.result(command, nonce, approved(15_000, `rrn-${n}`), { source: 'recovery' });
        const [person, verdict] = await Promise.allSettled([ledger.resolve(command, n % 2 === 0), ledger.recording.execute(answer)]);
        const payment = await ledger.payment(command);
        const money = payment.chargedAmount + payment.surfaced.reduce((sum, { amount }) => sum + amount, 0);
        expect([money, verdict.status]).toEqual([15_000, 'fulfilled']);
        expect(payment.attempts[0]?.resolvedBy !== null).toBe(person.status === 'fulfilled');
        expect(await ledger.rows('select from ledger.charge where payment_id = $1', [command.paymentId])).toHaveLength(1);
      }
    });
  });
});
