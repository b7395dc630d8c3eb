import type { ComparedCertification, Problem } from '@kkm/contracts';
import { check } from '@kkm/core';
import { describeWith, eventually } from '@kkm/testkit';
import { GatewayUnderTest } from '../testing/gateway-under-test';

describeWith(['broker', 'database'], 'certifications over HTTP', () => {
  let gateway: GatewayUnderTest;
  const path = '/v1/terminals/pax-1/certifications';
  const plan = { payments: 2, methods: ['card', 'sbp_qr'], link: 'lan' };
  const until = (id: string, fits: (run: ComparedCertification) => boolean): Promise<ComparedCertification> =>
    eventually(async () => {
      const { body } = await gateway.ask<ComparedCertification>('GET', `${path}/${id}`);
      check(fits(body), `the certification is not there yet: ${JSON.stringify(body)}`);
      return body;
    });

  beforeAll(async () => {
    gateway = await GatewayUnderTest.start();
    await gateway.seed('club-1');
  });
  afterAll(() => gateway.stop());
  beforeEach(() => gateway.ledger.standings.clear());

  it('are begun, followed, ended and kept', async () => {
    const { status, headers, body } = await gateway.ask<ComparedCertification>('POST', path, { body: plan });
    expect([status, headers.get('location')]).toEqual([201, `${path}/${body.id}`]);
    expect(body).toMatchObject({
      state: 'running',
      amount: 100,
      currency: 'RUB',
      cablePull: false,
      results: [],
      grade: null,
      figures: null,
      money: null,
      earlier: [],
    });
    const { paymentId } = await gateway.nextCommand('club-1', 'pax-1');
    expect(gateway.ledger.payments.get(paymentId)).toMatchObject({ purpose: 'test', amount: 100, method: 'card', metadata: { certificationId: body.id } });
    expect((await until(body.id, ({ prompt }) => prompt !== null)).prompt).toEqual({ number: null, kind: 'tap_card' });
    expect((await gateway.ask<Problem>('POST', path, { body: plan })).body.code).toBe('certification.running');
    expect((await gateway.ask<Problem>('POST', `${path}/${body.id}/prompts/1`)).body.code).toBe('certification.not_asked');
    expect((await gateway.ask<ComparedCertification>('POST', `${path}/${body.id}/stop`, { body: {} })).body.stopping).toBe(true);
    await gateway.ledger.end(paymentId, 'cancelled', 'cancelled');
    const ended = await until(body.id, ({ state }) => state !== 'running');
    expect(ended).toMatchObject({
      state: 'stopped',
      grade: null,
      results: [{ paymentId, status: 'cancelled', charged: 0 }],
      money: { charged: 0, notReturned: [] },
    });
    const page = await gateway.ask<{ certifications: { id: string }[]; next: null }>('GET', `${path}?limit=1`);
    expect([page.body.certifications.map(({ id }) => id), page.body.next]).toEqual([[body.id], null]);
  });

  it('are refused while a payment holds the terminal, and what makes no sense', async () => {
    const code = async (body: object, at = path) => (await gateway.ask<Problem>('POST', at, { body })).body.code;
    gateway.ledger.standings.set('pax-1', { occupantAttemptId: 'att_1', inDoubt: false });
    expect(await code(plan)).toBe('equipment.terminal_busy');
    gateway.ledger.standings.set('pax-1', { occupantAttemptId: 'att_1', inDoubt: true });
    expect(await code(plan)).toBe('terminal.in_doubt');
    for (const wrong of [{ payments: 0 }, { payments: 101 }, { link: 'wifi' }, { methods: [] }])
      expect(await code({ ...plan, ...wrong })).toBe('request.invalid');
    expect(await code(plan, '/v1/terminals/pax-9/certifications')).toBe('equipment.not_found');
    expect((await gateway.ask<Problem>('GET', `${path}/crt_nobody`)).body.code).toBe('certification.not_found');
  });
});
