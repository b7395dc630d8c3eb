import { allRounds, victimOf } from './rounds';
import type { Round } from './rounds';

/**
 * Every crash point once; who is killed, the way there, the answers and redelivery in pairs: what two of these the matrix brings together, the sample does, too, as
 * far as one round a point goes. Of rounds that would do as well the quicker is taken.
 */
export function sampleRounds(): readonly Round[] {
  const points = new Map<string, Round[]>();
  for (const round of allRounds()) points.set(round.point, [...(points.get(round.point) ?? []), round]);
  const seen = new Set<string>();
  return [...points.values()].flatMap((rounds) => {
    const [best] = rounds.toSorted((one, two) => countNew(two, seen) - countNew(one, seen) || waits(one) - waits(two));
    for (const pair of best ? pairsOf(best) : []) seen.add(pair);
    return best ?? [];
  });
}

/** What a round brings together, two by two; and whether it is another worker that goes on, on each of a worker's ways. */
export function pairsOf({ point, way, redelivered, answers }: Round): readonly string[] {
  const victim = victimOf(point);
  const again = redelivered ? 'redelivered' : 'not redelivered';
  const pairs = [`${victim}, ${way}`, `${victim}, ${again}`, `${way}, ${again}`, ...(victim === 'worker' ? [`${victim}, ${way}, ${again}`] : [])];
  return [...pairs, ...[victim, way, again].flatMap((factor) => answers.map((answer) => `${factor}, ${answer}`))];
}

function countNew(round: Round, seen: ReadonlySet<string>): number {
  return pairsOf(round).filter((pair) => !seen.has(pair)).length;
}

/** Where nobody asks again, everybody must first have given the dead up. */
function waits({ redelivered }: Round): number {
  return redelivered ? 0 : 1;
}
