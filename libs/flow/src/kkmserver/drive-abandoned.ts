import type { DriveCommand } from './drive-command';
import type { CommandPorts } from './ports';

/** How often a replica looks for commands that nobody drives. */
const lookEveryMs = 1_000;

/** How many it takes up at a time. */
const takenMax = 100;

/** Takes up what nobody drives: after a crash of whoever did, and when the time of a further try has come. */
export class DriveAbandoned {
  private stopped = false;

  constructor(
    private readonly ports: Pick<CommandPorts, 'store' | 'clock' | 'log'>,
    private readonly drive: DriveCommand,
  ) {}

  /** Looks once; does not wait for what it takes up. */
  async look(): Promise<void> {
    const { store, log } = this.ports;
    try {
      for (const { id } of await store.abandoned(takenMax)) void this.drive.run(id);
    } catch (error) {
      log.warn({ err: error }, 'Commands that nobody drives cannot be looked for; trying again.');
    }
  }

  /** Looks again and again until {@link stop}. */
  async keepLooking(): Promise<void> {
    while (!this.stopped) {
      await this.look();
      await this.ports.clock.sleep(lookEveryMs);
    }
  }

  /** Ends {@link keepLooking}. */
  stop(): void {
    this.stopped = true;
  }
}
