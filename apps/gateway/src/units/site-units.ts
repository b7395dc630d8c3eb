import type { KkmCommand } from '@kkm/core';
import type { DoorRegister, DoorUnit, DoorUnits, FiscalRegister } from '@kkm/flow/kkmserver';
import type { SettingsAuthor } from '../equipment/ports';
import type { RegisterStore, TerminalStore } from '../equipment/stores';
import type { RegisterRow, TerminalRow } from '../postgres/equipment.row';
import type { UnitRows } from '../postgres/unit-rows';
import { unitIdOf, isAskedFor, listedRegister, listedTerminal, unitNameOf } from './list-unit';
import type { ListedUnit } from './list-unit';

/** What the units of a site are read and made with. */
export interface SiteUnitParts {
  readonly rows: UnitRows;
  readonly registers: Pick<RegisterStore, 'change'>;
  readonly terminals: Pick<TerminalStore, 'change'>;
  readonly fiscal: FiscalSides;
}

/** The fiscal sides of registers. */
export interface FiscalSides {
  of(row: RegisterRow): FiscalRegister;
  /** What the register elsewhere says of itself, not older than a minute or so; null where there is none, or it cannot be reached. */
  described(row: RegisterRow): Promise<ListedUnit | null>;
}

/** Who switches units by `OnOffUnut`, for the history of settings. */
const doorAuthor = { kind: 'door', id: 'kkmserver', name: 'KkmServer' } as const;

/** The units of sites over the gateway's equipment. A unit that is switched off is not found, as with KkmServer; only `List` and `OnOffUnut` know it. */
export class SiteUnits implements DoorUnits {
  constructor(private readonly parts: SiteUnitParts) {}

  async register(siteId: string, { unit }: KkmCommand): Promise<DoorRegister | null> {
    const { numDevice, idDevice } = unit;
    const able = (await this.parts.rows.registers(siteId)).filter(({ enabled }) => enabled);
    const named = able.filter(
      (row) => (numDevice === 0 || row.num_device === numDevice) && (idDevice === null || unitIdOf('register', row) === idDevice.toLowerCase()),
    );
    const row = await this.searched(named, unit);
    return row && this.doorRegister(row);
  }

  async registerById(siteId: string, registerId: string): Promise<DoorRegister | null> {
    const row = (await this.parts.rows.registers(siteId)).find(({ id }) => id === registerId);
    return row ? this.doorRegister(row) : null;
  }

  async terminal(siteId: string, numDevice: number): Promise<(DoorUnit & { readonly terminalId: string }) | null> {
    const [registers, terminals] = await Promise.all([this.parts.rows.registers(siteId), this.parts.rows.terminals(siteId)]);
    const able = terminals.filter(({ enabled }) => enabled);
    const ofRegister = (row: RegisterRow | undefined): TerminalRow | undefined => able.find(({ id }) => row && id === row.acquiring_terminal_id);
    if (numDevice > 0) {
      const own = terminals.find((row) => row.num_device === numDevice);
      const register = own ? undefined : registers.find((row) => row.enabled && row.num_device === numDevice);
      return doorTerminal(own?.enabled ? own : ofRegister(register), register);
    }
    const first = registers.find((row) => row.enabled && ofRegister(row));
    return doorTerminal(ofRegister(first) ?? able[0], first);
  }

  async list(siteId: string, filters: Readonly<Record<string, unknown>>): Promise<readonly ListedUnit[]> {
    const [registers, terminals] = await Promise.all([this.parts.rows.registers(siteId), this.parts.rows.terminals(siteId)]);
    const listed = await Promise.all(registers.map(async (row) => listedRegister(row, await this.parts.fiscal.described(row))));
    // Registers first: some clients take the first unit for theirs.
    return [...listed, ...terminals.map(listedTerminal)].filter((unit) => isAskedFor(unit, filters));
  }

  /** @throws Rejected `equipment.terminal_busy` when a terminal with unfinished work is to be switched off. */
  async onOff(siteId: string, numDevice: number, active: boolean): Promise<boolean> {
    if (numDevice === 0) return false;
    const by: SettingsAuthor = { ...doorAuthor, siteId };
    const register = (await this.parts.rows.registers(siteId)).find((row) => row.num_device === numDevice);
    const terminal = register ? undefined : (await this.parts.rows.terminals(siteId)).find((row) => row.num_device === numDevice);
    if (register) await this.parts.registers.change({ id: register.id, siteId }, { enabled: active }, by);
    if (terminal) await this.parts.terminals.change({ id: terminal.id, siteId }, { enabled: active }, by);
    return register !== undefined || terminal !== undefined;
  }

  /** The first of those that fit what is searched for; one that has a tax number or factory number of its own before one that has none and so fits any. */
  private async searched(rows: readonly RegisterRow[], { innKkm, kktNumber }: KkmCommand['unit']): Promise<RegisterRow | null> {
    if (innKkm === null && kktNumber === null) return rows[0] ?? null;
    const known = await Promise.all(rows.map(async (row) => ({ row, there: await this.parts.fiscal.described(row) })));
    const fits = (there: ListedUnit | null, member: string, asked: string | null): boolean =>
      asked === null || typeof there?.[member] !== 'string' || there[member] === '' || there[member] === asked;
    const fitting = known.filter(({ there }) => fits(there, 'INN', innKkm) && fits(there, 'KktNumber', kktNumber));
    return (fitting.find(({ there }) => there !== null) ?? fitting[0])?.row ?? null;
  }

  private doorRegister(row: RegisterRow): DoorRegister {
    const { id, num_device: numDevice, enabled, acquiring_option: option, acquiring_terminal_id: terminalId } = row;
    return {
      numDevice,
      unitName: unitNameOf(row),
      registerId: id,
      terminalId,
      enabled,
      acquiring: { option, terminalId },
      settleOnCloseShift: row.settle_on_close_shift,
      fiscal: this.parts.fiscal.of(row),
    };
  }
}

/** A terminal under the number that named it: its own, or that of the register whose payments it takes. */
function doorTerminal(row: TerminalRow | undefined, register: RegisterRow | undefined): (DoorUnit & { readonly terminalId: string }) | null {
  if (!row) return null;
  return { numDevice: row.num_device, unitName: row.name, registerId: register?.id ?? null, terminalId: row.id, enabled: true };
}
