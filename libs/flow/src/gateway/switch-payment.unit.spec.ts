import { Rejected } from '@kkm/core';
import { codeOf, GatewayPorts } from '../testing/gateway-ports';
import { SwitchPayment } from './switch-payment';

describe('SwitchPayment', () => {
  const request = { scope: null, paymentId: 'pay_1', method: 'sbp_qr' } as const;
  let ports: GatewayPorts;
  let change: SwitchPayment;
  beforeEach(() => {
    ports = new GatewayPorts();
    change = new SwitchPayment(ports);
  });

  it('tells the ledger how SBP is paid at the payment’s terminal', async () => {
    expect(await change.run(request)).toBe(ports.opened.payment);
    expect(ports.calls.at(-1)).toEqual({ name: 'switch', request: { ...request, sbp: { by: 'bank_qr', windowSeconds: 180 } } });
    expect(ports.hints).toEqual([]);
  });

  it('hints whoever drives the running attempt', async () => {
    ports.driving = { siteId: 'club-1', terminalId: 'pax-1', attemptId: 'att_1' };
    await change.run(request);
    expect(ports.hints).toEqual([{ terminalId: 'pax-1', hint: { kind: 'cancel', attemptId: 'att_1' } }]);
  });

  it('does not ask the ledger for SBP at a terminal that takes none; the card is always to be had', async () => {
    ports.equipmentFound = { ...ports.equipmentFound, terminal: { terminalId: 'pax-1', enabled: true, sbp: { by: 'none' }, bank: null } };
    expect(await codeOf(change.run(request))).toBe('sbp.not_offered');
    expect(ports.callNames).toEqual(['read']);
    expect(await codeOf(change.run({ ...request, method: 'card' }))).toBe('none');
  });

  it('refuses where the terminal is gone or the ledger does', async () => {
    ports.failures.set('switch', new Rejected('payment.not_switchable'));
    expect(await codeOf(change.run(request))).toBe('payment.not_switchable');
    ports.failures.clear();
    ports.equipmentFound = { ...ports.equipmentFound, terminal: null };
    expect(await codeOf(change.run(request))).toBe('payment.not_switchable');
  });
});
