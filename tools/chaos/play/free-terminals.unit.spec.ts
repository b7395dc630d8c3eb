import { FreeTerminals } from './free-terminals';

describe('free terminals', () => {
  it('are given to one guest at a time, the longest free first', async () => {
    const free = new FreeTerminals(['pax-1', 'pax-2']);
    expect([await free.take(), await free.take()]).toEqual(['pax-1', 'pax-2']);
    free.giveBack('pax-2');
    free.giveBack('pax-1');
    expect(await free.take()).toBe('pax-2');
  });

  it('go to those who wait in line before anybody else', async () => {
    const free = new FreeTerminals(['pax-1']);
    await free.take();
    const [second, third] = [free.take(), free.take()];
    free.giveBack('pax-1');
    expect(await second).toBe('pax-1');
    free.giveBack('pax-1');
    expect(await third).toBe('pax-1');
  });

  it('go to those whom they fit, and pass over others', async () => {
    const free = new FreeTerminals(['pax-1', 'pax-2']);
    const second = (id: string): boolean => id === 'pax-2';
    expect(await free.take(second)).toBe('pax-2');
    const [picky, any] = [free.take(second), free.take()];
    expect(await any).toBe('pax-1');
    free.giveBack('pax-1');
    free.giveBack('pax-2');
    expect([await picky, await free.take()]).toEqual(['pax-2', 'pax-1']);
  });
});
