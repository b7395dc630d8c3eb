import type { Payment, Verdict } from '@kkm/core';
import { eventually } from '@kkm/testkit';
import { describeKkm } from './harness/describe-kkm';

describeKkm('what people decide', { suite: 'people', terminals: 4 }, (kkm) => {
  const verdictOf = async (id: string): Promise<Verdict> => (await kkm().call<Verdict>('GET', `/v1/payments/${id}/verdict`)).body;
  const resolve = (id: string, body: object) => kkm().call<Payment>('POST', `/v1/payments/${id}/resolution`, { body });

  it('a terminal that falls silent leaves a doubt, which a person ends: the bill is paid at another terminal', async () => {
    await kkm().terminals.behave('pax-1', { auto: 'none', faults: ['unplug(600000)'] });
    const { body } = await kkm().pay({ amount: 2_100 });
    await kkm().until(body.id, 'in_doubt', 60_000);
    expect(await verdictOf(body.id)).toMatchObject({ verdict: 'being_resolved', reasons: ['in_doubt'], evidence: [{ kind: 'answer' }] });
    expect(await kkm().redo(body.id, { terminalId: 'pax-2' })).toMatchObject({ status: 409, body: { code: 'payment.not_redoable' } });
    expect(await resolve(body.id, { charged: false, evidence: 'The guest’s bank shows nothing.' })).toMatchObject({
      status: 200,
      body: { status: 'failed', redoable: true, attempts: [{ resolvedBy: { charged: false, terminal: 'awaited', by: { kind: 'api_key' } } }] },
    });
    expect((await verdictOf(body.id)).verdict).toBe('being_resolved');
    expect((await kkm().redo(body.id, { terminalId: 'pax-2' })).status).toBe(200);
    expect(await kkm().until(body.id, 'succeeded')).toMatchObject({ chargedAmount: 2_100, attempts: [{ status: 'failed' }, { status: 'approved' }] });
    const verdict = await verdictOf(body.id);
    expect([verdict.verdict, verdict.chargedAmount]).toEqual(['charged', 2_100]);
    expect(verdict.evidence.map(({ kind }) => kind)).toEqual(expect.arrayContaining(['answer', 'person']));
  });

  it('a terminal that comes back and contradicts the person is a conflict; what the guest paid twice is given back', async () => {
    await kkm().terminals.behave('pax-4', { faults: ['unplug(40000)'] });
    const { body } = await kkm().pay({ terminalId: 'pax-4', amount: 2_200 });
    await kkm().until(body.id, 'in_doubt', 60_000);
    await resolve(body.id, { charged: false, evidence: 'No slip was printed.' });
    await kkm().redo(body.id, { terminalId: 'pax-2' });
    await kkm().until(body.id, 'succeeded');
    const payment = await eventually(async () => {
      const read = await kkm().read(body.id);
      expect(read.surfaced).toMatchObject([{ attemptId: body.attempts[0]?.id, amount: 2_200, disposition: 'returned' }]);
      return read;
    }, 150_000);
    expect(payment.attempts[0]).toMatchObject({ status: 'failed', resolvedBy: { charged: false, terminal: 'contradicted' } });
    expect(payment.conflicts).toMatchObject([{ person: { evidence: 'No slip was printed.' }, terminal: { charged: true, chargedAmount: 2_200 } }]);
    const { verdict, reasons, evidence } = await verdictOf(body.id);
    expect([verdict, reasons]).toEqual(['charged', ['charge_kept', 'returned_in_part', 'conflict']]);
    expect(evidence.filter(({ rrn }) => rrn === payment.surfaced[0]?.rrn).map(({ kind }) => kind)).toContain('last-result');
  });

  it('a bill that was paid otherwise is closed and redone no more', async () => {
    await kkm().terminals.behave('pax-3', { auto: 'decline' });
    const { body } = await kkm().pay({ terminalId: 'pax-3', amount: 2_300 });
    await kkm().until(body.id, 'declined');
    expect((await verdictOf(body.id)).text).toEqual({ en: 'The guest was not charged.', ru: 'Деньги с гостя не списаны.' });
    expect((await kkm().call<Payment>('POST', `/v1/payments/${body.id}/close`)).body).toMatchObject({ redoable: false, closedAt: expect.any(String) });
    expect(await kkm().redo(body.id)).toMatchObject({ status: 409, body: { code: 'payment.closed' } });
  });
});
