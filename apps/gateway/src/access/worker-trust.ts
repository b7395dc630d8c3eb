import { siteUser } from '@kkm/contracts';
import { Rejected } from '@kkm/core';

/** Which broker users may speak for a site's terminals: routing keys of direct exchanges are not access-checked (design-money, clause 22). */
export class WorkerTrust {
  /** @param serviceUser broker user of KKM's own services. */
  constructor(private readonly serviceUser: string) {}

  /** @param asker who speaks, as the broker verified it. */
  speaksFor(siteId: string, asker: string | null): boolean {
    return asker !== null && (asker === this.serviceUser || asker === siteUser(siteId));
  }

  /** @param asker who asks, as the broker verified it. @throws Rejected `auth.forbidden`. */
  requireSite(siteId: string, asker: string | null): void {
    if (!this.speaksFor(siteId, asker)) throw new Rejected('auth.forbidden');
  }
}
