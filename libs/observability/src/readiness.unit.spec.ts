import { readiness } from './readiness';

describe('readiness', () => {
  it('is ok when everything answers', async () => {
    expect(await readiness(() => Promise.resolve({ broker: true, postgres: true }))).toEqual({ status: 'ok', checks: { broker: true, postgres: true } });
  });

  it('names what does not answer', async () => {
    expect(await readiness(() => Promise.resolve({ broker: false, postgres: true }))).toEqual({
      status: 'unavailable',
      checks: { broker: false, postgres: true },
    });
  });

  it.each([
    ['rejects', () => Promise.reject(new Error('no'))],
    [
      'throws',
      () => {
        throw new Error('no');
      },
    ],
    ['stays silent', () => new Promise<never>(() => undefined)],
  ])('is not ready when the question %s', async (_what, ready) => {
    expect((await readiness(ready, 1)).status).toBe('unavailable');
  });
});
