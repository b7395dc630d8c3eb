import { crashPoints } from '@kkm/crash-points';
import { answers, guests } from './answers';
import { allRounds, sampleRounds, titleOf } from './rounds';

const points = Object.keys(crashPoints).sort();
const pairs = (rounds: ReturnType<typeof allRounds>): Set<string> =>
  new Set(rounds.flatMap(({ answers: some, redelivered }) => some.map((answer) => `${answer}, ${String(redelivered)}`)));

describe('the crash matrix', () => {
  it('reaches every crash point, redelivered and not', () => {
    const reached = (redelivered: boolean): string[] => [...new Set(allRounds().flatMap((round) => (round.redelivered === redelivered ? [round.point] : [])))];
    expect(reached(true).sort()).toEqual(points);
    expect(reached(false).sort()).toEqual(points);
  });

  it('has every point in its sample, and every answer redelivered and not', () => {
    expect(
      sampleRounds()
        .map(({ point }) => point)
        .sort(),
    ).toEqual(points);
    expect(pairs(sampleRounds()).size).toBe((answers.length + guests.length) * 2);
  });

  it('has a name of its own for every round', () => {
    const titles = allRounds().map(titleOf);
    expect(new Set(titles).size).toBe(titles.length);
  });
});
