import type { AutomaticAcquiring, Fiscal } from '@kkm/contracts';
import type { BankIdentity, LateApproval, Method, TerminalTransport } from '@kkm/core';
import type { ReceiptFailurePolicy } from '@kkm/flow/kkmserver';

/** Free data of a profile. */
export type ProfileValues = Readonly<Record<string, unknown>>;

interface Stamps {
  readonly created_at: Date;
  readonly updated_at: Date;
}

/** A row of `gateway.site`. */
export interface SiteRow extends Stamps {
  readonly id: string;
  readonly name: string;
  readonly late_approval: LateApproval;
  readonly revision: number;
}

/** A row of `gateway.register`. */
export interface RegisterRow extends Stamps {
  readonly site_id: string;
  readonly id: string;
  readonly name: string;
  readonly num_device: number;
  readonly acquiring_option: 'none' | Method;
  readonly acquiring_terminal_id: string | null;
  readonly unit_name: string | null;
  readonly enabled: boolean;
  readonly on_receipt_failure: ReceiptFailurePolicy;
  readonly settle_on_close_shift: boolean;
  readonly fiscal: KeptFiscal;
}

/** A register's fiscal side as it is stored: the password sealed to the gateway's key, null when there is none. */
export type KeptFiscal =
  | { readonly mode: 'none' }
  | { readonly mode: 'forward'; readonly url: string; readonly login: string; readonly numDevice: number; readonly sealedPassword: string | null };

/** A row of `gateway.terminal`. */
export interface TerminalRow extends Stamps {
  readonly site_id: string;
  readonly id: string;
  readonly name: string;
  readonly driver: string;
  readonly transport: TerminalTransport;
  readonly profile_id: string | null;
  readonly profile: ProfileValues;
  readonly read_attempts_max: number;
  readonly enabled: boolean;
  readonly num_device: number;
  readonly bank: BankIdentity;
  readonly revision: number;
}

/** A row of `gateway.terminal_profile`. */
export interface TerminalProfileRow extends Stamps {
  readonly site_id: string | null;
  readonly id: string;
  readonly name: string;
  readonly driver: string;
  readonly settings: ProfileValues;
}

const stamps = (row: Stamps) => ({ createdAt: row.created_at.toISOString(), updatedAt: row.updated_at.toISOString() });

/** A site as the contract shows it. */
export function shownSite(row: SiteRow) {
  return { id: row.id, name: row.name, lateApproval: row.late_approval, revision: row.revision, ...stamps(row) };
}

/** A register as the contract shows it. */
export function shownRegister(row: RegisterRow) {
  return {
    id: row.id,
    siteId: row.site_id,
    name: row.name,
    numDevice: row.num_device,
    automaticAcquiring: shownAcquiring(row),
    fiscal: shownFiscal(row.fiscal),
    unitName: row.unit_name,
    enabled: row.enabled,
    onReceiptFailure: row.on_receipt_failure,
    settleOnCloseShift: row.settle_on_close_shift,
    ...stamps(row),
  };
}

/** Member by member, so that nothing sealed gets out. */
function shownFiscal(fiscal: KeptFiscal): Fiscal {
  if (fiscal.mode === 'none') return { mode: 'none' };
  const { url, login, numDevice, sealedPassword } = fiscal;
  return { mode: 'forward', url, login, numDevice, passwordSet: sealedPassword !== null };
}

/** A register's automatic acquiring as the contract shows it. */
export function shownAcquiring(row: RegisterRow): AutomaticAcquiring {
  return { option: row.acquiring_option, terminalId: row.acquiring_terminal_id };
}

/** A terminal as the contract shows it. */
export function shownTerminal(row: TerminalRow) {
  return {
    id: row.id,
    siteId: row.site_id,
    name: row.name,
    driver: row.driver,
    transport: row.transport,
    profileId: row.profile_id,
    profile: row.profile,
    readAttemptsMax: row.read_attempts_max,
    enabled: row.enabled,
    numDevice: row.num_device,
    bank: row.bank,
    revision: row.revision,
    ...stamps(row),
  };
}

/** A terminal profile as the contract shows it. */
export function shownTerminalProfile(row: TerminalProfileRow) {
  return { id: row.id, siteId: row.site_id, name: row.name, driver: row.driver, values: row.settings, ...stamps(row) };
}

/** A site as the contract shows it. */
export type Site = ReturnType<typeof shownSite>;
/** A register as the contract shows it. */
export type Register = ReturnType<typeof shownRegister>;
/** A terminal as the contract shows it. */
export type Terminal = ReturnType<typeof shownTerminal>;
/** A terminal profile as the contract shows it. */
export type TerminalProfile = ReturnType<typeof shownTerminalProfile>;
