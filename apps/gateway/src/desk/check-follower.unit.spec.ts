import { CheckFollower } from './check-follower';

describe('the follower of checks', () => {
  const followed: unknown[] = [];
  const follower = new CheckFollower({ run: (payment) => Promise.resolve(followed.push(payment) > 0 ? 'done' : 'retry') });
  const event = (metadata: object) => ({ body: { data: { attempts: [], metadata } } });

  it('lets payments of other doors go before anything else is looked at', async () => {
    expect(await follower.handle(event({}))).toBe('done');
    expect(await follower.handle(event({ memberId: '42' }))).toBe('done');
    expect(followed).toEqual([]);
  });

  it.each([event({ idCommand: 'a' }), { body: { data: { metadata: null } } }, { body: { data: null } }, { body: {} }, { body: null }, { body: 'text' }])(
    'parks %j, which is no event',
    async (delivery) => {
      expect(await follower.handle(delivery)).toEqual({ park: 'request.invalid' });
    },
  );
});
