import { freshState } from '@kkm/flow/kkmserver';
import type { RegisterName, VirtualBooks, VirtualChange, VirtualCheck, VirtualEntry, VirtualMade, VirtualState } from '@kkm/flow/kkmserver';
import { sqlOf, transaction } from '@kkm/postgres';
import type { Statement } from '@kkm/postgres';
import type { DataSource } from 'typeorm';

const begin: Statement = {
  name: 'virtual-register-begin',
  text: 'insert into gateway.virtual_register (site_id, register_id, state) values ($1, $2, $3) on conflict do nothing',
};
const lock: Statement = {
  name: 'virtual-register-lock',
  text: 'select state from gateway.virtual_register where site_id = $1 and register_id = $2 for update',
};
const entryOf: Statement = {
  name: 'virtual-document',
  text: 'select entry from gateway.virtual_document where site_id = $1 and register_id = $2 and key = $3',
};
const write: Statement = {
  name: 'virtual-register-write',
  text: 'update gateway.virtual_register set state = $3, changed_at = now() where site_id = $1 and register_id = $2',
};
const add: Statement = {
  name: 'virtual-document-add',
  text: 'insert into gateway.virtual_document (site_id, register_id, key, number, entry) values ($1, $2, $3, $4, $5)',
};
const stateOf: Statement = { name: 'virtual-register-state', text: 'select state from gateway.virtual_register where site_id = $1 and register_id = $2' };
const checkOf: Statement = {
  name: 'virtual-check',
  text: `select entry from gateway.virtual_document where site_id = $1 and register_id = $2 and number is not null and ($3::int = 0 or number = $3)
    order by number desc limit 1`,
};
const unavailable = { unavailableCode: 'settings.unavailable' } as const;

/** Virtual registers in the gateway's schema. They outlive their settings: a register that is deleted and made again goes on numbering. */
export function virtualBooks(dataSource: DataSource): VirtualBooks {
  const sql = sqlOf(dataSource, 'settings.unavailable');
  return {
    change: (register, key, decide) => change(dataSource, register, { key, decide }),
    read: async ({ siteId, registerId }) => (await sql.rows<{ state: VirtualState }>(stateOf, [siteId, registerId]))[0]?.state ?? freshState,
    check: async ({ siteId, registerId }, number): Promise<VirtualCheck | null> => {
      if (number > numberMax) return null;
      const [row] = await sql.rows<{ entry: VirtualEntry }>(checkOf, [siteId, registerId, number]);
      return row?.entry.check ?? null;
    },
  };
}

/** What a number of a document can be: Postgres's `int`. */
const numberMax = 2 ** 31 - 1;

/** The register's row is locked first, so that of two commands under one key the second finds what the first made. */
function change(
  dataSource: DataSource,
  { siteId, registerId }: RegisterName,
  asked: { readonly key: string; readonly decide: (state: VirtualState) => VirtualChange },
): Promise<VirtualMade> {
  return transaction(
    dataSource,
    async (sql): Promise<VirtualMade> => {
      await sql.run(begin, [siteId, registerId, JSON.stringify(freshState)]);
      const [row] = await sql.rows<{ state: VirtualState }>(lock, [siteId, registerId]);
      const [known] = await sql.rows<{ entry: VirtualEntry }>(entryOf, [siteId, registerId, asked.key]);
      if (known) return { kind: 'made', entry: known.entry };
      const decided = asked.decide(row?.state ?? freshState);
      if (decided.kind === 'refused') return decided;
      const { state } = decided;
      const entry = storable(decided.entry);
      await sql.run(write, [siteId, registerId, JSON.stringify(state)]);
      await sql.run(add, [siteId, registerId, asked.key, entry.check?.number ?? null, JSON.stringify(entry)]);
      return { kind: 'made', entry };
    },
    unavailable,
  );
}

/** What a database can hold: texts of clients may have zero bytes and halves of characters. Answered as it is stored, so that a repeat gets the same. */
function storable(entry: VirtualEntry): VirtualEntry {
  const text = JSON.stringify(entry, (_name, value: unknown) => (typeof value === 'string' ? value.replace(/[\0\p{Cs}]/gu, '\ufffd') : value));
  return JSON.parse(text) as VirtualEntry;
}
