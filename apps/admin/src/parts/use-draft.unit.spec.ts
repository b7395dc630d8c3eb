import { differing, isSame } from './use-draft';

describe('a draft', () => {
  it('holds only what differs from what is saved', () => {
    expect(differing({ name: 'Desk', port: 1 }, { name: 'Desk', port: 2 })).toEqual({ port: 2 });
  });

  it('holds nothing once an edit is taken back by hand', () => {
    expect(differing({ transport: { host: 'a', port: 1 } }, { transport: { port: 1, host: 'a' } })).toEqual({});
  });

  it('tells null from nothing and lists from objects', () => {
    expect([isSame(null, undefined), isSame([], {}), isSame([1, 2], [2, 1]), isSame({ a: [1] }, { a: [1] })]).toEqual([false, false, false, true]);
  });
});
