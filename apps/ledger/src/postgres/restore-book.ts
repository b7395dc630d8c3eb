import type { AfterRestoreState, AssignChargeRequest, FoundCharge, ReleaseTerminalRequest, RestoreOverview } from '@kkm/core';
import { sqlOf } from '@kkm/postgres';
import type { Sql, Statement } from '@kkm/postgres';
import type { DataSource } from 'typeorm';
import type { RestoreBook } from '../restore/after-restore';

interface RestoreRow {
  readonly id: number;
  readonly restored_at: Date;
  readonly backed_up_at: Date;
}

interface TerminalRow {
  readonly site_id: string;
  readonly terminal_id: string;
  readonly state: AfterRestoreState;
  readonly asked_at: Date | null;
}

interface ChargeRow {
  readonly site_id: string;
  readonly terminal_id: string;
  readonly rrn: string;
  readonly operation: string | null;
  readonly amount_minor: number | null;
  readonly terminal_time: string | null;
  readonly found_at: Date;
}

/** So many terminals and charges are shown at most; what is done makes room for the rest. */
const shownMax = 1_000;

const newest: Statement = { name: 'ledger.restore-newest', text: 'select id, restored_at, backed_up_at from ledger.restore order by id desc limit 1' };

/** Terminals that the books used, those with something left to do first. $1 restore, $2 limit. */
const terminals: Statement = {
  name: 'ledger.restore-terminals',
  text: `select t.site_id, t.terminal_id, coalesce(n.state, 'unasked') as state, n.asked_at
    from (select site_id, terminal_id from ledger.terminal_lease union select site_id, terminal_id from ledger.terminal_baseline) t
    left join ledger.terminal_after_restore n on n.site_id = t.site_id and n.terminal_id = t.terminal_id and n.restore_id = $1
    order by coalesce(n.state, 'unasked') in ('compared', 'released'), t.site_id, t.terminal_id limit $2`,
};

const chargeColumns = 'site_id, terminal_id, rrn, operation, amount_minor, terminal_time, found_at';

/** $1 limit. */
const charges: Statement = {
  name: 'ledger.restore-charges',
  text: `select ${chargeColumns} from ledger.found_charge where decided_at is null order by found_at, site_id, terminal_id, rrn limit $1`,
};

/** $1 site, $2 terminal, $3 RRN. */
const openCharge: Statement = {
  name: 'ledger.restore-charge',
  text: `select ${chargeColumns} from ledger.found_charge where site_id = $1 and terminal_id = $2 and rrn = $3 and decided_at is null`,
};

/** $1 site, $2 terminal, $3 RRN, $4 payment or null, $5 by, $6 evidence. */
const decide: Statement = {
  name: 'ledger.restore-assign',
  text: `update ledger.found_charge set assigned_to = $4, decided_at = now(), decided_by = $5, evidence = $6
    where site_id = $1 and terminal_id = $2 and rrn = $3 and decided_at is null`,
};

/** $1 site, $2 terminal, $3 by, $4 evidence. Only what waits is released. */
const release: Statement = {
  name: 'ledger.restore-release',
  text: `insert into ledger.terminal_after_restore as n (site_id, terminal_id, restore_id, state, decided_by, evidence)
    select $1, $2, max(id), 'released', $3, $4 from ledger.restore having max(id) is not null
    on conflict (site_id, terminal_id) do update set restore_id = excluded.restore_id, state = excluded.state, decided_by = excluded.decided_by, evidence = excluded.evidence
    where n.restore_id < excluded.restore_id or n.state = 'held'
    returning true as done`,
};

/** What a restore left to do, in the ledger's tables. */
export class PostgresRestoreBook implements RestoreBook {
  private readonly sql: Sql;

  constructor(dataSource: DataSource) {
    this.sql = sqlOf(dataSource);
  }

  async overview(): Promise<RestoreOverview> {
    const [restore] = await this.sql.rows<RestoreRow>(newest, []);
    if (!restore) return { restoredAt: null, backedUpAt: null, terminals: [], charges: [] };
    const asked = await this.sql.rows<TerminalRow>(terminals, [restore.id, shownMax]);
    const found = await this.sql.rows<ChargeRow>(charges, [shownMax]);
    return {
      restoredAt: restore.restored_at.toISOString(),
      backedUpAt: restore.backed_up_at.toISOString(),
      terminals: asked.map((row) => ({ siteId: row.site_id, terminalId: row.terminal_id, state: row.state, askedAt: row.asked_at?.toISOString() ?? null })),
      charges: found.map(chargeFrom),
    };
  }

  async openCharge({ siteId, terminalId, rrn }: Pick<FoundCharge, 'siteId' | 'terminalId' | 'rrn'>): Promise<FoundCharge | null> {
    const [row] = await this.sql.rows<ChargeRow>(openCharge, [siteId, terminalId, rrn]);
    return row ? chargeFrom(row) : null;
  }

  async decide({ siteId, terminalId, rrn, paymentId, by, evidence }: AssignChargeRequest): Promise<void> {
    await this.sql.run(decide, [siteId, terminalId, rrn, paymentId, by, evidence]);
  }

  async release({ siteId, terminalId, by, evidence }: ReleaseTerminalRequest): Promise<boolean> {
    return (await this.sql.rows(release, [siteId, terminalId, by, evidence])).length > 0;
  }
}

function chargeFrom(row: ChargeRow): FoundCharge {
  const { site_id: siteId, terminal_id: terminalId, rrn, operation, amount_minor: amount, terminal_time: terminalTime, found_at: foundAt } = row;
  return { siteId, terminalId, rrn, operation, amount, terminalTime, foundAt: foundAt.toISOString() };
}
