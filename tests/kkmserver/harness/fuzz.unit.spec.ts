import { drawBodies } from './hostile-bodies';
import { wantedCharges } from './wanted-charges';

const bytesOf = (...values: readonly unknown[]): readonly Uint8Array[] => values.map((value) => new TextEncoder().encode(JSON.stringify(value)));
const check = { Command: 'RegisterCheck', IsFiscalCheck: true, ElectronicPayment: 12.5 };

describe('the bodies of the fuzz test', () => {
  it('are the same for the same seed, and others for another', () => {
    const draw = (seed: number) => JSON.stringify(drawBodies({ seed, count: 50, units: [0, 1] }).map(({ bytes, path }) => [path, [...bytes]]));
    expect(draw(1)).toBe(draw(1));
    expect(draw(1)).not.toBe(draw(2));
  });

  it('hold commands that charge, and many more that must not', () => {
    const bodies = drawBodies({ seed: 1, count: 2_000, units: [0] });
    const wanted = [...wantedCharges(bodies.map(({ bytes }) => bytes)).values()].reduce((sum, count) => sum + count, 0);
    expect(wanted).toBeGreaterThan(50);
    expect(wanted).toBeLessThan(400);
  });
});

describe('what bodies ask to charge', () => {
  it('is counted by amount', () => {
    const pay = { Command: 'PayByPaymentCard', Amount: 12.5 };
    const wanted = wantedCharges(bytesOf(pay, { command: 'PAYBYPAYMENTCARD', amount: '12.50' }, check, { ...check, IsFiscalCheck: 'true', TypeCheck: '0' }));
    expect([...wanted]).toEqual([[1_250, 4]]);
  });

  it.each<[string, unknown]>([
    ['another command', { Command: 'List', Amount: 12.5 }],
    ['a third decimal', { Command: 'PayByPaymentCard', Amount: 12.505 }],
    ['an amount of nothing', { Command: 'PayByPaymentCard', Amount: 0 }],
    ['an amount in another form', { Command: 'PayByPaymentCard', Amount: '1e3' }],
    ['a check that is not fiscal', { ...check, IsFiscalCheck: false }],
    ['a check that forbids acquiring', { ...check, PayByProcessing: 'False' }],
    ['a return', { ...check, TypeCheck: 1 }],
    ['no object', ['PayByPaymentCard', 12.5]],
  ])('is nothing for %s', (_title, body) => {
    expect([...wantedCharges(bytesOf(body))]).toEqual([]);
  });

  it('is nothing for bytes that are no UTF-8', () => {
    expect([...wantedCharges([Uint8Array.from([0xff, ...(bytesOf({ Command: 'PayByPaymentCard', Amount: 1 })[0] ?? [])])])]).toEqual([]);
  });
});
