import { siteUser } from '@kkm/contracts';
import { Rejected } from '@kkm/core';
import type { Delivery } from '@kkm/messaging';

/** Who may say what to the ledger: routing keys of direct exchanges are not access-checked, so the broker-verified user decides (design-money, clause 22). */
export class Trust {
  /** @param serviceUser broker user of KKM's own services. */
  constructor(private readonly serviceUser: string) {}

  /** Whether the sender may speak for a site's terminals: KKM's own user, or the site's. */
  speaksFor(siteId: string, { userId }: Delivery): boolean {
    return userId !== null && (userId === this.serviceUser || userId === siteUser(siteId));
  }

  /** Refuses a worker of another site. @throws Rejected `auth.forbidden` */
  requireSite(siteId: string, delivery: Delivery): void {
    if (!this.speaksFor(siteId, delivery)) throw new Rejected('auth.forbidden');
  }

  /** Refuses everybody but KKM's own services. @throws Rejected `auth.forbidden` */
  requireService({ userId }: Delivery): void {
    if (userId !== this.serviceUser) throw new Rejected('auth.forbidden');
  }
}
