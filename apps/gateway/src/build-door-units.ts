import type { DoorUnits } from '@kkm/flow/kkmserver';
import { sqlOf } from '@kkm/postgres';
import type { openDataSource } from '@kkm/postgres';
import type { RegisterStore, TerminalStore } from './equipment/stores';
import type { FiscalPasswords } from './fiscal/fiscal-passwords';
import { fiscalSides } from './fiscal/fiscal-sides';
import { forwardedChecks } from './postgres/forwarded-checks';
import { unitRows } from './postgres/unit-rows';
import { virtualBooks } from './postgres/virtual-books';
import { SiteUnits } from './units/site-units';

/** What the units of the KkmServer door are built over. */
export interface DoorUnitGround {
  readonly dataSource: Awaited<ReturnType<typeof openDataSource>>;
  readonly registers: RegisterStore;
  readonly terminals: TerminalStore;
  /** What opens the passwords of registers elsewhere. */
  readonly passwords: FiscalPasswords;
}

/** The units of the KkmServer door, with the fiscal side of each register. */
export function buildDoorUnits({ dataSource, registers, terminals, passwords }: DoorUnitGround): DoorUnits {
  const sql = sqlOf(dataSource, 'settings.unavailable');
  const sides = fiscalSides({ virtualBooks: virtualBooks(dataSource), forwardedChecks: forwardedChecks(sql), passwords });
  return new SiteUnits({ rows: unitRows(sql), registers, terminals, fiscal: sides });
}
