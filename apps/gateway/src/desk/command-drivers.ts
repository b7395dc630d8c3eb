import type { DriveAbandoned, DriveCommand } from '@kkm/flow/kkmserver';

/** What drives commands in this process: begun with it, and stopped without waiting. Commands under way are taken up by another replica, or by the next process. */
export class CommandDrivers {
  constructor(
    private readonly drive: DriveCommand,
    private readonly abandoned: DriveAbandoned,
  ) {}

  /** Called by Nest when the gateway listens. */
  onApplicationBootstrap(): void {
    void this.abandoned.keepLooking();
  }

  /** Called by Nest before anybody who waits is let go: a driver whose waits end at once must not begin anew. */
  onModuleDestroy(): void {
    this.abandoned.stop();
    this.drive.stop();
  }
}
