import { crashPoints } from '@kkm/crash-points';
import { allRounds, titleOf } from './rounds';
import type { Round } from './rounds';
import { pairsOf, sampleRounds } from './sample';

const points = Object.keys(crashPoints).sort();

/** Which answers are met by which ways, and whether redelivered; who is killed with what follows. */
const metIn = (rounds: readonly Round[]): readonly string[] => {
  const alone = ['contradict, not redelivered', 'abandon, not redelivered']; // One point is too few for both, or the other way there tells more.
  return [...new Set(rounds.flatMap(pairsOf))].filter((pair) => !alone.includes(pair)).sort();
};

describe('the crash matrix', () => {
  it('reaches every crash point, redelivered and not', () => {
    const reached = (redelivered: boolean): string[] => [...new Set(allRounds().flatMap((round) => (round.redelivered === redelivered ? [round.point] : [])))];
    expect(reached(true).sort()).toEqual(points);
    expect(reached(false).sort()).toEqual(points);
  });

  it('has every point in its sample, once', () => {
    const sampled = sampleRounds().map(({ point }) => point);
    expect(sampled.sort()).toEqual(points);
  });

  it('has in its sample every answer by every way, redelivered and not', () => {
    expect(metIn(sampleRounds())).toEqual(metIn(allRounds()));
  });

  it('has a name of its own for every round', () => {
    const titles = allRounds().map(titleOf);
    expect(new Set(titles).size).toBe(titles.length);
  });
});
