import type { Sql, Statement } from '@kkm/postgres';
import type { RegisterRow, TerminalRow } from './equipment.row';

/** The equipment of a site in the order in which the KkmServer door counts it: by number, what has none last. */
export interface UnitRows {
  registers(siteId: string): Promise<readonly RegisterRow[]>;
  terminals(siteId: string): Promise<readonly TerminalRow[]>;
}

const registers: Statement = { name: 'units-registers', text: 'select * from gateway.register where site_id = $1 order by num_device = 0, num_device, id' };
const terminals: Statement = { name: 'units-terminals', text: 'select * from gateway.terminal where site_id = $1 order by num_device = 0, num_device, id' };

/** Reads them anew each time: a setting is in force the moment it is committed, on every replica. */
export function unitRows(sql: Sql): UnitRows {
  return {
    registers: (siteId) => sql.rows<RegisterRow>(registers, [siteId]),
    terminals: (siteId) => sql.rows<TerminalRow>(terminals, [siteId]),
  };
}
