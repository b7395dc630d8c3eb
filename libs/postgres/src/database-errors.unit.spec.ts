import { Unavailable } from '@kkm/core';
import { asksForRepeat, isDatabaseLost, mapDatabaseError, violatedConstraint } from './database-errors';

describe('errors of the database', () => {
  it.each([
    [{ code: 'ECONNREFUSED' }],
    [{ code: '57P01' }],
    [{ code: '08006' }],
    [{ code: '53300' }],
    [{ code: '57014' }],
    [new Error('Connection terminated unexpectedly')],
    [new AggregateError([Object.assign(new Error('refused'), { code: 'ECONNREFUSED' })])],
  ])('calls %j a loss of the database', (error) => {
    expect(isDatabaseLost(error)).toBe(true);
    const mapped = mapDatabaseError(error, 'settings.unavailable');
    expect(mapped).toBeInstanceOf(Unavailable);
    expect(mapped).toMatchObject({ code: 'settings.unavailable', cause: error });
  });

  it.each([[{ code: '23505', constraint: 'one' }], [{ code: '42601' }], [new Error('a bug')], [null]])('leaves %j as it is', (error) => {
    expect(isDatabaseLost(error)).toBe(false);
    expect(mapDatabaseError(error, 'ledger.unavailable')).toBe(error);
  });

  it('names the constraint that refused a statement', () => {
    expect(violatedConstraint({ code: '23505', constraint: 'one_live_sale_per_payment' })).toBe('one_live_sale_per_payment');
    expect(violatedConstraint({ code: '40001', constraint: 'x' })).toBeNull();
    expect(violatedConstraint({ code: '23502' })).toBeNull();
  });

  it('asks for a repeat after a deadlock and a serialization failure', () => {
    expect([{ code: '40P01' }, { code: '40001' }, { code: '23505' }].map(asksForRepeat)).toEqual([true, true, false]);
  });
});
