import { characters, drawTroubles, seededRandom } from './characters';
import type { Character, SpoiltOperation } from './characters';

describe('a terminal’s character', () => {
  const drawn = (character: Character, operation: SpoiltOperation, seed = 7) => {
    const random = seededRandom(seed);
    return Array.from({ length: 1_000 }, () =>
      drawTroubles(character, operation, random)
        .map(({ name }) => name)
        .join(),
    );
  };
  const share = (names: readonly string[], name: string): number => names.filter((one) => one === name).length / names.length;

  it('is troubled as often as it says, in the operations it spoils', () => {
    expect(share(drawn('bad_reader', 'sale'), 'read_failures')).toBeCloseTo(0.25, 1);
    expect(share(drawn('loses_answers', 'return'), 'drop_after_approval')).toBeCloseTo(0.25, 1);
    expect([share(drawn('slow_bank', 'sale'), 'slow_bank'), share(drawn('slow_bank', 'return'), '')]).toEqual([1, 1]);
    for (const operation of ['sale', 'return', 'qr'] as const) expect(share(drawn('good_lan', operation), '')).toBe(1);
  });

  it('is the same for the same seed, and another for another', () => {
    for (const character of characters) expect(drawn(character, 'sale')).toEqual(drawn(character, 'sale'));
    expect(drawn('freezes', 'sale', 1)).not.toEqual(drawn('freezes', 'sale', 2));
  });
});
