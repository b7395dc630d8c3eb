import { randomUUID } from 'node:crypto';
import type { CheckDocument, KkmCaller, KkmCommand, Payment } from '@kkm/core';
import { describeWith, eventually } from '@kkm/testkit';
import { GatewayUnderTest } from '../testing/gateway-under-test';

const caller: KkmCaller = { siteId: 'club-1', account: 'user', mayGiveBack: true };

describeWith(['broker', 'database'], 'the desk behind the KkmServer door', () => {
  let gateway: GatewayUnderTest;
  beforeAll(async () => {
    gateway = await GatewayUnderTest.start();
    await gateway.seed('club-1', 'card');
  });
  afterAll(() => gateway.stop());

  const check = (amount: number, more: Partial<CheckDocument> = {}): KkmCommand => ({
    name: 'RegisterCheck',
    idCommand: randomUUID(),
    unit: { numDevice: 0, innKkm: null, kktNumber: null, idDevice: null },
    cashier: { name: 'Анна', vatin: null },
    wish: {
      kind: 'RegisterCheck',
      check: {
        fiscal: true,
        type: 0,
        sums: { cash: 0, electronic: amount, advance: 0, credit: 0, provision: 0 },
        goods: [{ name: 'Час', quantity: 1, price: amount, amount, tax: -1 }],
        payByProcessing: null,
        numDeviceByProcessing: null,
        receiptNumber: null,
        original: null,
        asSent: { Command: 'RegisterCheck', ElectronicPayment: amount / 100 },
        ...more,
      },
    },
  });
  const submit = (command: KkmCommand, waitMs = 0) => gateway.parts.commandDesk.submit(caller, command, { waitMs, gone: new AbortController().signal });
  const answerOf = async ({ idCommand }: KkmCommand) => (await gateway.parts.commandDesk.result(caller, idCommand ?? ''))?.answer;
  const paymentOf = ({ idCommand }: KkmCommand): Promise<Payment> =>
    eventually(() => {
      const payment = [...gateway.ledger.payments.values()].find(({ metadata }) => metadata['idCommand'] === idCommand);
      if (!payment) throw new Error('no payment was opened');
      return payment;
    });

  it('charges a check on the register’s terminal, makes its receipt and answers everybody alike', async () => {
    const command = check(15_000);
    const waiting = submit(command, 20_000);
    const { id } = await paymentOf(command);
    expect(await gateway.nextCommand('club-1', 'pax-1')).toMatchObject({ paymentId: id, amount: 15_000 });
    expect((await submit(command)).answer.status).toBe(1);
    await gateway.ledger.end(id, 'approved', 'succeeded');
    const { answer } = await waiting;
    expect(answer).toMatchObject({
      status: 0,
      error: '',
      payload: { CheckNumber: expect.any(Number), Amount: 150, RezultProcessing: { Command: 'PayByPaymentCard' } },
    });
    expect(await answerOf(command)).toEqual(answer);
    expect((await submit(command)).answer).toEqual(answer);
    expect([...gateway.ledger.payments.values()].filter(({ amount }) => amount === 15_000)).toHaveLength(1);
  });

  it('takes a declined check up again when its payment is redone by the API and succeeds', async () => {
    const command = check(15_100);
    const waiting = submit(command, 20_000);
    const { id } = await paymentOf(command);
    await gateway.ledger.end(id, 'declined', 'declined');
    expect((await waiting).answer).toMatchObject({ status: 2, error: expect.stringContaining('Деньги не списаны') });
    expect((await gateway.ask('POST', `/v1/payments/${id}/redo`, { headers: { 'idempotency-key': '"redo-1"' } })).status).toBe(200);
    await gateway.ledger.end(id, 'approved', 'succeeded');
    await eventually(async () => expect(await answerOf(command)).toMatchObject({ status: 0, payload: { CheckNumber: expect.any(Number) } }), 10_000);
  });

  it('refuses the same amount at the register while an earlier command is unresolved', async () => {
    const command = check(15_200);
    await submit(command);
    await paymentOf(command);
    expect((await submit(check(15_200))).answer).toMatchObject({ status: 2, error: expect.stringContaining(command.idCommand ?? '') });
    await gateway.ledger.end((await paymentOf(command)).id, 'declined', 'declined');
  });

  it('shows what waits for a receipt and tries it at once when asked to', async () => {
    const command = check(15_300);
    await submit(command);
    const { id: paymentId } = await paymentOf(command);
    await gateway.servers.dataSource.query(`alter table gateway.virtual_document add constraint no_paper check (false) not valid`);
    await gateway.ledger.end(paymentId, 'approved', 'succeeded');
    type Page = { readonly checks: readonly { readonly id: string; readonly tries: number }[] };
    const outstanding = await eventually(async () => {
      const { body } = await gateway.ask<Page>('GET', '/v1/checks?siteId=club-1');
      const [found] = body.checks;
      if (!found || found.tries < 2) throw new Error('it is not tried yet');
      return found;
    }, 10_000);
    expect(outstanding).toMatchObject({ siteId: 'club-1', registerId: 'desk-1', idCommand: command.idCommand, stage: 'receipting', paymentId });
    expect(await answerOf(command)).toMatchObject({ status: 1 });
    await gateway.servers.dataSource.query('alter table gateway.virtual_document drop constraint no_paper');
    expect((await gateway.ask('POST', `/v1/checks/${outstanding.id}/retry`)).status).toBe(200);
    await eventually(async () => expect(await answerOf(command)).toMatchObject({ status: 0 }), 10_000);
    expect((await gateway.ask<Page>('GET', '/v1/checks')).body).toEqual({ checks: [], next: null });
    expect((await gateway.ask('POST', `/v1/checks/${outstanding.id}/retry`)).body).toMatchObject({ code: 'check.not_outstanding' });
    expect((await gateway.ask('POST', '/v1/checks/cmd_none/retry')).body).toMatchObject({ code: 'check.not_found' });
  });
});
