import type { DriveCertifications } from '@kkm/flow/gateway';

/** What drives certifications in this process: begun with it, and stopped without waiting. What is under way another replica takes up, or the next process. */
export class CertificationDriver {
  constructor(private readonly drive: DriveCertifications) {}

  /** Called by Nest when the gateway listens. */
  onApplicationBootstrap(): void {
    void this.drive.keepLooking();
  }

  /** Called by Nest when the gateway stops. */
  onModuleDestroy(): void {
    this.drive.stop();
  }
}
