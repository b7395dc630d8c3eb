import { Client } from 'pg';

/** What moved money for a payment, as the ledger has it. */
export interface ChargeRow {
  readonly amount: number;
  readonly rrn: string | null;
  readonly disposition: string;
}

/** One leg of an entry. */
export interface PostingRow {
  readonly entry: string;
  readonly account: string;
  readonly amount: number;
}

/** What the ledger's own tables say of one payment. */
export interface LedgerPages {
  readonly charges: readonly ChargeRow[];
  readonly postings: readonly PostingRow[];
  /** Ids of its events. */
  readonly events: readonly string[];
}

/** The ledger's tables, read behind its back: what no API of this release shows. */
export class LedgerBooks {
  private constructor(private readonly client: Client) {}

  /** Opens them as administrator. */
  static async open(databaseUrl: string): Promise<LedgerBooks> {
    const client = new Client({ connectionString: databaseUrl });
    await client.connect();
    return new LedgerBooks(client);
  }

  /** Charges, postings and events of a payment. */
  async pagesOf(paymentId: string): Promise<LedgerPages> {
    const charges = await this.client.query<ChargeRow>('select amount_minor::int as amount, rrn, disposition from ledger.charge where payment_id = $1', [
      paymentId,
    ]);
    const postings = await this.client.query<PostingRow>(
      'select entry_id as entry, account, amount_minor::int as amount from ledger.posting where payment_id = $1',
      [paymentId],
    );
    const events = await this.client.query<{ id: string }>('select event_id as id from ledger.event where subject = $1 order by id', [paymentId]);
    return { charges: charges.rows, postings: postings.rows, events: events.rows.map(({ id }) => id) };
  }

  /** Results of attempts that the ledger does not know. */
  async orphans(): Promise<number> {
    const { rows } = await this.client.query<{ orphans: number }>('select count(*)::int as orphans from ledger.orphan_result');
    return rows[0]?.orphans ?? 0;
  }

  /** Which worker holds each terminal of a site. */
  async leases(siteId: string): Promise<ReadonlyMap<string, string>> {
    const sql = 'select terminal_id as terminal, worker_id as worker from ledger.terminal_lease where site_id = $1';
    const { rows } = await this.client.query<{ terminal: string; worker: string }>(sql, [siteId]);
    return new Map(rows.map(({ terminal, worker }) => [terminal, worker]));
  }

  /** Workers that count as members of a site, those of whom nothing was heard for a while left out. A dead one owns terminals as long as it counts. */
  async members(siteId: string, memberMs: number): Promise<readonly string[]> {
    const sql = "select worker_id as worker from ledger.worker where site_id = $1 and not leaving and seen_at > now() - $2 * interval '1 ms'";
    const { rows } = await this.client.query<{ worker: string }>(sql, [siteId, memberMs]);
    return rows.map(({ worker }) => worker);
  }

  /** Makes every terminal one that was never read, as a new one is. */
  async forgetBaselines(): Promise<void> {
    await this.client.query('delete from ledger.terminal_baseline');
  }

  /** Ends the connection. */
  async close(): Promise<void> {
    await this.client.end();
  }
}
