import { freeId } from './free-id';

describe('a free id', () => {
  it('is the first number that nobody has', () => {
    expect(freeId('terminal', ['terminal-1', 'terminal-3', 'bar'])).toBe('terminal-2');
    expect(freeId('site', [])).toBe('site-1');
  });
});
