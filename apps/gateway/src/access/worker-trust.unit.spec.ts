import { WorkerTrust } from './worker-trust';

describe('who speaks for a site’s terminals', () => {
  const trust = new WorkerTrust('kkm');
  const forbids = (siteId: string, asker: string | null): boolean => {
    try {
      trust.requireSite(siteId, asker);
      return false;
    } catch {
      return true;
    }
  };

  it('is KKM’s own user, or the site’s', () => {
    expect([forbids('club-1', 'kkm'), forbids('club-1', 'site-club-1')]).toEqual([false, false]);
  });

  it('is nobody else, nor who the broker did not verify', () => {
    expect([forbids('club-1', 'site-club-2'), forbids('club-1', 'club-1'), forbids('club-1', null)]).toEqual([true, true, true]);
  });
});
