import type { DoorUnits } from '@kkm/flow/kkmserver';
import { sqlOf } from '@kkm/postgres';
import type { openDataSource } from '@kkm/postgres';
import type { RegisterStore, TerminalStore } from './equipment/stores';
import { fiscalSides } from './fiscal/fiscal-sides';
import { unitRows } from './postgres/unit-rows';
import { virtualBooks } from './postgres/virtual-books';
import { SiteUnits } from './units/site-units';

/** What the units of the KkmServer door are built over. */
export interface DoorUnitGround {
  readonly dataSource: Awaited<ReturnType<typeof openDataSource>>;
  readonly registers: RegisterStore;
  readonly terminals: TerminalStore;
}

/** The units of the KkmServer door, with the fiscal side of each register. */
export function buildDoorUnits({ dataSource, registers, terminals }: DoorUnitGround): DoorUnits {
  const sides = fiscalSides({ virtualBooks: virtualBooks(dataSource) });
  return new SiteUnits({ rows: unitRows(sqlOf(dataSource, 'settings.unavailable')), registers, terminals, fiscal: sides });
}
