import { Rejected, Unavailable } from '@kkm/core';
import type { Equipment, WorkerWatch } from './ports';
import type { TerminalLines } from './terminal-lines';

/** What {@link FollowSettings} needs of the worker around it. */
export interface SettingsPorts {
  readonly siteId: string;
  readonly equipment: Equipment;
  readonly lines: TerminalLines;
  /** Takes link tests of terminals that are not saved. */
  readonly takeTests: (requestIds: readonly string[]) => void;
  readonly watch: Pick<WorkerWatch, 'note'>;
}

/** Keeps the worker's terminals as the gateway has them, without a restart. */
export class FollowSettings {
  private revision: number | null = null;

  constructor(private readonly ports: SettingsPorts) {}

  /** Whether the terminals of the site are known. */
  get known(): boolean {
    return this.revision !== null;
  }

  /** Looks once. Without an answer the worker goes on with what it knows. */
  async look(): Promise<void> {
    const { siteId, equipment, lines, takeTests, watch } = this.ports;
    try {
      const answer = await equipment.ofSite({ siteId, knownRevision: this.revision, linkTests: true });
      this.revision = answer.revision;
      if (answer.terminals) lines.apply(answer.terminals);
      takeTests(answer.linkTests ?? []);
    } catch (error) {
      if (!(error instanceof Unavailable) && !(error instanceof Rejected)) throw error;
      // A site that is not set up yet is refused; it may be in a moment.
      watch.note('gateway does not answer', { call: 'equipment.of-site', code: error.code });
    }
  }
}
