import { transaction } from '@kkm/postgres';
import type { DataSource } from 'typeorm';
import type { SettingsAuthor } from '../equipment/ports';
import { lockEntry } from './entries';
import type { SiteRow } from './equipment.row';
import { refuseChangedSince, rememberChange } from './remember-change';

/** What setting a site's bank came to: shown, without the secret. */
export interface BankChange {
  readonly before: object | null;
  readonly after: object;
  readonly secretChanged: boolean;
}

/** Writes the history of a site's bank, which the ledger keeps: one change of a site at a time. */
export type RememberBank = <Change extends BankChange>(siteId: string, by: SettingsAuthor, set: () => Promise<Change>) => Promise<Change>;

/**
 * The history of banks. The ledger has the change before the gateway has written it down; where that fails, the caller hears so and sets the bank again. `set` may be run
 * twice, after a deadlock, so it must be repeatable.
 */
export function bankHistory(dataSource: DataSource): RememberBank {
  return (siteId, by, set) =>
    transaction(
      dataSource,
      async (sql) => {
        await lockEntry<SiteRow>(sql, 'site', { id: siteId, site: siteId });
        const name = { kind: 'sbp_account', siteId, entryId: siteId } as const;
        if (by.undoing !== undefined) await refuseChangedSince(sql, name, by.undoing);
        const change = await set();
        await rememberChange(sql, { ...name, by, ...change });
        return change;
      },
      { unavailableCode: 'settings.unavailable' },
    );
}
