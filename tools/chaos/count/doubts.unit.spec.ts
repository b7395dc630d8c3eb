import { grantedOf, strikeOf } from '../testing/made-up';
import { doubtsOf, doubtTimes } from './doubts';

const doubted = grantedOf({ inDoubtAtMs: 2_000, finishedAtMs: 10_000 });

describe('the time that doubts take', () => {
  it('runs from the moment when the ledger told of it', () => {
    expect(doubtsOf([doubted, grantedOf()], [], [])).toMatchObject([{ beganAtMs: 2_000, wholeMs: 8_000, undisturbedMs: 8_000 }]);
  });

  it('runs from the death of the worker that drove the attempt, whether or not anybody told', () => {
    const kill = strikeOf({ kind: 'kill-worker', target: 'worker-1', untilMs: 1_500 });
    expect(doubtsOf([grantedOf()], [kill], [])).toMatchObject([{ beganAtMs: 1_500, wholeMs: 500 }]);
    expect(doubtsOf([grantedOf({ terminalId: 'pax-2' })], [kill], [])).toEqual([]);
  });

  it('counts anew each time the link is back, and takes the longest stretch', () => {
    const cuts = [strikeOf({ atMs: 1_900, untilMs: 4_000 }), strikeOf({ atMs: 7_000, untilMs: 9_500 })];
    expect(doubtsOf([doubted], cuts, [])).toMatchObject([{ wholeMs: 8_000, undisturbedMs: 3_000 }]);
  });

  it('leaves out stretches in which the terminal itself was away, overlapping ones once', () => {
    const away = [
      { terminalId: 'pax-1', fromMs: 1_000, untilMs: 9_000 },
      { terminalId: 'pax-1', fromMs: 3_000, untilMs: 5_000 },
      { terminalId: 'pax-2', fromMs: 9_000, untilMs: 10_000 },
    ];
    expect(doubtsOf([doubted], [], away)).toMatchObject([{ undisturbedMs: 1_000 }]);
  });

  it('is not excused by strikes that recovery does not feel, or that fell on another terminal', () => {
    const harmless = [strikeOf({ atMs: 2_000, untilMs: 9_000, blocksRecovery: false }), strikeOf({ atMs: 2_000, untilMs: 9_000, terminalIds: ['pax-2'] })];
    expect(doubtsOf([doubted], harmless, [])).toMatchObject([{ undisturbedMs: 8_000 }]);
  });

  it('counts a doubt that was never resolved against the promise', () => {
    const [resolved, open] = [doubted, grantedOf({ attemptId: 'att_2', inDoubtAtMs: 2_000, finishedAtMs: null })];
    expect(doubtTimes(doubtsOf([resolved, open], [], []))).toMatchObject({ doubts: 2, unresolved: 1, within5s: 0, within30s: 0.5 });
    expect(doubtTimes([])).toMatchObject({ doubts: 0, within5s: 1, within30s: 1 });
  });

  it('leaves aside what a person decided, and says how much that was', () => {
    const decided = grantedOf({ inDoubtAtMs: 2_000, finishedAtMs: 90_000, decidedByPerson: true });
    expect(doubtTimes(doubtsOf([doubted, decided], [], []))).toMatchObject({ doubts: 1, byPerson: 1, within30s: 1 });
  });

  it('puts every time into one bar', () => {
    const attempts = [0, 250, 251, 5_000, 90_000].map((ms) => grantedOf({ inDoubtAtMs: 2_000, finishedAtMs: 2_000 + ms }));
    const { histogram } = doubtTimes(doubtsOf(attempts, [], []));
    expect(histogram.filter(({ count }) => count > 0)).toEqual([
      { fromMs: 0, toMs: 250, count: 2 },
      { fromMs: 250, toMs: 500, count: 1 },
      { fromMs: 3_000, toMs: 5_000, count: 1 },
      { fromMs: 60_000, toMs: null, count: 1 },
    ]);
  });
});
