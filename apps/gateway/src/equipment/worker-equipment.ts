import type { SiteEquipment } from '@kkm/contracts';
import type { WorkerTrust } from '../access/worker-trust';

/** Reads the settings of a site's terminals, or none when the revision is the newest. */
export type ReadEquipment = (siteId: string, knownRevision: number | null) => Promise<SiteEquipment>;

/** Gives workers the settings of their site's terminals. */
export class WorkerEquipment {
  constructor(
    private readonly read: ReadEquipment,
    private readonly trust: WorkerTrust,
  ) {}

  /**
   * @param asker who asks, as the broker verified it.
   * @throws Rejected `auth.forbidden`, `equipment.not_found`.
   */
  async ofSite(request: { readonly siteId: string; readonly knownRevision: number | null }, asker: string | null): Promise<SiteEquipment> {
    const { siteId, knownRevision } = request;
    this.trust.requireSite(siteId, asker);
    return this.read(siteId, knownRevision);
  }
}
