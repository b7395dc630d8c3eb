import { eventually } from '@kkm/testkit';
import { describeKkm } from '../e2e/harness/describe-kkm';
import type { Belief, Bill } from './clients/cafe-client';
import { accountOf, billsOf, everyDesk, families, openDesks, paymentsOf } from './harness/desks';
import type { Desk } from './harness/desks';

/** Words that make a known client send a bill again under a new id. */
const triggerWords = /смен|лиценз/i;

describeKkm('clients of the KkmServer door', { suite: 'kkmserver-clients', terminals: families.length }, (kkm) => {
  let desks: readonly Desk[] = [];
  beforeAll(async () => {
    desks = await openDesks(kkm());
  });
  beforeEach(() => everyTerminal({}));

  const everyTerminal = (behaviour: Parameters<ReturnType<typeof kkm>['terminals']['behave']>[1]) =>
    everyDesk(desks, ({ terminalId }) => kkm().terminals.behave(terminalId, behaviour));
  const account = (desk: Desk, bill: Bill, belief: Belief) => accountOf(kkm(), desk, bill, belief);
  const minor = ({ roubles }: Bill): number => Math.round(roubles * 100);

  /** The same expectation for every desk, with the desk's own bill. */
  const each = <T>(billOf: (desk: Desk) => Bill, expected: (bill: Bill, desk: Desk) => T): Readonly<Record<string, T>> =>
    Object.fromEntries(desks.map((desk) => [desk.name, expected(billOf(desk), desk)]));
  const charged = (bill: Bill) => ({ bank: [minor(bill)], ledger: [`succeeded ${minor(bill)}`], belief: 'done' });

  it('believe that a good card paid what the bank took', async () => {
    const billOf = billsOf('approved', 100);
    const beliefs = await everyDesk(desks, (desk) => desk.client.sell(billOf(desk)));
    expect(beliefs).toEqual(each(billOf, (bill) => ({ kind: 'done', amount: minor(bill), charge: expect.stringMatching(/\d{12}/) as string })));
    expect(await everyDesk(desks, (desk) => account(desk, billOf(desk), must(beliefs[desk.name])))).toEqual(each(billOf, charged));
  });

  it('believe that a declined card paid nothing, and are told so in words that make nobody send it again', async () => {
    await everyTerminal({ auto: 'decline' });
    const billOf = billsOf('declined', 200);
    const beliefs = await everyDesk(desks, (desk) => desk.client.sell(billOf(desk)));
    for (const { name } of desks) {
      const belief = must(beliefs[name]);
      expect({ name, belief }).toEqual({ name, belief: { kind: 'refused', error: expect.stringContaining('Деньги не списаны') as string } });
      expect(belief.kind === 'refused' && belief.error).not.toMatch(triggerWords);
    }
    const accounts = await everyDesk(desks, (desk) => account(desk, billOf(desk), must(beliefs[desk.name])));
    expect(accounts).toEqual(each(billOf, () => ({ bank: [], ledger: ['declined 0'], belief: 'refused' })));
  });

  it('learn by the id they sent that a declined bill was redone from KKM and charged once', async () => {
    await everyTerminal({ auto: 'decline' });
    const billOf = billsOf('redone', 300);
    await everyDesk(desks, (desk) => desk.client.sell(billOf(desk)));
    await everyTerminal({});
    await everyDesk(desks, async (desk) => {
      const [payment] = await paymentsOf(kkm(), desk, billOf(desk));
      expect((await kkm().redo(payment?.id ?? '')).status).toBe(200);
      await kkm().until(payment?.id ?? '', 'succeeded');
    });
    const beliefs = await everyDesk(desks, async (desk): Promise<Belief> => {
      const { look } = desk.client;
      // Whoever never asks is told by the cashier, who redid it in KKM.
      if (!look) return { kind: 'done', amount: minor(billOf(desk)), charge: '000000000000' };
      return eventually(async () => {
        const belief = await look(billOf(desk));
        expect(belief.kind).toBe('done');
        return belief;
      });
    });
    expect(beliefs).toEqual(each(billOf, (bill) => ({ kind: 'done', amount: minor(bill), charge: expect.stringMatching(/\d{12}/) as string })));
    expect(await everyDesk(desks, (desk) => account(desk, billOf(desk), must(beliefs[desk.name])))).toEqual(each(billOf, charged));
  });

  it('sell by SBP with the same commands', async () => {
    const option = (name: string) =>
      everyDesk(desks, ({ registerId, terminalId }) =>
        kkm().call('PUT', `/v1/registers/${registerId}/automatic-acquiring`, { body: { option: name, terminalId } }),
      );
    await option('sbp_qr');
    const billOf = billsOf('sbp', 400);
    const beliefs = await everyDesk(desks, (desk) => desk.client.sell(billOf(desk)));
    await option('card');
    expect(await everyDesk(desks, (desk) => account(desk, billOf(desk), must(beliefs[desk.name])))).toEqual(each(billOf, charged));
    const methods = await everyDesk(desks, async (desk) => (await paymentsOf(kkm(), desk, billOf(desk))).map(({ method }) => method));
    expect(methods).toEqual(each(billOf, () => ['sbp_qr']));
  });

  it('charge once when the answer is lost and the button is pressed again', async () => {
    await everyTerminal({ auto: 'none' });
    const billOf = billsOf('lost', 500);
    const first = everyDesk(desks, (desk) => desk.client.sell(billOf(desk)));
    await everyDesk(desks, async (desk) => {
      await kkm().untilAsksForCard(desk.terminalId);
      desk.line.cut();
    });
    expect(await first).toEqual(each(billOf, () => ({ kind: 'unsure' })));
    for (const { line } of desks) line.mend();
    const refusals = await everyDesk(
      desks.filter(({ keepsId }) => !keepsId),
      (desk) => desk.client.again(billOf(desk)),
    );
    const patient = everyDesk(
      desks.filter(({ keepsId }) => keepsId),
      (desk) => desk.client.again(billOf(desk)),
    );
    await everyDesk(desks, ({ terminalId }) => kkm().terminals.guest(terminalId, { action: 'tap' }));
    const beliefs = { ...refusals, ...(await patient) };
    await everyDesk(desks, async (desk) => kkm().until((await paymentsOf(kkm(), desk, billOf(desk)))[0]?.id ?? '', 'succeeded'));
    const accounts = await everyDesk(desks, (desk) => account(desk, billOf(desk), must(beliefs[desk.name])));
    expect(accounts).toEqual(each(billOf, (bill, { keepsId }) => ({ ...charged(bill), belief: keepsId ? 'done' : 'refused' })));
  });

  it('charge once when the button is pressed again after the end, as far as the bill has a number or the command its id', async () => {
    const known = desks.filter(({ keepsId, namesBill }) => keepsId || namesBill);
    const billOf = billsOf('again', 600);
    await everyDesk(known, (desk) => desk.client.sell(billOf(desk)));
    const beliefs = await everyDesk(known, (desk) => desk.client.again(billOf(desk)));
    for (const desk of known) {
      const bill = billOf(desk);
      const seen = await account(desk, bill, must(beliefs[desk.name]));
      expect({ name: desk.name, ...seen }).toEqual({ name: desk.name, ...charged(bill), belief: desk.keepsId ? 'done' : 'refused' });
    }
  });

  it('give back what they sold by the name they have for it', async () => {
    const giving = desks.filter(({ client }) => client.giveBack !== null);
    const billOf = billsOf('given-back', 700);
    const beliefs = await everyDesk(giving, async (desk) => {
      const sold = await desk.client.sell(billOf(desk));
      return desk.client.giveBack?.((sold.kind === 'done' && sold.charge) || '', billOf(desk));
    });
    for (const desk of giving) expect({ name: desk.name, kind: beliefs[desk.name]?.kind }).toEqual({ name: desk.name, kind: 'done' });
    const payments = await everyDesk(giving, (desk) => paymentsOf(kkm(), desk, billOf(desk)));
    for (const desk of giving)
      expect({ name: desk.name, back: payments[desk.name]?.map(({ refundedAmount }) => refundedAmount) }).toEqual({
        name: desk.name,
        back: [minor(billOf(desk))],
      });
  });
});

function must(belief: Belief | undefined): Belief {
  if (!belief) throw new Error('A desk said nothing.');
  return belief;
}
