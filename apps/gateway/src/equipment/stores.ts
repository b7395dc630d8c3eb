import type { Registers } from '../postgres/registers';
import type { SettingChanges } from '../postgres/setting-changes';
import type { Sites } from '../postgres/sites';
import type { TerminalProfiles } from '../postgres/terminal-profiles';
import type { Terminals } from '../postgres/terminals';

export type { DraftSettings } from '../postgres/terminals';
export type { Register, Site, Terminal, TerminalProfile } from '../postgres/equipment.row';

/** What doors do with sites. */
export type SiteStore = Pick<Sites, keyof Sites>;
/** What doors do with registers. */
export type RegisterStore = Pick<Registers, keyof Registers>;
/** What doors do with terminals. */
export type TerminalStore = Pick<Terminals, keyof Terminals>;
/** What doors do with terminal profiles. */
export type TerminalProfileStore = Pick<TerminalProfiles, keyof TerminalProfiles>;

/** What doors do with the history of settings. */
export type SettingHistory = Pick<SettingChanges, keyof SettingChanges>;

/** The names under which the module hands the stores to the doors, which know no tables. */
export const stores = {
  sites: Symbol('sites'),
  registers: Symbol('registers'),
  terminals: Symbol('terminals'),
  profiles: Symbol('terminal profiles'),
  history: Symbol('history of settings'),
} as const;
