import { Rejected, Unavailable } from '@kkm/core';
import { codeOf, GatewayPorts, sampleBank } from '../testing/gateway-ports';
import { CancelPayment } from './cancel-payment';
import { RedoPayment } from './redo-payment';
import type { RedoRequest } from './redo-payment';
import { TakePayment } from './take-payment';
import type { TakePaymentRequest } from './take-payment';

const request = (more: Partial<TakePaymentRequest> = {}): TakePaymentRequest => ({
  idempotencyKey: 'k-1',
  scope: null,
  siteId: 'club-1',
  orderId: 'o-1',
  amount: 15_000,
  currency: 'RUB',
  method: null,
  registerId: 'desk-1',
  terminalId: null,
  expiresInSeconds: 180,
  additional: false,
  metadata: {},
  asSent: { orderId: 'o-1' },
  ...more,
});
const redoRequest = (more: Partial<RedoRequest> = {}): RedoRequest => ({
  idempotencyKey: 'k-2',
  scope: null,
  paymentId: 'pay_1',
  method: null,
  terminalId: null,
  amount: null,
  expiresInSeconds: 180,
  asSent: {},
  ...more,
});

describe('TakePayment', () => {
  let ports: GatewayPorts;
  let take: TakePayment;
  beforeEach(() => {
    ports = new GatewayPorts();
    take = new TakePayment(ports);
  });

  it('opens on the terminal of the register, then publishes the command', async () => {
    const opened = await take.run(request());
    expect(opened).toBe(ports.opened);
    expect(ports.callNames).toEqual(['open', 'publish']);
    expect(ports.calls[0]?.request).toEqual({
      idempotency: { key: 'k-1', fingerprint: 'payments.open\n{"orderId":"o-1"}' },
      siteId: 'club-1',
      orderId: 'o-1',
      registerId: 'desk-1',
      terminalId: 'pax-1',
      amount: 15_000,
      currency: 'RUB',
      method: 'card',
      sbp: { by: 'bank_qr', windowSeconds: 180 },
      bank: sampleBank,
      expiresInSeconds: 180,
      additional: false,
      lateApproval: 'keep',
      metadata: {},
    });
  });

  it('publishes again for a replay that is still queued, and never for one that has begun', async () => {
    ports.opened = { ...ports.opened, replayed: true };
    await take.run(request());
    expect(ports.published).toHaveLength(1);
    ports.opened = { ...ports.opened, command: null };
    await take.run(request());
    expect(ports.published).toHaveLength(1);
  });

  it('publishes nothing when the ledger refuses', async () => {
    ports.failures.set('open', new Rejected('payment.order_busy'));
    expect(await codeOf(take.run(request()))).toBe('payment.order_busy');
    expect(ports.published).toEqual([]);
  });

  it('tells the caller to repeat when the command could not be published', async () => {
    ports.failures.set('publish', new Unavailable('broker.unavailable'));
    expect(await codeOf(take.run(request()))).toBe('broker.unavailable');
    ports.failures.clear();
    expect(await codeOf(take.run(request()))).toBe('none');
  });

  it('refuses a site the caller may not see before anything is asked', async () => {
    expect(await codeOf(take.run(request({ scope: ['club-2'] })))).toBe('auth.forbidden');
    expect(ports.calls).toEqual([]);
  });

  it('answers a repeat whose terminal is gone with what was opened then', async () => {
    ports.equipmentFound = { ...ports.equipmentFound, acquiring: null, terminal: null };
    expect(await codeOf(take.run(request()))).toBe('equipment.not_found');
    ports.earlier = { ...ports.opened, replayed: true };
    expect(await take.run(request())).toBe(ports.earlier);
    expect(ports.callNames).toEqual(['replay', 'replay', 'publish']);
    ports.failures.set('replay', new Rejected('idempotency.key_reused'));
    expect(await codeOf(take.run(request()))).toBe('idempotency.key_reused');
  });

  it('handles one request per key at a time, and lets others by', async () => {
    let release = (): void => undefined;
    ports.hold = new Promise((resolve) => (release = resolve));
    const first = take.run(request());
    expect(await codeOf(take.run(request()))).toBe('idempotency.in_progress');
    const other = take.run(request({ idempotencyKey: 'k-9' }));
    const otherSite = take.run(request({ siteId: 'club-2' }));
    release();
    await Promise.all([first, other, otherSite]);
    expect(await codeOf(take.run(request()))).toBe('none');
  });

  it('does not take two keys for one because of how they are joined', async () => {
    let release = (): void => undefined;
    ports.hold = new Promise((resolve) => (release = resolve));
    const both = [take.run(request({ siteId: 'a', idempotencyKey: 'b","c' })), take.run(request({ siteId: 'a","b', idempotencyKey: 'c' }))];
    release();
    expect(await Promise.all(both)).toHaveLength(2);
  });
});

describe('RedoPayment', () => {
  let ports: GatewayPorts;
  let redo: RedoPayment;
  beforeEach(() => {
    ports = new GatewayPorts();
    redo = new RedoPayment(ports);
  });

  it('opens a further attempt under the caller’s rights and publishes it', async () => {
    await redo.run(redoRequest({ scope: ['club-1'], amount: 100 }));
    expect(ports.callNames).toEqual(['read', 'redo', 'publish']);
    expect(ports.calls[1]?.request).toMatchObject({
      idempotency: { key: 'k-2', fingerprint: 'payments.redo pay_1\n{}' },
      scope: ['club-1'],
      paymentId: 'pay_1',
      amount: 100,
      terminalId: null,
      method: null,
      bank: sampleBank,
    });
  });

  it('sends nothing to a terminal that is gone or off, the payment’s own included', async () => {
    ports.equipmentFound = { ...ports.equipmentFound, acquiring: null, terminal: null };
    expect(await codeOf(redo.run(redoRequest()))).toBe('equipment.not_found');
    ports.equipmentFound = { ...ports.equipmentFound, acquiring: null, terminal: { terminalId: 'pax-1', enabled: false, sbp: { by: 'none' }, bank: null } };
    expect(await codeOf(redo.run(redoRequest()))).toBe('equipment.no_terminal');
    expect(ports.callNames).not.toContain('redo');
    ports.earlier = { ...ports.opened, replayed: true };
    expect(await redo.run(redoRequest())).toBe(ports.earlier);
  });

  it('tells the ledger how SBP is paid, and asks for none where the terminal takes none', async () => {
    await redo.run(redoRequest({ method: 'sbp_qr' }));
    expect(ports.calls[1]?.request).toMatchObject({ method: 'sbp_qr', sbp: { by: 'bank_qr', windowSeconds: 180 } });
    ports.equipmentFound = { ...ports.equipmentFound, acquiring: null, terminal: { terminalId: 'pax-1', enabled: true, sbp: { by: 'none' }, bank: null } };
    expect(await codeOf(redo.run(redoRequest({ method: 'sbp_qr' })))).toBe('sbp.not_offered');
    ports.opened = { ...ports.opened, payment: { ...ports.opened.payment, method: 'sbp_qr' } };
    expect(await codeOf(redo.run(redoRequest()))).toBe('sbp.not_offered');
    ports.earlier = { ...ports.opened, replayed: true };
    expect(await redo.run(redoRequest())).toBe(ports.earlier);
    expect(ports.callNames.filter((name) => name === 'redo')).toHaveLength(1);
  });

  it('leaves the judgement to the ledger', async () => {
    ports.failures.set('redo', new Rejected('payment.not_redoable'));
    expect(await codeOf(redo.run(redoRequest()))).toBe('payment.not_redoable');
    ports.failures.set('read', new Rejected('payment.not_found'));
    expect(await codeOf(redo.run(redoRequest()))).toBe('payment.not_found');
    expect(ports.published).toEqual([]);
  });

  it('handles one redo per key at a time', async () => {
    const both = await Promise.allSettled([redo.run(redoRequest()), redo.run(redoRequest())]);
    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  });
});

describe('CancelPayment', () => {
  it('records first, and hints only while a terminal is driven', async () => {
    const ports = new GatewayPorts();
    const cancel = new CancelPayment(ports);
    expect(await cancel.run({ scope: null, paymentId: 'pay_1' })).toBe(ports.opened.payment);
    expect(ports.hints).toEqual([]);
    ports.driving = { siteId: 'club-1', terminalId: 'pax-1', attemptId: 'att_1' };
    await cancel.run({ scope: null, paymentId: 'pay_1' });
    expect(ports.hints).toEqual([{ terminalId: 'pax-1', hint: { kind: 'cancel', attemptId: 'att_1' } }]);
    ports.failures.set('cancel', new Rejected('payment.not_cancellable'));
    expect(await codeOf(cancel.run({ scope: null, paymentId: 'pay_1' }))).toBe('payment.not_cancellable');
    expect(ports.hints).toHaveLength(1);
  });
});
