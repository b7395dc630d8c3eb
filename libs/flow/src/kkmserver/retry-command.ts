import { Rejected } from '@kkm/core';
import type { SiteScope } from '@kkm/core';
import type { CommandRecord } from './command-store';
import type { DriveCommand } from './drive-command';
import type { CommandPorts } from './ports';
import { changed } from './saga';

/** How often the note of a retry is written anew because the command changed meanwhile. */
const triesMax = 5;

/** Has a command whose receipt, or giving back, is outstanding tried at once: somebody has put paper in. */
export class RetryCommand {
  constructor(
    private readonly ports: Pick<CommandPorts, 'store' | 'clock'>,
    private readonly drive: DriveCommand,
  ) {}

  /** Does not wait for what comes of it. @throws Rejected `check.not_found`, `check.not_outstanding`. */
  async run(id: string, scope: SiteScope): Promise<CommandRecord> {
    for (let tries = 0; tries < triesMax; tries += 1) {
      const record = await this.ports.store.byId(id);
      if (!record || (scope && !scope.includes(record.siteId))) throw new Rejected('check.not_found');
      if (record.stage !== 'receipting' && record.stage !== 'giving_back') throw new Rejected('check.not_outstanding');
      const due = changed(record, { tries: record.tries }, this.ports.clock.wallMs());
      if (!(await this.ports.store.save(due))) continue;
      void this.drive.run(id);
      return due;
    }
    // It changes all the time: somebody is at it this very moment.
    throw new Rejected('check.not_outstanding');
  }
}
