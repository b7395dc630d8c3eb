/** The settings whose changes are kept. A register's automatic acquiring and fiscal side are members of the register. */
export const settingKinds = ['site', 'register', 'terminal', 'terminal_profile', 'sbp_account'] as const;
/** One of {@link settingKinds}. */
export type SettingKind = (typeof settingKinds)[number];

/** Who changed a setting: a user, an API key, or one of KKM's own doors and commands, by id and by the name it has for people. */
export interface SettingAuthor {
  readonly kind: 'api_key' | 'user' | 'door';
  readonly id: string;
  readonly name: string;
}

/** One change of a setting, from what to what; null where there was or is nothing. Secrets are told as set or not, never themselves. */
export interface SettingChange {
  readonly id: string;
  readonly at: string;
  readonly by: SettingAuthor;
  readonly kind: SettingKind;
  /** Null for a profile of every site. */
  readonly siteId: string | null;
  readonly entryId: string;
  readonly what: 'created' | 'changed' | 'deleted';
  readonly before: Readonly<Record<string, unknown>> | null;
  readonly after: Readonly<Record<string, unknown>> | null;
  /** A password or secret was set, changed or dropped with it. */
  readonly secretChanged: boolean;
  /** The change that this one took back. */
  readonly undoes: string | null;
  /** The change by which this one was taken back. */
  readonly undoneBy: string | null;
  /** Whether it could be taken back as far as the history tells: it is the newest of its entry and needs no secret. What is in use shows when it is tried. */
  readonly undoable: boolean;
}
