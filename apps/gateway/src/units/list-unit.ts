import { createHash } from 'node:crypto';
import type { TerminalTransport } from '@kkm/core';
import { virtualUnit } from '@kkm/flow/kkmserver';
import type { RegisterRow, TerminalRow } from '../postgres/equipment.row';
import { localTime } from './local-time';

/** An item of `ListUnit`. */
export type ListedUnit = Readonly<Record<string, unknown>>;

/** What the API writes where nothing is set. */
const undefinedText = '<Не определено>';

/** What a unit is called in answers. */
export function unitNameOf(row: RegisterRow | TerminalRow): string {
  return 'unit_name' in row && row.unit_name !== null ? row.unit_name : row.name;
}

/** The id by which clients may search a unit: the same for ever, made from its full name. */
export function unitIdOf(kind: 'register' | 'terminal', { site_id: site, id }: RegisterRow | TerminalRow): string {
  const digits = createHash('sha256').update(`${kind} ${site} ${id}`).digest('hex');
  return [digits.slice(0, 8), digits.slice(8, 12), digits.slice(12, 16), digits.slice(16, 20), digits.slice(20, 32)].join('-');
}

/**
 * A register as `List` shows it, with the types that the strictest known client reads (KkmServer facts, section 9.4). `there` is what the register elsewhere says of itself, where one
 * makes the receipts: its numbers and organisation are what clients look for, while number, name and id are those of KKM. Null: it cannot be reached.
 */
export function listedRegister(row: RegisterRow, there: ListedUnit | null): ListedUnit {
  const forwards = row.fiscal.mode === 'forward';
  const own = {
    NumDevice: row.num_device,
    IdDevice: unitIdOf('register', row),
    OnOff: row.enabled && (!forwards || there?.['OnOff'] === true),
    Active: row.enabled && (!forwards || there?.['Active'] === true),
    UnitName: unitNameOf(row),
    AddDate: localTime(row.created_at.getTime()),
    IsRegisterCheck: true,
  };
  return {
    ...own,
    TypeDevice: 'Фискальный регистратор',
    IdTypeDevice: forwards ? 'KkmServer' : 'KktEmulator',
    IP: undefinedText,
    Port: '',
    NameDevice: forwards ? 'KkmServer' : 'KKM: виртуальная касса (не фискальная)',
    INN: '',
    NameOrganization: '',
    ...virtualUnit,
    ...there,
    ...own,
  };
}

/** A terminal as `List` shows it: a device without goods, organisation and storage. */
export function listedTerminal(row: TerminalRow): ListedUnit {
  return {
    NumDevice: row.num_device,
    IdDevice: unitIdOf('terminal', row),
    OnOff: row.enabled,
    Active: row.enabled,
    UnitName: row.name,
    AddDate: localTime(row.created_at.getTime()),
    IsRegisterCheck: false,
    TypeDevice: 'Эквайринговый терминал',
    IdTypeDevice: row.driver,
    ...addressOf(row.transport),
    NameDevice: row.name,
    INN: '',
    NameOrganization: '',
    ...virtualUnit,
  };
}

/** Where a terminal is: a cable has no address, and its port is a path. */
function addressOf(transport: TerminalTransport): ListedUnit {
  return transport.kind === 'tcp' ? { IP: transport.host, Port: String(transport.port) } : { IP: '', Port: transport.path };
}

/** Whether a unit is one of those that a client asked for. A filter that is not said, or is of no type that it can have, leaves nothing out. */
export function isAskedFor(unit: ListedUnit, filters: Readonly<Record<string, unknown>>): boolean {
  return Object.entries(tests).every(([name, test]) => {
    const asked = filters[name];
    return asked === undefined || asked === null || asked === '' || test(unit, asked);
  });
}

type FilterTest = (unit: ListedUnit, asked: unknown) => boolean;

const sameText =
  (member: string): FilterTest =>
  (unit, asked) =>
    unit[member] === String(asked);
const sameFlag =
  (member: string): FilterTest =>
  (unit, asked) =>
    flagOf(asked) === null || unit[member] === flagOf(asked);
/** Dates of this form compare as text. */
const notAfter =
  (member: string): FilterTest =>
  (unit, asked) =>
    String(unit[member]) <= String(asked);

const tests: Readonly<Record<string, FilterTest>> = {
  NumDevice: (unit, asked) => Number(asked) === 0 || unit['NumDevice'] === Number(asked),
  InnKkm: sameText('INN'),
  IP: sameText('IP'),
  Active: sameFlag('Active'),
  OnOff: sameFlag('OnOff'),
  OFD_Error: (unit, asked) => flagOf(asked) === null || (unit['OFD_Error'] !== '') === flagOf(asked),
  OFD_DateErrorDoc: notAfter('OFD_DateErrorDoc'),
  FN_DateEnd: notAfter('FN_DateEnd'),
  FN_MemOverflowl: sameFlag('FN_MemOverflowl'),
  FN_IsFiscal: sameFlag('FN_IsFiscal'),
};

/** Clients write booleans as text at times; null: it is none. */
function flagOf(value: unknown): boolean | null {
  const word = typeof value === 'string' ? value.trim().toLowerCase() : value;
  if (word === true || word === 'true') return true;
  return word === false || word === 'false' ? false : null;
}
