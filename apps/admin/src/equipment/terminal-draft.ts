import type { SentBody } from '@kkm/contracts';
import { isSame } from '../parts/use-draft';
import { bankOfDraft, draftOfBank } from './bank-draft';
import type { BankDraft } from './bank-draft';
import type { Terminal } from './equipment';
import type { LinkDraft } from './link-test';
import type { Transport } from './transports';

/** A terminal's settings as a form holds them. */
export interface TerminalDraft {
  readonly name: string;
  readonly transport: Transport;
  readonly profileId: string | null;
  /** Overrides of the profile, as JSON text. */
  readonly profile: string;
  readonly readAttemptsMax: number;
  readonly enabled: boolean;
  readonly numDevice: number;
  readonly bank: BankDraft;
}

/** What the form shows of a terminal. */
export function draftOfTerminal(terminal: Terminal): TerminalDraft {
  const { name, transport, profileId, profile, readAttemptsMax, enabled, numDevice, bank } = terminal;
  return { name, transport, profileId, profile: textOfValues(profile), readAttemptsMax, enabled, numDevice, bank: draftOfBank(bank) };
}

/** The members to be changed, as KKM takes them. Null: the overrides are no JSON object. */
export function changesOfDraft(changes: Partial<TerminalDraft>): SentBody<'ChangeTerminal'> | null {
  const { profile, bank, ...plain } = changes;
  const values = profile === undefined ? undefined : valuesOfText(profile);
  if (values === null) return null;
  return { ...plain, ...(values === undefined ? {} : { profile: values }), ...(bank === undefined ? {} : { bank: bankOfDraft(bank) }) };
}

/** What of a change the link depends on, to be tried before it is saved; null when it depends on none of it. */
export function linkDraftOf(changes: SentBody<'ChangeTerminal'>): LinkDraft | null {
  const { transport, profileId, profile } = changes;
  const draft = {
    ...(transport === undefined ? {} : { transport }),
    ...(profileId === undefined ? {} : { profileId }),
    ...(profile === undefined ? {} : { profile }),
  };
  return isSame(draft, {}) ? null : draft;
}

/** Values of a profile as a person edits them. */
export function textOfValues(values: Readonly<Record<string, unknown>>): string {
  return Object.keys(values).length === 0 ? '' : JSON.stringify(values, null, 2);
}

/** The values that a text says; null when it is no JSON object. */
export function valuesOfText(text: string): Record<string, unknown> | null {
  if (text.trim() === '') return {};
  try {
    const values: unknown = JSON.parse(text);
    return typeof values === 'object' && values !== null && !Array.isArray(values) ? (values as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}
