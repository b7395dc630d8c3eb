import type { OutstandingCheck } from '@kkm/contracts';
import { equipmentIdPattern, Rejected } from '@kkm/core';
import type { SiteScope } from '@kkm/core';
import type { CommandRecord, CommandStore, RetryCommand } from '@kkm/flow/kkmserver';
import { mustSee } from '@kkm/flow/gateway';

/** What is asked of the list. */
export interface AskedChecks {
  readonly scope: SiteScope;
  readonly siteId: string | null;
  readonly limit: number;
  readonly cursor: string | null;
}

/** Checks whose receipt is outstanding, for people. */
export class Checks {
  constructor(
    private readonly store: Pick<CommandStore, 'outstanding'>,
    private readonly retries: RetryCommand,
  ) {}

  /** A page, oldest first. @throws Rejected `auth.forbidden` for a site the caller may not see. */
  async list({ scope, siteId, limit, cursor }: AskedChecks): Promise<{ readonly checks: readonly OutstandingCheck[]; readonly next: string | null }> {
    if (siteId !== null) mustSee(scope, siteId);
    const found = await this.store.outstanding({ siteIds: siteId === null ? scope : [siteId], limit: limit + 1, afterId: cursor });
    const shown = found.slice(0, limit);
    return { checks: shown.map(shownCheck), next: found.length > limit ? (shown.at(-1)?.id ?? null) : null };
  }

  /** Tries at once. @throws Rejected `check.not_found`, `check.not_outstanding`. */
  async retry(id: string, scope: SiteScope): Promise<OutstandingCheck> {
    if (!equipmentIdPattern.test(id)) throw new Rejected('check.not_found');
    return shownCheck(await this.retries.run(id, scope));
  }
}

function shownCheck(record: CommandRecord): OutstandingCheck {
  const { id, siteId, registerId, idCommand, paymentId, tries, lastError } = record;
  const stage = record.stage === 'giving_back' ? 'giving_back' : 'receipting';
  const [since, nextTryAt] = [record.takenAtMs, record.dueAtMs].map((ms) => new Date(ms).toISOString());
  return { id, siteId, registerId, idCommand, stage, paymentId, since: since ?? '', tries, nextTryAt: nextTryAt ?? '', lastError };
}
