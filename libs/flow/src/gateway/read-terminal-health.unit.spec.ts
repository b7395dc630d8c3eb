import { healthPeriod } from './read-terminal-health';

const nowMs = Date.parse('2026-11-27T09:00:00.000Z');

describe('the period of a terminal’s health', () => {
  it('is the last 24 hours by the hour when nothing is said', () => {
    expect(healthPeriod({}, nowMs)).toEqual({ from: '2026-11-26T09:00:00.000Z', to: '2026-11-27T09:00:00.000Z', bucket: 'hour' });
  });

  it('is cut into days once it is longer than a week', () => {
    expect(healthPeriod({ from: '2026-11-20T12:00:00+03:00' }, nowMs).bucket).toBe('hour');
    expect(healthPeriod({ from: '2026-11-20T11:59:59+03:00' }, nowMs).bucket).toBe('day');
  });

  it('is refused when it ends before it begins, or is too long', () => {
    const refused = (asked: Parameters<typeof healthPeriod>[0]) =>
      expect(() => healthPeriod(asked, nowMs)).toThrow(expect.objectContaining({ code: 'request.invalid' }));
    refused({ from: '2026-11-27T09:00:00Z' });
    refused({ from: '2025-11-26T08:59:59Z' });
    refused({ from: '2026-10-16T16:59:59Z', bucket: 'hour' });
    expect(healthPeriod({ from: '2026-10-16T17:00:00Z', bucket: 'hour' }, nowMs).bucket).toBe('hour');
  });
});
