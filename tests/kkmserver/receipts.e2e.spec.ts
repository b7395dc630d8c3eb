import { eventually } from '@kkm/testkit';
import { describeKkm } from '../e2e/harness/describe-kkm';
import type { Belief, Bill } from './clients/cafe-client';
import { accountOf, billsOf, everyDesk, families, openDesks, paymentsOf } from './harness/desks';
import type { Desk } from './harness/desks';
import { FiscalDesk } from './harness/fiscal-desk';

/** Words that make a known client send a bill again under a new id. */
const triggerWords = /смен|лиценз/i;

/** Recorded from a live server 2.1.x: the most common fiscal error. */
const shiftTooLong = 'Ошибка регистрации ( 61 : ККТ: Смена не открыта или смена превысила 24 часа – операция невозможна )';

describeKkm('checks that a fiscal register prints after the charge', { suite: 'kkmserver-receipts', terminals: families.length }, (kkm) => {
  const fiscal = new FiscalDesk();
  let desks: readonly Desk[] = [];
  beforeAll(async () => {
    await fiscal.start();
    desks = (await openDesks(kkm())).filter(({ charges }) => charges === 'by check');
  });
  beforeEach(async () => {
    fiscal.behave({ kind: 'print' });
    await forward('keep');
  });
  afterAll(() => fiscal.stop());

  const forward = (onReceiptFailure: 'keep' | 'void') =>
    everyDesk(desks, async ({ registerId }) => {
      const path = `/v1/registers/${registerId}`;
      expect((await kkm().call('PUT', `${path}/fiscal`, { body: { mode: 'forward', url: fiscal.url } })).status).toBe(200);
      expect((await kkm().call('PATCH', path, { body: { onReceiptFailure } })).status).toBe(200);
    });
  const minor = ({ roubles }: Bill): number => Math.round(roubles * 100);
  const kinds = (beliefs: Readonly<Record<string, Belief>>): Readonly<Record<string, string>> =>
    Object.fromEntries(Object.entries(beliefs).map(([name, { kind }]) => [name, kind]));
  const allOf = <T>(value: T): Readonly<Record<string, T>> => Object.fromEntries(desks.map(({ name }) => [name, value]));

  /** All three books of a bill, and the register's. */
  async function booksOf(desk: Desk, bill: Bill, belief: Belief) {
    const [payment] = await paymentsOf(kkm(), desk, bill);
    return { ...(await accountOf(kkm(), desk, bill, belief)), ...fiscal.checksOver(bill.roubles), givenBack: payment?.refundedAmount ?? 0 };
  }

  /** What the client finds by its own means once everything has come to an end; who cannot ask keeps what he believed. */
  function lookAgain(desk: Desk, bill: Bill, believed: Belief): Promise<Belief> {
    const { look } = desk.client;
    if (!look) return Promise.resolve(believed);
    return eventually(async () => {
      const belief = await look(bill);
      expect(belief.kind).toBe('done');
      return belief;
    }, 40_000);
  }

  it('are printed once each, and tell the guest’s charge', async () => {
    const billOf = billsOf('printed', 1_000);
    const beliefs = await everyDesk(desks, (desk) => desk.client.sell(billOf(desk)));
    expect(kinds(beliefs)).toEqual(allOf('done'));
    for (const desk of desks) {
      const bill = billOf(desk);
      const books = await booksOf(desk, bill, beliefs[desk.name] ?? { kind: 'unsure' });
      expect({ name: desk.name, ...books }).toMatchObject({ name: desk.name, bank: [minor(bill)], printed: 1, givenBack: 0 });
    }
  });

  it('are printed once though the gateway is killed between charge and receipt, and nobody is charged again', async () => {
    fiscal.behave({ kind: 'hold' });
    const billOf = billsOf('killed', 1_100);
    const first = everyDesk(desks, (desk) => desk.client.sell(billOf(desk)).catch((): Belief => ({ kind: 'unsure' })));
    await eventually(() => expect(desks.map((desk) => fiscal.checksOver(billOf(desk).roubles).held)).toEqual(desks.map(() => 1)), 30_000);
    await kkm().stack.gateway.stop('SIGKILL');
    expect(kinds(await first)).toEqual(allOf('unsure'));
    fiscal.behave({ kind: 'print' });
    kkm().stack.gateway.start();
    await kkm().stack.gateway.ready();
    const pressed = await everyDesk(desks, (desk): Promise<Belief> => (desk.keepsId ? desk.client.again(billOf(desk)) : Promise.resolve({ kind: 'unsure' })));
    const beliefs = await everyDesk(desks, (desk) => lookAgain(desk, billOf(desk), pressed[desk.name] ?? { kind: 'unsure' }));
    for (const desk of desks) {
      const bill = billOf(desk);
      await eventually(() => expect({ name: desk.name, ...fiscal.checksOver(bill.roubles) }).toMatchObject({ name: desk.name, printed: 1 }), 40_000);
      const books = await booksOf(desk, bill, beliefs[desk.name] ?? { kind: 'unsure' });
      const belief = desk.client.look ? 'done' : 'unsure';
      expect({ name: desk.name, ...books }).toMatchObject({ name: desk.name, bank: [minor(bill)], ledger: [`succeeded ${minor(bill)}`], belief, printed: 1 });
    }
  });

  it('are refused before a card is touched while the register is down', async () => {
    await fiscal.stop();
    const billOf = billsOf('down', 1_200);
    const beliefs = await everyDesk(desks, (desk) => desk.client.sell(billOf(desk)));
    await fiscal.start();
    expect(kinds(beliefs)).toEqual(allOf('refused'));
    for (const desk of desks) expect(await booksOf(desk, billOf(desk), must(beliefs[desk.name]))).toMatchObject({ bank: [], ledger: [], printed: 0 });
  });

  it('that the register refuses after the charge are kept and printed later; no client is led to charge again', async () => {
    fiscal.behave({ kind: 'refuse', error: shiftTooLong });
    const billOf = billsOf('kept', 1_300);
    const beliefs = await everyDesk(desks, (desk) => desk.client.sell(billOf(desk)));
    for (const desk of desks) {
      const belief = must(beliefs[desk.name]);
      expect({ name: desk.name, belief }).toEqual({ name: desk.name, belief: { kind: 'refused', error: expect.stringMatching(/Оплата прошла/) as string } });
      expect(belief.kind === 'refused' && belief.error).not.toMatch(triggerWords);
    }
    fiscal.behave({ kind: 'print' });
    const later = await everyDesk(desks, (desk) => lookAgain(desk, billOf(desk), must(beliefs[desk.name])));
    for (const desk of desks) {
      const bill = billOf(desk);
      await eventually(() => expect(fiscal.checksOver(bill.roubles).printed).toBe(1), 40_000);
      expect({ name: desk.name, ...(await booksOf(desk, bill, must(later[desk.name]))) }).toMatchObject({
        name: desk.name,
        bank: [minor(bill)],
        printed: 1,
        givenBack: 0,
      });
    }
  });

  it('that the register refuses after the charge are given back where the register is set so', async () => {
    await forward('void');
    fiscal.behave({ kind: 'refuse', error: shiftTooLong });
    const billOf = billsOf('voided', 1_400);
    const beliefs = await everyDesk(desks, (desk) => desk.client.sell(billOf(desk)));
    for (const desk of desks) {
      const belief = must(beliefs[desk.name]);
      expect({ name: desk.name, belief }).toEqual({ name: desk.name, belief: { kind: 'refused', error: expect.stringMatching(/\S/) as string } });
      expect(belief.kind === 'refused' && belief.error).not.toMatch(triggerWords);
      const bill = billOf(desk);
      await eventually(
        async () => expect(await booksOf(desk, bill, belief)).toMatchObject({ bank: [minor(bill)], printed: 0, givenBack: minor(bill) }),
        20_000,
      );
    }
  });

  it('are printed once when the register’s answer is lost', async () => {
    fiscal.behave({ kind: 'lose' });
    const billOf = billsOf('answer-lost', 1_500);
    const beliefs = await everyDesk(desks, (desk) => desk.client.sell(billOf(desk)));
    const later = await everyDesk(desks, (desk) => lookAgain(desk, billOf(desk), must(beliefs[desk.name])));
    for (const desk of desks) {
      const bill = billOf(desk);
      expect({ name: desk.name, ...(await booksOf(desk, bill, must(later[desk.name]))) }).toMatchObject({
        name: desk.name,
        bank: [minor(bill)],
        printed: 1,
        givenBack: 0,
      });
    }
  });
});

function must(belief: Belief | undefined): Belief {
  if (!belief) throw new Error('A desk said nothing.');
  return belief;
}
