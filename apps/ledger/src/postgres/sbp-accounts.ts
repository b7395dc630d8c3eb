import type { SbpAccount, SbpBankName, SetSbpAccountRequest } from '@kkm/core';
import { sqlOf, transaction } from '@kkm/postgres';
import type { Sql, Statement } from '@kkm/postgres';
import type { DataSource } from 'typeorm';
import type { KeptAccount, SbpAccountTable } from '../sbp/site-banks';

interface AccountRow {
  readonly site_id: string;
  readonly bank: SbpBankName;
  readonly base_url: string;
  readonly merchant_id: string;
  readonly sealed_secret: string;
  readonly active: boolean;
  readonly changed_at: Date;
  readonly changed_by: string;
}

const columns = 'site_id, bank, base_url, merchant_id, sealed_secret, active, changed_at, changed_by';

/** $1 site. */
const activeOfSite: Statement = { name: 'ledger.sbp-active', text: `select ${columns} from ledger.sbp_account where site_id = $1 and active` };

/** $1 site, $2 bank. */
const ofBank: Statement = { name: 'ledger.sbp-account', text: `select ${columns} from ledger.sbp_account where site_id = $1 and bank = $2` };

/** Changes of one site wait for each other: of two banks set at once the later is the active one. $1 site. */
const lockSite: Statement = { name: 'ledger.sbp-lock', text: `select pg_advisory_xact_lock(hashtextextended('sbp ' || $1, 0))` };

/** $1 site, $2 bank. */
const retireOthers: Statement = {
  name: 'ledger.sbp-retire',
  text: 'update ledger.sbp_account set active = false where site_id = $1 and bank <> $2 and active',
};

/** Changes a contract; without a secret the one stored stays. $1 site, $2 bank, $3 address, $4 merchant, $5 secret, $6 when, $7 by. */
const change: Statement = {
  name: 'ledger.sbp-change',
  text: `update ledger.sbp_account set base_url = $3, merchant_id = $4, sealed_secret = coalesce($5::text, sealed_secret), active = true, changed_at = $6, changed_by = $7
    where site_id = $1 and bank = $2 returning ${columns}`,
};

/** The first contract with a bank. Parameters as in {@link change}. */
const add: Statement = {
  name: 'ledger.sbp-add',
  text: `insert into ledger.sbp_account (site_id, bank, base_url, merchant_id, sealed_secret, active, changed_at, changed_by)
    values ($1, $2, $3, $4, $5, true, $6, $7) returning ${columns}`,
};

/** Contracts of sites with banks, on Postgres. Secrets are stored as they came: sealed. */
export class PostgresSbpAccounts implements SbpAccountTable {
  private readonly sql: Sql;

  constructor(private readonly dataSource: DataSource) {
    this.sql = sqlOf(dataSource);
  }

  async active(siteId: string): Promise<KeptAccount | null> {
    return keptFrom(await this.sql.rows<AccountRow>(activeOfSite, [siteId]));
  }

  async find(siteId: string, bank: SbpBankName): Promise<KeptAccount | null> {
    return keptFrom(await this.sql.rows<AccountRow>(ofBank, [siteId, bank]));
  }

  async set({ siteId, bank, baseUrl, merchantId, sealedSecret, by }: SetSbpAccountRequest, nowMs: number): Promise<SbpAccount | null> {
    const values = [siteId, bank, baseUrl, merchantId, sealedSecret, new Date(nowMs), by];
    return transaction(this.dataSource, async (sql) => {
      await sql.rows(lockSite, [siteId]);
      if (sealedSecret === null && !isFor(await sql.rows<AccountRow>(ofBank, [siteId, bank]), baseUrl)) return null;
      // First: at no moment has a site two active banks.
      await sql.run(retireOthers, [siteId, bank]);
      const changed = await sql.rows<AccountRow>(change, values);
      return keptFrom(changed.length > 0 ? changed : await sql.rows<AccountRow>(add, values))?.account ?? null;
    });
  }
}

/** A secret goes where it was meant to go: whoever gives another address gives a secret, too. */
function isFor([row]: readonly AccountRow[], baseUrl: string): boolean {
  return row !== undefined && new URL(row.base_url).origin === new URL(baseUrl).origin;
}

function keptFrom([row]: readonly AccountRow[]): KeptAccount | null {
  if (!row) return null;
  const { site_id: siteId, bank, base_url: baseUrl, merchant_id: merchantId, active, changed_by: changedBy } = row;
  return { account: { siteId, bank, baseUrl, merchantId, active, changedAt: row.changed_at.toISOString(), changedBy }, sealedSecret: row.sealed_secret };
}
