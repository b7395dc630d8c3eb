import type { SettingAuthor, TerminalStanding } from '@kkm/core';

/** A terminal by its full name. */
export interface TerminalName {
  readonly siteId: string;
  readonly terminalId: string;
}

/** What a change of equipment touches besides the tables. */
export interface EquipmentSurroundings {
  /** Declares and binds both queues of a terminal; only the gateway does (design-money, clause 22). */
  declareQueues(terminal: TerminalName): Promise<void>;
  /** Stops declaring them; commands that wait there expire. */
  forgetQueues(terminal: TerminalName): void;
  /** Tells the worker that drives the terminal to fetch its settings. */
  settingsChanged(terminal: TerminalName, revision: number): void;
  /** Asks the ledger about unfinished work. */
  standing(terminal: TerminalName): Promise<TerminalStanding>;
  /** Checks driver and profile. @throws Rejected `request.invalid`. */
  checkProfile(driver: string, values: Readonly<Record<string, unknown>>, member: 'profile' | 'values'): void;
}

/** Who reads settings: the sites they may see. */
export interface SettingsReader {
  readonly siteId: string | null;
}

/** Who changes settings. */
export interface SettingsAuthor extends SettingAuthor, SettingsReader {
  /** The change that is being taken back. Refused when the entry was changed again since. */
  readonly undoing?: string;
}

/** An entry as a path and its query name it; the site is needed where several use the id. */
export interface NamedEntry {
  readonly id: string;
  readonly siteId: string | null;
}

/** A page that was asked for. */
export interface AskedList {
  readonly siteId?: string | undefined;
  readonly limit: number;
  readonly cursor?: string | undefined;
}
