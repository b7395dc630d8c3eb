import { servedSeconds } from './served';

describe('the time in which payments could be asked for', () => {
  it('is all of it when nothing stopped everything', () => {
    expect(servedSeconds(60, [])).toBe(60);
    expect(servedSeconds(60, [{ kind: 'kill-worker', atMs: 1_000, untilMs: 9_000 }])).toBe(60);
  });

  it('leaves out what the campaign itself stopped, once where strikes overlap', () => {
    const strikes = [
      { kind: 'kill-ledger', atMs: 12_000, untilMs: 15_000 },
      { kind: 'restart-rabbitmq', atMs: 10_000, untilMs: 16_000 },
      { kind: 'freeze-gateway', atMs: 30_000, untilMs: 31_000 },
    ] as const;
    expect(servedSeconds(60, strikes)).toBe(53);
  });
});
