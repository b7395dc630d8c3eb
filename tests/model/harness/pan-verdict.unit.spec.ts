import { panVerdict } from './pan-verdict';

/** The end of a report of pan, spin 6.5.2. */
const report = (errors: number, ...lines: readonly string[]): string =>
  [...lines, 'Full statespace search for:', `State-vector 116 byte, depth reached 312, errors: ${errors}`, '  3972733 states, stored', ''].join('\n');

describe('the verdict of a search', () => {
  it('holds after a full search without an error', () => {
    expect(panVerdict(report(0))).toEqual({ kind: 'holds', states: 3_972_733 });
  });

  it('is a counter-example that names what was violated', () => {
    expect(panVerdict(report(1, 'pan:1: assertion violated (booked<=1) (at depth 65)', 'Warning: Search not completed'))).toMatchObject({
      kind: 'counter-example',
      what: 'assertion violated',
    });
    expect(panVerdict(report(1, 'pan:1: non-progress cycle (at depth 9)'))).toMatchObject({ what: 'non-progress cycle' });
  });

  it.each(['error: max search depth too small', 'pan: out of memory', 'pan: reached -DMEMLIM bound', 'Warning: Search not completed'])(
    'is no proof when pan says "%s", even without errors',
    (line) => {
      expect(panVerdict(report(0, line)).kind).toBe('cut-short');
    },
  );

  it('is no proof when the search was not full, or the report breaks off', () => {
    expect(panVerdict(report(0).replace('Full statespace', 'Bit statespace')).kind).toBe('cut-short');
    expect(panVerdict(report(0).replace('Full statespace', 'Some')).kind).toBe('cut-short');
    expect(panVerdict('Depth= 280 States= 1e+06').kind).toBe('cut-short');
    expect(panVerdict(report(1)).kind).toBe('cut-short');
  });
});
