import type { SiteEquipment } from '@kkm/contracts';
import { Rejected } from '@kkm/core';

/** Reads the settings of a site's terminals, or none when the revision is the newest. */
export type ReadEquipment = (siteId: string, knownRevision: number | null) => Promise<SiteEquipment>;

/** Gives workers the settings of their site's terminals. */
export class WorkerEquipment {
  /** @param serviceUser broker user of KKM's own services. */
  constructor(
    private readonly read: ReadEquipment,
    private readonly serviceUser: string,
  ) {}

  /**
   * @param asker who asks, as the broker verified it: routing keys of direct exchanges are not access-checked (design-money, clause 22).
   * @throws Rejected `auth.forbidden`, `equipment.not_found`.
   */
  async ofSite(request: { readonly siteId: string; readonly knownRevision: number | null }, asker: string | null): Promise<SiteEquipment> {
    const { siteId, knownRevision } = request;
    if (asker === null || (asker !== this.serviceUser && asker !== `site-${siteId}`)) throw new Rejected('auth.forbidden');
    return this.read(siteId, knownRevision);
  }
}
