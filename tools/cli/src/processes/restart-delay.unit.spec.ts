import { restartDelayMs } from './restart-delay';

describe('the pause before a process is started again', () => {
  it('grows with every death in a row and stays within ten seconds', () => {
    expect([1, 2, 3, 4, 5, 6, 7, 50].map(restartDelayMs)).toEqual([200, 400, 800, 1_600, 3_200, 6_400, 10_000, 10_000]);
  });
});
