import { sitesOverlap, terminalQueue } from './ids';

describe('sitesOverlap', () => {
  it('tells sites whose terminals could share a queue', () => {
    expect(terminalQueue('club', '1.pax')).toBe(terminalQueue('club.1', 'pax'));
    expect([sitesOverlap('club', 'club.1'), sitesOverlap('club.1', 'club'), sitesOverlap('club', 'club.1.a')]).toEqual([true, true, true]);
  });

  it.each(['club', 'club-1', 'clubs', 'klub.1'])('lets club and %s be two', (other) => {
    expect(sitesOverlap('club', other)).toBe(false);
  });
});
