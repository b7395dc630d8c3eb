import { saleFaults } from '../plan/sale-faults';
import { grantedOf, strikeOf } from '../testing/made-up';
import { faultHits, missed, strikeHits } from './hits';

const rowOf = (strikes: Parameters<typeof strikeHits>[0], attempts: Parameters<typeof strikeHits>[1]) =>
  strikeHits(strikes, attempts, 300).find(({ what }) => what === 'cut-terminal-link');

describe('the count of hits', () => {
  it.each([
    ['between permit and outcome', grantedOf(), 1, 0],
    ['before the permit', grantedOf({ grantedAtMs: 1_501 }), 0, 0],
    ['after the outcome', grantedOf({ finishedAtMs: 1_500 }), 0, 0],
    ['while the outcome is not known to this day', grantedOf({ finishedAtMs: null }), 1, 0],
    ['while the attempt was in doubt', grantedOf({ inDoubtAtMs: 1_400 }), 0, 1],
    ['on another terminal', grantedOf({ terminalId: 'pax-2' }), 0, 0],
  ])('judges a strike %s', (_, attempt, live, duringRecovery) => {
    expect(rowOf([strikeOf()], [attempt])).toMatchObject({ done: 1, live, duringRecovery, required: 5 });
  });

  it('counts a strike once however many payments it hit', () => {
    expect(rowOf([strikeOf()], [grantedOf(), grantedOf({ attemptId: 'att_2' })])).toMatchObject({ done: 1, live: 1 });
  });

  it('lists every kind of strike and every fault, also those that never came', () => {
    expect(missed(strikeHits([], [], 300))).toHaveLength(12);
    expect(missed(faultHits([], 300))).toHaveLength(saleFaults.length);
  });

  it('counts a fault only when it fired', () => {
    const shown = [true, true, false].map((fired) => ({ fault: 'silent' as const, fired }));
    expect(faultHits(shown, 12).find(({ what }) => what === 'silent')).toMatchObject({ done: 3, live: 2, required: 1 });
  });
});
