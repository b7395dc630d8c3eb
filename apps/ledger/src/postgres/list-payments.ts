import type { PaymentFilter, PaymentRecord } from '@kkm/flow/ledger';
import type { Sql, Statement } from '@kkm/postgres';
import { listAll, listByAccount, listByCode, listByRrn, listOrder, listSite } from './read-statements';
import { groupRows, hasRows, recordFrom } from './record.row';
import type { RecordRow } from './record.row';

/** Reads a page of payments, newest first, by the statement whose index narrows it most; see `LedgerStore.list`. */
export async function listPayments(sql: Sql, filter: PaymentFilter): Promise<readonly PaymentRecord[]> {
  const { orderId, status, fromId, beforeId, limit, scope, amount, purpose, method, settlementAccount, rrn, authorisationCode } = filter;
  if (filter.siteId !== null && scope !== null && !scope.includes(filter.siteId)) return [];
  const rest = [orderId, status, fromId, beforeId, limit, amount, purpose, method, settlementAccount];
  const one = filter.siteId ?? (scope?.length === 1 ? scope[0] : null);
  const sites = one === null ? scope : [one];
  const page = async (statement: Statement, values: readonly unknown[]): Promise<readonly PaymentRecord[]> =>
    groupRows(await sql.rows<RecordRow>(statement, values), limit)
      .filter(hasRows)
      .map(recordFrom);
  if (rrn !== null) return page(listByRrn, [sites, ...rest, rrn, authorisationCode]);
  if (authorisationCode !== null) return page(listByCode, [sites, ...rest, authorisationCode]);
  if (settlementAccount !== null && orderId === null) return page(listByAccount, [sites, ...rest]);
  if (one === null) return page(listAll, [sites, ...rest]);
  return page(orderId === null ? listSite : listOrder, [one, ...rest]);
}
