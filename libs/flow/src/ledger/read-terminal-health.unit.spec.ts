import { linkNow } from './read-terminal-health';

describe('what is known of a terminal’s link', () => {
  const at = (seenAt: string | null) => ({ link: 'up' as const, worker: { id: 'worker-1', since: '2026-11-27T08:00:00Z', seenAt } });
  const asked = { nowMs: Date.parse('2026-11-27T09:00:15Z'), heardWithinMs: 15_000 };

  it('is what its worker told while that is heard', () => {
    expect(linkNow(at('2026-11-27T09:00:00Z'), asked)).toBe('up');
    expect(linkNow({ ...at('2026-11-27T09:00:00Z'), link: 'down' }, asked)).toBe('down');
  });

  it('is not known once the worker is silent, gone, or never told', () => {
    expect(linkNow(at('2026-11-27T08:59:59Z'), asked)).toBe('unknown');
    expect(linkNow(at(null), asked)).toBe('unknown');
    expect(linkNow({ link: 'up', worker: null }, asked)).toBe('unknown');
    expect(linkNow({ ...at('2026-11-27T09:00:00Z'), link: null }, asked)).toBe('unknown');
  });
});
