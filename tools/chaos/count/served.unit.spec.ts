import { ratedTime } from './served';

const inMinute = (strikes: Parameters<typeof ratedTime>[2]) => ratedTime(60, 60, strikes);

describe('the time in which payments could be asked for', () => {
  it('is all of it when nothing stopped everything', () => {
    expect(inMinute([])).toEqual({ seconds: 60, outagesCount: false });
    expect(inMinute([{ kind: 'kill-worker', atMs: 1_000, untilMs: 9_000 }]).seconds).toBe(60);
  });

  it('leaves out what the campaign itself stopped, once where strikes overlap', () => {
    const strikes = [
      { kind: 'kill-ledger', atMs: 12_000, untilMs: 15_000 },
      { kind: 'restart-rabbitmq', atMs: 10_000, untilMs: 16_000 },
      { kind: 'freeze-gateway', atMs: 30_000, untilMs: 31_000 },
    ] as const;
    expect(inMinute(strikes).seconds).toBe(53);
  });

  it('leaves nothing out in a full run', () => {
    const strike = { kind: 'restart-rabbitmq', atMs: 10_000, untilMs: 100_000 } as const;
    expect(ratedTime(150, 151, [strike])).toEqual({ seconds: 151, outagesCount: true });
    expect(ratedTime(149, 151, [strike])).toEqual({ seconds: 61, outagesCount: false });
  });
});
