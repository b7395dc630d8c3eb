import { controlHint, paymentCommand, siteEquipment } from './worker-messages';

const command = {
  attemptId: 'att_1',
  paymentId: 'pay_1',
  siteId: 'club-1',
  terminalId: 'pax-1',
  operation: 'sale',
  method: 'card',
  amount: 15_000,
  currency: 'RUB',
  expiresAt: '2026-11-23T12:00:00.000Z',
  original: null,
};
const terminal = {
  terminalId: 'pax-1',
  siteId: 'club-1',
  name: 'Касса у входа',
  driver: 'inpas-sa',
  transport: { kind: 'tcp', mode: 'connect', host: '10.0.0.7', port: 5201 },
  profile: { abort: 'eot' },
  readAttemptsMax: 3,
  enabled: true,
  revision: 7,
};

describe('what enters a worker', () => {
  it('takes a command as it is published', () => {
    expect(paymentCommand.parse(command)).toEqual(command);
    const refund = { ...command, operation: 'refund', original: { attemptId: 'att_0', rrn: '828913349373', authorisationCode: null } };
    expect(paymentCommand.parse(refund)).toEqual(refund);
  });

  it.each([
    ['an amount of nothing', { amount: 0 }],
    ['a broken amount', { amount: 0.5 }],
    ['an amount a terminal cannot show', { amount: 100_000_000 }],
    ['another currency', { currency: 'USD' }],
    ['an operation that is no money', { operation: 'settle' }],
    ['an id that would break a queue name', { terminalId: 'pax 1' }],
    ['a member nobody knows', { force: true }],
    ['no expiry', { expiresAt: undefined }],
  ])('refuses a command with %s', (_what, change) => {
    expect(paymentCommand.safeParse({ ...command, ...change }).success).toBe(false);
  });

  it('takes the hints there are and no other', () => {
    expect(controlHint.safeParse({ kind: 'cancel', attemptId: 'att_1' }).success).toBe(true);
    expect(controlHint.safeParse({ kind: 'settings-changed', revision: 3 }).success).toBe(true);
    expect(controlHint.safeParse({ kind: 'approve', attemptId: 'att_1' }).success).toBe(false);
  });

  it('takes a site’s terminals, or that nothing changed', () => {
    expect(siteEquipment.parse({ revision: 7, terminals: [terminal] })).toEqual({ revision: 7, terminals: [terminal] });
    expect(siteEquipment.parse({ revision: 7, terminals: null }).terminals).toBeNull();
    expect(siteEquipment.safeParse({ revision: 7, terminals: [{ ...terminal, readAttemptsMax: 0 }] }).success).toBe(false);
  });
});
