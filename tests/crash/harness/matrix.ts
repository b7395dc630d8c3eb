import { Lane } from './lane';
import { titleOf, victimOf } from './rounds';
import type { Round } from './rounds';
import { runRound } from './run-round';
import type { RoundReport } from './run-round';

/** How many lanes run side by side: each is a whole KKM, and two cores are busy with six. */
const lanesMax = 6;

interface Awaited {
  readonly promise: Promise<RoundReport>;
  readonly resolve: (report: RoundReport) => void;
}

/** Runs rounds on lanes side by side. A lane on which a round went wrong is given up for a fresh one: what is stuck there must not colour the next. */
export class Matrix {
  private readonly waiting: Round[];
  private readonly awaited = new Map<Round, Awaited>();
  private readonly running: Promise<unknown>;
  private starting: Promise<unknown> = Promise.resolve();
  private stopped = false;

  constructor(rounds: readonly Round[]) {
    this.waiting = rounds.toSorted((one, two) => Number(isSlow(two)) - Number(isSlow(one)));
    for (const round of rounds) this.awaited.set(round, newAwaited());
    this.running = Promise.all(lanesFor(rounds).map((workers, index) => this.runLane(`lane-${index + 1}`, workers)));
  }

  /** What came of a round. */
  reportOf(round: Round): Promise<RoundReport> {
    const awaited = this.awaited.get(round);
    if (!awaited) throw new Error(`${titleOf(round)} is not run.`);
    return awaited.promise;
  }

  /** Ends after the rounds at work, and removes every lane. */
  async end(): Promise<void> {
    this.stopped = true;
    await this.running;
  }

  private async runLane(name: string, workers: number): Promise<void> {
    let lane: Lane | null = null;
    let started = 0;
    for (let round = this.next(workers); round; round = this.next(workers)) {
      try {
        lane ??= await this.startLane(`${name}-${(started += 1)}`, workers); // A lane given up leaves its logs.
        const report = await runRound(lane, round);
        this.tell(report);
        if (report.faults.length > 0 || lane.isWorn) lane = await this.giveUp(lane);
      } catch (error) {
        this.tell({ round, arrived: 0, cells: [], faults: [String(error)], tookMs: 0 });
        lane = await this.giveUp(lane);
      }
    }
    await lane?.remove();
  }

  /** One after the other: twenty services that start at once on two cores all take longer than anybody waits for one. */
  private startLane(name: string, workers: number): Promise<Lane> {
    const starting = this.starting.then(() => Lane.start(name, workers));
    this.starting = starting.catch(() => undefined);
    return starting;
  }

  private tell(report: RoundReport): void {
    this.awaited.get(report.round)?.resolve(report);
  }

  private async giveUp(lane: Lane | null): Promise<null> {
    await lane?.remove().catch(() => undefined); // Its servers end with the test run.
    return null;
  }

  /** The next round that a lane with so many workers can run; those that only it can run come first. */
  private next(workers: number): Round | undefined {
    if (this.stopped) return undefined;
    const fits = (round: Round): boolean => victimOf(round.point) !== 'worker' || round.redelivered === (workers === 1);
    const own = this.waiting.findIndex((round) => victimOf(round.point) === 'worker' && fits(round));
    const index = own >= 0 ? own : this.waiting.findIndex(fits);
    return index >= 0 ? this.waiting.splice(index, 1)[0] : undefined;
  }
}

/** How many workers the stack of each lane has. With two of them another worker takes over; with one only the same comes back. */
function lanesFor(rounds: readonly Round[]): readonly number[] {
  const ofWorkers = rounds.filter(({ point }) => victimOf(point) === 'worker');
  const takenOver = ofWorkers.filter(({ redelivered }) => !redelivered).length;
  const share = ofWorkers.length === 0 ? 0 : Math.round((lanesMax * takenOver) / ofWorkers.length);
  const two = Math.min(lanesMax - 1, Math.max(1, share));
  return Array.from({ length: lanesMax }, (_lane, index) => (index < two ? 2 : 1));
}

/** Rounds that last: they begin first, so that none of them is left alone at the end. */
function isSlow({ point, redelivered }: Round): boolean {
  return victimOf(point) === 'ledger' && !redelivered;
}

function newAwaited(): Awaited {
  let resolve: (report: RoundReport) => void = () => undefined;
  const promise = new Promise<RoundReport>((done) => {
    resolve = done;
  });
  return { promise, resolve };
}
