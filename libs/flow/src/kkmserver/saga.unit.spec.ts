import { noBankFacts, Unavailable } from '@kkm/core';
import { checkCommand, DeskBench } from '../testing/desk-bench';
import type { DeskReplica } from '../testing/desk-bench';

/** Longer than any wait: whatever is abandoned is taken up. */
const longMs = 40_000;

describe('a check with automatic acquiring', () => {
  let bench: DeskBench;
  let gateway: DeskReplica;
  const money = () => bench.ledger.money();
  const receipts = () => bench.units.fiscal.receipts.size;
  const answer = async (id = 'id-1') => (await bench.result(gateway, id))?.answer;
  beforeEach(() => {
    bench = new DeskBench();
    gateway = bench.replica();
  });

  it('charges, then makes the receipt, and answers with both', async () => {
    expect(await bench.send(gateway, checkCommand({ receiptNumber: '17' }))).toMatchObject({ status: 1, error: '' });
    await bench.ledger.approve();
    await bench.pass(gateway, 10_000);
    const facts = { CardNumber: '************6639', ReceiptNumber: '17', AuthorizationCode: '247629', Amount: 150, Slip: 'ОПЛАТА\r\nОДОБРЕНО' };
    expect(await answer()).toMatchObject({
      status: 0,
      error: '',
      numDevice: 1,
      unitName: 'Касса',
      payload: {
        CheckNumber: 1,
        UniversalID: expect.stringMatching(/^CN:\*{12}6639;RN:17;RRN:\d{12};AC:247629$/),
        Amount: 150,
        RezultProcessing: {
          ...facts,
          RRNCode: expect.stringMatching(/^\d{12}$/),
          Command: 'PayByPaymentCard',
          Status: 0,
          TerminalID: '00266286',
          IdCommand: 'id-1',
        },
      },
    });
    expect([await money(), receipts()]).toEqual([{ charged: 15_000, returned: 0 }, 1]);
    const [payment] = [...bench.units.fiscal.receipts.values()].map((receipt) => receipt.payment);
    expect(payment).toMatchObject({
      chargedAmount: 15_000,
      orderId: 'kkmserver-bill:desk-1:17',
      metadata: { idCommand: 'id-1' },
      method: 'card',
      terminalId: 'pax-1',
    });
  });

  it('touches no card where no receipt could be made, and says the register’s own words', async () => {
    bench.units.fiscal.hindrance = 'Смена превысила 24 часа';
    expect(await bench.send(gateway, checkCommand(), { waitMs: 5_000 })).toMatchObject({ status: 2, error: 'Смена превысила 24 часа' });
    expect(bench.ledger.queue).toEqual([]);
  });

  it('answers a decline with its reason, and follows the payment when it is redone', async () => {
    await bench.send(gateway, checkCommand());
    const { id } = await bench.ledger.decline('insufficient_funds', 'ОТКАЗАНО: СМЕНА, ЛИЦЕНЗИЯ');
    await bench.pass(gateway, 10_000);
    const declined = await answer();
    expect(declined).toMatchObject({ status: 2, error: expect.stringContaining('Недостаточно средств на карте') });
    expect(declined?.error).not.toMatch(/смена|лиценз/i);
    await bench.ledger.redo(id);
    const paid = await bench.ledger.approve();
    expect(await gateway.follow.run(paid)).toBe('done');
    expect(await answer()).toMatchObject({ status: 0, error: '', payload: { CheckNumber: 1, RezultProcessing: { Amount: 150 } } });
    // Told again, by another replica: nothing more happens.
    expect(await bench.replica().follow.run(paid)).toBe('done');
    expect([await money(), receipts(), bench.units.fiscal.asked]).toEqual([{ charged: 15_000, returned: 0 }, 1, 1]);
  });

  it('is asked to come again with a success that overtakes the note of a decline', async () => {
    await bench.send(gateway, checkCommand());
    const { id } = await bench.ledger.decline();
    await bench.ledger.redo(id);
    const paid = await bench.ledger.approve();
    // Another replica drives the command just now and has read the decline.
    await bench.store.lease((await bench.store.byIdCommand('club-1', 'id-1'))?.id ?? '', 'gateway-1', 20_000);
    expect(await bench.replica().follow.run(paid)).toBe('retry');
  });

  it.each([
    ['in doubt', async () => void (await bench.ledger.lose())],
    ['not answered by the terminal', async () => undefined],
  ])('is running for as long as the payment is %s', async (_what, happen) => {
    await bench.send(gateway, checkCommand());
    await happen();
    await bench.pass(gateway, 120_000);
    expect(await answer()).toMatchObject({ status: 1, error: '' });
    expect(receipts()).toBe(0);
  });

  it('asks a silent register again under the same key, and never takes silence for a refusal', async () => {
    bench.units.fiscal.onReceiptFailure = 'void';
    bench.units.fiscal.answers.push('lost', { kind: 'unknown', error: 'нет связи' });
    await bench.send(gateway, checkCommand());
    await bench.ledger.approve();
    await bench.pass(gateway, 1_500);
    expect(await answer()).toMatchObject({ status: 1 });
    await bench.pass(gateway, longMs);
    expect(await answer()).toMatchObject({ status: 0, payload: { CheckNumber: 1 } });
    expect([await money(), receipts(), bench.units.fiscal.asked]).toEqual([{ charged: 15_000, returned: 0 }, 1, 3]);
  });

  it('keeps the charge of a refused receipt, says so without a word that makes clients resend, and makes it when it can', async () => {
    for (let tries = 0; tries < 4; tries += 1) bench.units.fiscal.answers.push({ kind: 'refused', error: 'ККТ: Смена превысила 24 часа, нет лицензии' });
    await bench.send(gateway, checkCommand());
    await bench.ledger.approve();
    await bench.pass(gateway, 6_000);
    const told = await answer();
    expect(told).toMatchObject({ status: 2, payload: { UniversalID: expect.stringContaining('RRN:'), RezultProcessing: { Amount: 150 } } });
    expect(told?.error).toMatch(/Оплата прошла \(150,00 руб\.\), но чек пока не напечатан/);
    expect(told?.error).not.toMatch(/смена|лиценз/i);
    await bench.pass(gateway, 60_000);
    expect(await answer()).toMatchObject({ status: 0, payload: { CheckNumber: 1 } });
    expect([await money(), receipts()]).toEqual([{ charged: 15_000, returned: 0 }, 1]);
    // What was certainly refused is asked for under a key that the register does not know as refused.
    expect([...bench.units.fiscal.receipts.keys()]).toEqual([expect.stringMatching(/^cmd_\w+-4$/)]);
  });

  it('gives the charge of a refused receipt back where the register is set so, waiting out a return in doubt', async () => {
    bench.units.fiscal.onReceiptFailure = 'void';
    bench.units.fiscal.answers.push({ kind: 'refused', error: 'нет бумаги, смена закрыта' });
    await bench.send(gateway, checkCommand());
    await bench.ledger.approve();
    await bench.pass(gateway, 10_000);
    const command = bench.ledger.next();
    expect(command).toMatchObject({ operation: 'void', amount: 15_000 });
    await bench.ledger.end(command, { kind: 'unknown', reason: 'unrecognised', facts: noBankFacts });
    await bench.pass(gateway, longMs);
    expect(await answer()).toMatchObject({ status: 1 });
    expect(await money()).toEqual({ charged: 15_000, returned: 0 });
  });

  it('gives back again after a return that was refused, and ends when the money is with the guest', async () => {
    bench.units.fiscal.onReceiptFailure = 'void';
    bench.units.fiscal.answers.push({ kind: 'refused', error: 'нет бумаги, смена закрыта' });
    await bench.send(gateway, checkCommand());
    await bench.ledger.approve();
    await bench.pass(gateway, 10_000);
    await bench.ledger.decline('terminal_unreachable');
    // A refused void is followed by a refund, by the ledger itself.
    await bench.ledger.decline('terminal_unreachable');
    await bench.pass(gateway, 10_000);
    expect(await answer()).toMatchObject({ status: 2, error: expect.stringContaining('ещё не возвращена: нет бумаги, кассовый период закрыта') });
    await bench.pass(gateway, 10_000);
    await bench.ledger.approve();
    await bench.pass(gateway, 10_000);
    expect(await answer()).toMatchObject({ status: 2, error: expect.stringMatching(/^Чек не напечатан: нет бумаги.*возвращена на карту/) });
    expect([await money(), receipts()]).toEqual([{ charged: 15_000, returned: 15_000 }, 0]);
  });

  it('makes no receipt of a charge that somebody has given back meanwhile', async () => {
    for (let tries = 0; tries < 9; tries += 1) bench.units.fiscal.answers.push({ kind: 'refused', error: 'нет бумаги' });
    await bench.send(gateway, checkCommand());
    const { id } = await bench.ledger.approve();
    await bench.pass(gateway, 6_000);
    await bench.ledger.refund(id);
    await bench.ledger.approve();
    bench.units.fiscal.answers.length = 0;
    await bench.pass(gateway, 60_000);
    expect(await answer()).toMatchObject({ status: 2, error: expect.stringContaining('возвращена на карту') });
    expect([await money(), receipts()]).toEqual([{ charged: 15_000, returned: 15_000 }, 0]);
  });

  it('asks the register from one replica at a time, for as long as that one lives', async () => {
    let answerNow: () => void = () => undefined;
    bench.units.fiscal.hold = new Promise((resolve) => (answerNow = resolve));
    const other = bench.replica();
    await bench.send(gateway, checkCommand());
    await bench.ledger.approve();
    await bench.pass(gateway, 60_000);
    await bench.send(other, checkCommand());
    await bench.pass(other, 60_000);
    expect(bench.units.fiscal.asked).toBe(1);
    answerNow();
    await bench.pass(other, 1_000);
    expect(await answer()).toMatchObject({ status: 0 });
  });

  it('makes no receipt over a sum that the bank did not take', async () => {
    await bench.send(gateway, checkCommand());
    await bench.ledger.approve(10_000);
    await bench.pass(gateway, 10_000);
    expect(await answer()).toMatchObject({ status: 2, error: expect.stringContaining('списано 100,00 руб. вместо 150,00 руб.') });
    expect(receipts()).toBe(0);
  });

  it('does not charge a guest who has left: a command that could not be asked for in time ends uncharged', async () => {
    const open = jest.spyOn(bench.ledger.ports.ledger, 'open').mockRejectedValue(new Unavailable('ledger.unavailable'));
    await bench.send(gateway, checkCommand());
    await bench.pass(gateway, 160_000);
    expect(await answer()).toMatchObject({ status: 1 });
    await bench.pass(gateway, 60_000);
    expect(await answer()).toMatchObject({ status: 2, error: expect.stringContaining('деньги не списаны') });
    open.mockRestore();
    await bench.pass(gateway, longMs);
    expect(bench.ledger.queue).toEqual([]);
  });
});
