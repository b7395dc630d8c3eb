import { countedFaults, formatFault, parseFault, plainFaults } from './faults';

describe('parseFault', () => {
  it('reads every fault of the design, and writes it the same', () => {
    const all = [...plainFaults, ...Object.keys(countedFaults).map((name) => `${name}(1)`)];
    expect(all).toHaveLength(20);
    for (const text of all) {
      const fault = parseFault(text);
      expect(typeof fault === 'string' ? fault : formatFault(fault)).toBe(text);
    }
  });

  it.each([
    ['nonsense', 'There is no fault "nonsense"'],
    ['silent(3)', 'silent takes no number.'],
    ['read_failures', 'read_failures needs a number'],
    ['read_failures(0)', 'The number of read_failures is 1 to 100.'],
    ['read_failures(101)', 'The number of read_failures is 1 to 100.'],
    ['slow_bank(-5)', 'There is no fault'],
    ['constructor', 'There is no fault'],
    ['', 'There is no fault'],
  ])('says what is wrong with "%s"', (text, words) => {
    expect(parseFault(text)).toContain(words);
  });
});
