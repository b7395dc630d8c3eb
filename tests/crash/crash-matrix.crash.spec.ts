import { describeWith } from '@kkm/testkit';
import { readCrashSettings } from './harness/crash.config';
import { Matrix } from './harness/matrix';
import { writeReport } from './harness/report';
import { allRounds, titleOf } from './harness/rounds';
import { sampleRounds } from './harness/sample';

const { kind, only } = readCrashSettings();
const rounds = (kind === 'all' ? allRounds() : sampleRounds()).filter((round) => only?.test(titleOf(round)) ?? true);

describeWith(['broker', 'database'], `a service killed at any step (${kind})`, () => {
  const begunMs = Date.now();
  let matrix: Matrix | null = null;
  const running = (): Matrix => (matrix ??= new Matrix(rounds));

  afterAll(async () => {
    await running().end();
    const reports = await Promise.all(rounds.map((round) => running().reportOf(round)));
    writeReport(only ? 'part' : kind, reports, Date.now() - begunMs);
  }, 120_000);

  it.each(rounds.map((round) => [titleOf(round), round] as const))('%s', async (_title, round) => {
    const { faults, cells } = await running().reportOf(round);
    const wrong = cells.flatMap((cell) => cell.faults.map((fault) => `${cell.answer}: ${fault}`));
    expect([...faults, ...wrong]).toEqual([]);
  });
});
