import { Rejected } from '@kkm/core';
import { defaultBehaviour } from '@kkm/drivers/terminals';
import { readAttendant, readBehaviour, readCustomer } from './control-input';

function faultsOf(read: () => unknown): readonly string[] {
  try {
    read();
  } catch (error) {
    if (error instanceof Rejected) return (error.members['errors'] as { pointer: string }[]).map(({ pointer }) => pointer).sort();
    throw error;
  }
  return [];
}

describe('readBehaviour', () => {
  it('takes what the design lists', () => {
    const body = { auto: 'none', delayMs: 50, faults: ['read_failures(2)', 'silent'], sticky: true };
    expect(readBehaviour(body, defaultBehaviour)).toEqual({
      ...defaultBehaviour,
      auto: 'none',
      delayMs: 50,
      sticky: true,
      faults: [
        { name: 'read_failures', value: 2 },
        { name: 'silent', value: 0 },
      ],
    });
  });

  it('puts defaults for what is left out, but keeps personality and reversal', () => {
    const present = { ...defaultBehaviour, auto: 'none', delayMs: 9, sticky: true, personality: 'fields', reversal: 'er3' } as const;
    expect(readBehaviour({}, present)).toEqual({ ...defaultBehaviour, personality: 'fields', reversal: 'er3' });
    expect(readBehaviour({ personality: 'plain', reversal: 'works' }, present)).toEqual(defaultBehaviour);
    expect(readBehaviour(undefined, defaultBehaviour)).toEqual(defaultBehaviour);
  });

  it('names every fault', () => {
    const body = { auto: 'yes', delayMs: -1, faults: ['silent', 'nonsense'], sticky: 'no', personality: 'kind' };
    expect(faultsOf(() => readBehaviour(body, defaultBehaviour))).toEqual(['#/auto', '#/delayMs', '#/faults/1', '#/personality', '#/sticky']);
    expect(faultsOf(() => readBehaviour({ delay: 1 }, defaultBehaviour))).toEqual(['#/']);
    expect(faultsOf(() => readBehaviour('approve', defaultBehaviour))).toEqual(['#/']);
  });
});

describe('readCustomer', () => {
  it('takes a good card unless told otherwise', () => {
    expect(readCustomer({ action: 'tap' })).toEqual({ action: 'tap', card: 'ok' });
    expect(readCustomer({ action: 'insert', card: 'wrong_pin' })).toEqual({ action: 'insert', card: 'wrong_pin' });
  });

  it('names every fault', () => {
    expect(faultsOf(() => readCustomer({ action: 'run', card: 'gold' }))).toEqual(['#/action', '#/card']);
    expect(faultsOf(() => readCustomer(null))).toEqual(['#/action']);
  });
});

describe('readAttendant', () => {
  it('takes a payment keyed in by hand, and a settlement', () => {
    expect(readAttendant({ action: 'sale', amount: 500 })).toEqual({ kind: 'attendant', action: { kind: 'sale', amountMinor: 500 } });
    expect(readAttendant({ action: 'settle' })).toEqual({ kind: 'attendant', action: { kind: 'settle' } });
    expect(['pull_cable', 'plug_in', 'restart'].map((action) => readAttendant({ action }))).toEqual([
      { kind: 'cable', plugged: false },
      { kind: 'cable', plugged: true },
      { kind: 'restart' },
    ]);
  });

  it('names every fault', () => {
    expect(faultsOf(() => readAttendant({ action: 'sale', amount: 0 }))).toEqual(['#/amount']);
    expect(faultsOf(() => readAttendant({ action: 'refund' }))).toEqual(['#/action']);
  });
});
