import { noBankFacts } from '@kkm/core';
import type { BankIdentity, OpenPaymentRequest, Outcome, PaymentCommand } from '@kkm/core';
import { sampleBank } from './gateway-ports';
import { approved } from './store-on-trial';
import type { StoreOnTrial } from './store-on-trial';

const named = (rrn: string, authorisationCode: string, chargedMinor = 15_000): Outcome => ({
  kind: 'approved',
  chargedMinor,
  facts: { ...noBankFacts, rrn, authorisationCode },
});

const bankOf = (number: string): BankIdentity => ({ ...sampleBank, settlementAccount: { number, bik: null } });
const [club, bar] = ['40702810900000005555', '40702810200000006666'] as const;

/** What every store must do: payments are found by what their bank calls them. */
export function searchConformance(current: () => StoreOnTrial): void {
  const paid = async (outcome: Outcome, wanted: Partial<OpenPaymentRequest> = {}): Promise<PaymentCommand> => {
    const trial = current();
    const command = await trial.open(wanted);
    await trial.record(trial.result(command, await trial.grant(command), outcome));
    trial.nowMs += 1_000;
    return command;
  };

  describe('payments by what the bank calls them', () => {
    it('finds a charge by RRN, by authorisation code, and by both only where both are its own', async () => {
      const trial = current();
      const [rrn, other] = [trial.id('ref'), trial.id('ref')];
      const { siteId, paymentId } = await paid(named(rrn, 'A1'));
      const another = await paid(named(other, 'A2'));
      expect(await trial.listed({ siteId, rrn })).toEqual([paymentId]);
      expect(await trial.listed({ siteId, authorisationCode: 'A1' })).toEqual([paymentId]);
      expect(await trial.listed({ siteId, rrn, authorisationCode: 'A1' })).toEqual([paymentId]);
      expect(await trial.listed({ siteId, rrn, authorisationCode: 'A2' })).toEqual([]);
      expect(await trial.listed({ siteId, rrn: 'nobody’s' })).toEqual([]);
      expect(await trial.listed({ siteId, rrn: other })).toEqual([another.paymentId]);
    });

    it('does not take the RRN of one attempt and the code of another for one charge', async () => {
      const trial = current();
      const command = await trial.open();
      const nonce = await trial.grant(command);
      await trial.record(
        trial.result(command, nonce, { kind: 'failed', reason: 'terminal_fault', facts: { ...noBankFacts, rrn: 'R-1', authorisationCode: 'A-1' } }),
      );
      await trial.record(trial.result(command, nonce, named('R-2', 'A-2')));
      const { siteId, paymentId } = command;
      expect(await trial.listed({ siteId, rrn: 'R-1', authorisationCode: 'A-2' })).toEqual([]);
      expect(await trial.listed({ siteId, rrn: 'R-2', authorisationCode: 'A-2' })).toEqual([paymentId]);
    });

    it('finds money that surfaced, whose attempt has ended without a name', async () => {
      const trial = current();
      const command = await trial.open();
      const nonce = await trial.grant(command);
      await trial.record(trial.result(command, nonce, { kind: 'failed', reason: 'terminal_fault', facts: noBankFacts }));
      await trial.record(trial.result(command, nonce, named('late-1', 'L1')));
      expect(await trial.listed({ siteId: command.siteId, rrn: 'late-1' })).toEqual([command.paymentId]);
      expect(await trial.listed({ siteId: command.siteId, authorisationCode: 'L1' })).toEqual([command.paymentId]);
    });

    it('shows nothing of other sites, under whatever name', async () => {
      const trial = current();
      const rrn = trial.id('ref');
      const [mine, theirs] = [await paid(named(rrn, 'S1')), await paid(named(rrn, 'S1'), { siteId: `elsewhere-${trial.id('ref')}` })];
      expect(await trial.listed({ rrn })).toEqual([theirs.paymentId, mine.paymentId]);
      expect(await trial.listed({ rrn, scope: [mine.siteId] })).toEqual([mine.paymentId]);
      expect(await trial.listed({ rrn, scope: [mine.siteId], siteId: theirs.siteId })).toEqual([]);
      expect(await trial.listed({ rrn, scope: [mine.siteId, theirs.siteId] })).toEqual([theirs.paymentId, mine.paymentId]);
    });

    it('finds an amount that was asked for, or that the bank took', async () => {
      const trial = current();
      const [whole, part] = [await paid(approved(7_001, 'w'), { amount: 7_001 }), await paid(approved(7_001, 'p'), { amount: 9_000 })];
      const { siteId } = whole;
      expect(await trial.listed({ siteId, amount: 7_001 })).toEqual([part.paymentId, whole.paymentId]);
      expect(await trial.listed({ siteId, amount: 9_000, orderId: (await trial.payment(part)).shown.orderId })).toEqual([part.paymentId]);
      expect(await trial.listed({ siteId, amount: 9_000, rrn: 'w' })).toEqual([]);
      expect(await trial.listed({ siteId, amount: 1 })).toEqual([]);
    });

    it('pages through what has one name', async () => {
      const trial = current();
      const code = trial.id('ref');
      const paidOnes = [await paid(named('x1', code)), await paid(named('x2', code)), await paid(named('x3', code))];
      const newestFirst = paidOnes.map(({ paymentId }) => paymentId).reverse();
      expect(await trial.listed({ authorisationCode: code, limit: 2 })).toEqual(newestFirst.slice(0, 2));
      expect(await trial.listed({ authorisationCode: code, beforeId: newestFirst[1] ?? null })).toEqual(newestFirst.slice(2));
    });
  });

  describe('payments by whose money they take', () => {
    it('keeps with each attempt what the bank knew the terminal by when it was opened', async () => {
      const trial = current();
      const [named, unnamed] = [await trial.open({ bank: bankOf(club) }), await trial.open()];
      expect((await trial.payment(named)).attempts[0]?.shown.bank).toEqual(bankOf(club));
      expect((await trial.payment(unnamed)).attempts[0]?.shown.bank).toBeNull();
      await trial.record(trial.result(named, await trial.grant(named), approved(15_000, trial.id('ref'))));
      expect((await trial.payment(named)).attempts[0]?.shown.bank).toEqual(bankOf(club));
    });

    it('lists what goes to an account, newest first, at one site or at all', async () => {
      const trial = current();
      const elsewhere = { siteId: `elsewhere-${trial.id('ref')}` };
      const [first, other] = [await trial.open({ bank: bankOf(club) }), await trial.open({ bank: bankOf(bar) })];
      await trial.open();
      trial.nowMs += 1_000;
      const [second, theirs] = [await trial.open({ bank: bankOf(club) }), await trial.open({ ...elsewhere, bank: bankOf(club) })];
      const { siteId } = first;
      const own = [second.paymentId, first.paymentId];
      expect(await trial.listed({ siteId, settlementAccount: club })).toEqual(own);
      expect(await trial.listed({ siteId, settlementAccount: club, limit: 1 })).toEqual(own.slice(0, 1));
      expect(await trial.listed({ siteId, settlementAccount: club, beforeId: second.paymentId })).toEqual(own.slice(1));
      expect(await trial.listed({ siteId, settlementAccount: bar })).toEqual([other.paymentId]);
      expect(await trial.listed({ siteId: theirs.siteId, settlementAccount: club })).toEqual([theirs.paymentId]);
      expect(await trial.listed({ scope: [siteId], settlementAccount: club })).toEqual(own);
      expect(await trial.listed({ settlementAccount: club, orderId: (await trial.payment(first)).shown.orderId })).toEqual([first.paymentId]);
    });

    it('lists what was tried by a method, and to an account by the same sale', async () => {
      const trial = current();
      const card = await paid({ kind: 'declined', reason: 'do_not_honour', facts: noBankFacts }, { bank: bankOf(club) });
      const qr = await trial.open({ method: 'sbp_qr', sbp: { by: 'terminal' } });
      const { siteId } = card;
      await trial.redo(card, { method: 'sbp_qr', sbp: { by: 'terminal' }, bank: bankOf(bar) });
      expect(await trial.listed({ siteId, method: 'card' })).toEqual([card.paymentId]);
      expect(new Set(await trial.listed({ siteId, method: 'sbp_qr' }))).toEqual(new Set([qr.paymentId, card.paymentId]));
      expect(await trial.listed({ siteId, method: 'card_or_sbp_qr' })).toEqual([]);
      expect(await trial.listed({ siteId, method: 'sbp_qr', settlementAccount: bar })).toEqual([card.paymentId]);
      expect(await trial.listed({ siteId, method: 'card', settlementAccount: bar })).toEqual([]);
      expect(await trial.listed({ siteId, method: 'card', settlementAccount: club, orderId: (await trial.payment(card)).shown.orderId })).toEqual([
        card.paymentId,
      ]);
    });
  });
}
