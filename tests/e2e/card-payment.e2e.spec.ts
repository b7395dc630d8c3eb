import { describeKkm } from './harness/describe-kkm';

describeKkm('a card payment', { suite: 'card-payment', terminals: 2 }, (kkm) => {
  beforeEach(async () => {
    for (const { id } of kkm().stack.terminals) await kkm().terminals.behave(id, {});
  });

  it('is approved, and tells the charged amount, the card and the bank’s reference', async () => {
    const opened = await kkm().pay({ metadata: { memberId: '42' } });
    expect(opened.status).toBe(201);
    expect(opened.headers.get('location')).toBe(`/v1/payments/${opened.body.id}`);
    const payment = await kkm().until(opened.body.id, 'succeeded');
    expect(payment).toMatchObject({ amount: 15_000, chargedAmount: 15_000, refundedAmount: 0, redoable: false, metadata: { memberId: '42' } });
    expect(payment.attempts).toMatchObject([{ number: 1, operation: 'sale', status: 'approved', terminalId: 'pax-1', readFailures: 0 }]);
    expect(payment.attempts[0]?.rrn).toMatch(/^\d{12}$/);
    expect(payment.attempts[0]?.card?.maskedPan).toMatch(/^\*+\d{4}$/);
  });

  it('is found by what its bank calls it', async () => {
    const { body } = await kkm().pay({}, { prefer: 'wait=20' });
    const { rrn, authorisationCode } = body.attempts[0] ?? {};
    expect(await kkm().found({ rrn: String(rrn), authorisationCode: String(authorisationCode) })).toEqual([body.id]);
    expect(await kkm().found({ rrn: String(rrn), amount: '14999' })).toEqual([]);
  });

  it('holds the answer until it is final when the caller prefers to wait', async () => {
    const answer = await kkm().pay({}, { prefer: 'wait=20' });
    expect(answer).toMatchObject({ status: 201, body: { status: 'succeeded', chargedAmount: 15_000 } });
  });

  it('goes to the terminal of the register’s automatic acquiring when only the register is named', async () => {
    const { body } = await kkm().pay({ terminalId: undefined, method: undefined, registerId: 'desk-1' }, { prefer: 'wait=20' });
    expect(body).toMatchObject({ status: 'succeeded', registerId: 'desk-1', terminalId: 'pax-1' });
  });

  it('is redone on the same bill after a decline, and charged once', async () => {
    await kkm().terminals.behave('pax-1', { auto: 'decline' });
    const declined = await kkm().pay({}, { prefer: 'wait=20' });
    expect(declined.body).toMatchObject({ status: 'declined', chargedAmount: 0, redoable: true });
    await kkm().terminals.behave('pax-1', {});
    expect((await kkm().redo(declined.body.id)).status).toBe(200);
    const payment = await kkm().until(declined.body.id, 'succeeded');
    expect(payment.attempts.map(({ number, status }) => ({ number, status }))).toEqual([
      { number: 1, status: 'declined' },
      { number: 2, status: 'approved' },
    ]);
    expect(payment.chargedAmount).toBe(15_000);
  });

  it('may be redone on another terminal with a lower amount, never with a higher one', async () => {
    await kkm().terminals.behave('pax-1', { auto: 'decline' });
    const { body } = await kkm().pay({}, { prefer: 'wait=20' });
    expect(await kkm().redo(body.id, { amount: 15_001 })).toMatchObject({ status: 422, body: { code: 'payment.amount_not_lower' } });
    expect((await kkm().redo(body.id, { amount: 10_000, terminalId: 'pax-2' })).status).toBe(200);
    expect(await kkm().until(body.id, 'succeeded')).toMatchObject({ chargedAmount: 10_000 });
  });

  it('cannot be redone once it is charged', async () => {
    const { body } = await kkm().pay({}, { prefer: 'wait=20' });
    expect(await kkm().redo(body.id)).toMatchObject({ status: 409, body: { code: 'payment.not_redoable' } });
  });

  it('lets exactly one of sixteen simultaneous redos win', async () => {
    await kkm().terminals.behave('pax-1', { auto: 'decline' });
    const { body } = await kkm().pay({}, { prefer: 'wait=20' });
    await kkm().terminals.behave('pax-1', {});
    const answers = await Promise.all(Array.from({ length: 16 }, () => kkm().redo(body.id)));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(answers.filter(({ status }) => status === 409)).toHaveLength(15);
    const payment = await kkm().until(body.id, 'succeeded');
    expect(payment.attempts).toHaveLength(2);
  });

  it('asks for the card again within the attempt after a failed read', async () => {
    await kkm().terminals.behave('pax-1', { faults: ['read_failures(2)'] });
    const { body } = await kkm().pay({}, { prefer: 'wait=30' });
    expect(body).toMatchObject({ status: 'succeeded', attempts: [{ number: 1, status: 'approved', readFailures: 2 }] });
  });

  it('fails with card_read_error after the third failed read, and can be redone', async () => {
    await kkm().terminals.behave('pax-1', { faults: ['read_failures(3)'] });
    const { body } = await kkm().pay({}, { prefer: 'wait=30' });
    expect(body).toMatchObject({ status: 'failed', redoable: true, attempts: [{ status: 'failed', reason: 'card_read_error', readFailures: 3 }] });
    await kkm().redo(body.id);
    expect((await kkm().until(body.id, 'succeeded')).attempts).toHaveLength(2);
  });

  it('fails without a permit on a terminal that cannot be reached, and can be redone elsewhere', async () => {
    const { siteId } = kkm().stack;
    const transport = { kind: 'tcp', mode: 'connect', host: '127.0.0.1', port: 9 };
    const created = await kkm().call('POST', '/v1/terminals', { body: { id: 'unplugged', siteId, name: 'Unplugged', driver: 'inpas-sa', transport } });
    expect(created.status).toBe(201);
    const { body } = await kkm().pay({ terminalId: 'unplugged' }, { prefer: 'wait=60' });
    expect(body).toMatchObject({ status: 'failed', redoable: true, attempts: [{ status: 'failed', reason: 'terminal_unreachable', grantedAt: null }] });
    expect((await kkm().redo(body.id, { terminalId: 'pax-1' })).status).toBe(200);
    expect(await kkm().until(body.id, 'succeeded')).toMatchObject({ chargedAmount: 15_000 });
  });
});
