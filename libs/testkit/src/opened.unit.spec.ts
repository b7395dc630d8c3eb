import { Opened } from './opened';

describe('what a set-up has opened', () => {
  const closed: string[] = [];
  const close = (name: string): Promise<void> => {
    closed.push(name);
    return name === 'stuck' ? Promise.reject(new Error('stuck')) : Promise.resolve();
  };
  beforeEach(() => (closed.length = 0));

  it('is closed once, last first, whatever cannot be closed', async () => {
    const opened = new Opened();
    expect(['broker', 'stuck', 'app'].map((name) => opened.keep(name, close))).toEqual(['broker', 'stuck', 'app']);
    await expect(opened.close()).rejects.toThrow('stuck');
    await opened.close();
    expect(closed).toEqual(['app', 'stuck', 'broker']);
  });

  it('is closed when the set-up fails, which is what is told', async () => {
    const opened = new Opened();
    const setUp = opened.orClose(() => {
      opened.keep('stuck', close);
      return Promise.reject(new Error('not ready'));
    });
    await expect(setUp).rejects.toThrow('not ready');
    expect(closed).toEqual(['stuck']);
  });

  it('stays open when the set-up succeeds', async () => {
    const opened = new Opened();
    expect(await opened.orClose(() => Promise.resolve(opened.keep('app', close)))).toBe('app');
    expect(closed).toEqual([]);
  });
});
