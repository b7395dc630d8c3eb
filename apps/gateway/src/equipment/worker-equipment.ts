import type { SiteEquipment, SiteEquipmentRequest } from '@kkm/contracts';
import type { WorkerTrust } from '../access/worker-trust';

/** Reads the settings of a site's terminals, or none when the revision is the newest. */
export type ReadEquipment = (siteId: string, knownRevision: number | null) => Promise<SiteEquipment>;

/** Names the link tests of new terminals that wait for a worker of a site. */
export type WaitingTests = (siteId: string) => Promise<readonly string[]>;

/** Gives workers the settings of their site's terminals. */
export class WorkerEquipment {
  constructor(
    private readonly read: ReadEquipment,
    private readonly waitingTests: WaitingTests,
    private readonly trust: WorkerTrust,
  ) {}

  /**
   * @param asker who asks, as the broker verified it.
   * @throws Rejected `auth.forbidden`, `equipment.not_found`.
   */
  async ofSite({ siteId, knownRevision, linkTests = false }: SiteEquipmentRequest, asker: string | null): Promise<SiteEquipment> {
    this.trust.requireSite(siteId, asker);
    const equipment = await this.read(siteId, knownRevision);
    return linkTests ? { ...equipment, linkTests: await this.waitingTests(siteId) } : equipment;
  }
}
