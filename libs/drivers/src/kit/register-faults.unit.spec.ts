import { parseRegisterFault, RegisterFaults } from './register-faults';

describe('faults of the fiscal register', () => {
  it('are read by name and number', () => {
    expect(parseRegisterFault('lose_answer')).toEqual({ name: 'lose_answer', value: 1 });
    expect(parseRegisterFault(' down(3) ')).toEqual({ name: 'down', value: 3 });
    for (const wrong of ['lose_answer(2)', 'down', 'down(0)', 'down(1001)', 'slow(99999)', 'constructor', 'nonsense', '']) {
      expect(typeof parseRegisterFault(wrong)).toBe('string');
    }
  });

  it('fire once, and those that count requests as often as they say', () => {
    const faults = new RegisterFaults();
    faults.set([
      { name: 'down', value: 2 },
      { name: 'slow', value: 300 },
      { name: 'out_of_paper', value: 1 },
    ]);
    expect([faults.fires('down'), faults.fires('down'), faults.fires('down')]).toEqual([true, true, false]);
    expect([faults.take('slow'), faults.take('slow')]).toEqual([300, null]);
    expect([faults.has('out_of_paper'), faults.has('forget')]).toEqual([true, false]);
    faults.set([]);
    expect(faults.has('out_of_paper')).toBe(false);
  });
});
