import { check, noBankIdentity, Rejected, unreachable } from '@kkm/core';
import type { BankIdentity, SettingChange } from '@kkm/core';
import type { SetFiscal, ShownSbpAccount } from '@kkm/contracts';
import { scopeOf } from '../access/caller';
import type { Caller } from '../access/caller';
import { isFirstBank, needsSecret } from '../postgres/setting-changes';
import type { SbpAccounts } from '../sbp/sbp-accounts';
import type { NamedEntry, SettingsAuthor } from './ports';
import type { Register, RegisterStore, SettingHistory, Site, SiteStore, Terminal, TerminalProfile, TerminalProfileStore, TerminalStore } from './stores';

/** What {@link UndoSetting} takes changes back in. */
export interface UndoPorts {
  readonly history: Pick<SettingHistory, 'read' | 'undoOf'>;
  readonly sites: SiteStore;
  readonly registers: RegisterStore;
  readonly terminals: TerminalStore;
  readonly profiles: TerminalProfileStore;
  readonly sbpAccounts: Pick<SbpAccounts, 'set'>;
}

/** A store, as far as taking back goes: an entry is made again, given its earlier members, or deleted. */
interface Remaking<Shown> {
  readonly create: (before: Shown) => Promise<unknown>;
  readonly change: (before: Shown) => Promise<unknown>;
  readonly delete: () => Promise<void>;
}

/** Takes a change of a setting back by a further change, under the same rules as any other: what is in use stays, and what has unfinished work is not moved. */
export class UndoSetting {
  constructor(private readonly ports: UndoPorts) {}

  /** @throws Rejected `setting.not_found`, `setting.changed_since`, `setting.secret_needed`, and what the change itself may be refused with. */
  async run(id: string, caller: Caller, requestId: string): Promise<SettingChange> {
    const change = await this.ports.history.read(id, { scope: scopeOf(caller), withBanks: caller.scopes.includes('admin') });
    if (needsSecret(change)) throw new Rejected('setting.secret_needed');
    if (isFirstBank(change)) throw new Rejected('setting.secret_needed', { detail: 'The site had no bank before: set another one.' });
    // Also refused in the transaction, where nothing can come between. Here it is said before anything else is found in the way.
    if (!change.undoable) throw new Rejected('setting.changed_since');
    const { kind, id: by, name, siteId } = caller;
    await this.undo(change, { kind, id: by, name, siteId, undoing: id }, requestId);
    return this.ports.history.undoOf(id);
  }

  private async undo(change: SettingChange, by: SettingsAuthor, requestId: string): Promise<void> {
    const { sites, registers, terminals, profiles } = this.ports;
    const { entryId, siteId } = change;
    const entry: NamedEntry = { id: entryId, siteId };
    switch (change.kind) {
      case 'site':
        return remake<Site>(change, {
          create: (before) => sites.create(before, by),
          change: ({ name, lateApproval }) => sites.change(entryId, { name, lateApproval }, by),
          delete: () => sites.delete(entryId, by),
        });
      case 'register':
        return remake<Register>(change, {
          create: (before) => registers.create({ ...before, fiscal: fiscalOf(before) }, by),
          change: (before) => registers.change(entry, { ...before, fiscal: fiscalOf(before) }, by),
          delete: () => registers.delete(entryId, siteId, by),
        });
      case 'terminal':
        return remake<Terminal>(change, {
          create: (before) => terminals.create({ ...before, bank: bankOf(before) }, by),
          change: (before) => terminals.change(entry, { ...before, bank: bankOf(before) }, by),
          delete: () => terminals.delete(entryId, siteId, by),
        });
      case 'terminal_profile':
        return remake<TerminalProfile>(change, {
          create: (before) => profiles.create(before, by),
          change: ({ name, values }) => profiles.change(entry, { name, values }, by),
          delete: () => profiles.delete(entryId, siteId, by),
        });
      case 'sbp_account':
        return this.undoBank(change, by, requestId);
      default:
        return unreachable(change.kind);
    }
  }

  private async undoBank({ before, siteId }: SettingChange, by: SettingsAuthor, requestId: string): Promise<void> {
    check(before !== null && siteId !== null, 'a change of a bank has a site and a bank before');
    const { bank, baseUrl, merchantId } = before as unknown as ShownSbpAccount;
    await this.ports.sbpAccounts.set(siteId, { bank, baseUrl, merchantId }, { ...by, requestId });
  }
}

async function remake<Shown>({ before, after }: SettingChange, store: Remaking<Shown>): Promise<void> {
  if (before === null) await store.delete();
  else if (after === null) await store.create(before as unknown as Shown);
  else await store.change(before as unknown as Shown);
}

/** The fiscal side as a body sets it. A password that is there stays; {@link needsSecret} has seen to it that it is the same one. */
function fiscalOf({ fiscal }: Register): SetFiscal {
  if (fiscal.mode === 'none') return { mode: 'none' };
  const { mode, url, login, numDevice, passwordSet } = fiscal;
  return { mode, url, login, numDevice, ...(passwordSet ? {} : { password: '' }) };
}

/** Changes of earlier releases know of no bank. */
function bankOf({ bank }: { readonly bank?: BankIdentity }): BankIdentity {
  return bank ?? noBankIdentity;
}
