import { rankWorkers } from './rendezvous';

const terminals = Array.from({ length: 640 }, (_, i) => `pax-${i + 1}`);
const workers = ['worker-a', 'worker-b', 'worker-c', 'worker-d'];
const ownerOf = (terminalId: string, members: readonly string[]): string => rankWorkers(terminalId, members)[0] ?? '';

describe('sharing by rendezvous hash', () => {
  it('comes to the same order whatever order the members are told in', () => {
    for (const terminal of terminals.slice(0, 50)) expect(rankWorkers(terminal, [...workers].reverse())).toEqual(rankWorkers(terminal, workers));
  });

  it('gives every worker about the same number of terminals', () => {
    const counts = workers.map((worker) => terminals.filter((terminal) => ownerOf(terminal, workers) === worker).length);
    expect(Math.min(...counts)).toBeGreaterThan(110);
    expect(Math.max(...counts)).toBeLessThan(210);
  });

  it('gives every worker about the same number with ids that differ by one character', () => {
    const alike = ['worker_01m84edmr9nr054qd3q383f0w4', 'worker_01m84edmr9nr054qd3q383f0w5'];
    const first = terminals.filter((terminal) => ownerOf(terminal, alike) === alike[0]).length;
    expect(first).toBeGreaterThan(260);
    expect(first).toBeLessThan(380);
  });

  it('moves only the terminals of the worker that left', () => {
    const left = workers.filter((worker) => worker !== 'worker-c');
    for (const terminal of terminals) if (ownerOf(terminal, workers) !== 'worker-c') expect(ownerOf(terminal, left)).toBe(ownerOf(terminal, workers));
  });

  it('moves only to the worker that joined', () => {
    const joined = [...workers, 'worker-e'];
    const moved = terminals.filter((terminal) => ownerOf(terminal, joined) !== ownerOf(terminal, workers));
    expect(moved.every((terminal) => ownerOf(terminal, joined) === 'worker-e')).toBe(true);
    expect(moved.length).toBeGreaterThan(80);
  });

  it('has nobody to name when there is nobody', () => {
    expect(rankWorkers('pax-1', [])).toEqual([]);
  });
});
