import { Rejected, Unavailable } from '@kkm/core';
import type { SbpAccount, SbpBankName, SbpSealingKey, SetSbpAccountRequest } from '@kkm/core';
import type { SbpBank, SbpBanks } from '@kkm/flow/ledger';
import type { BankContract } from '@kkm/sbp-banks';
import type { OpeningKeys } from '@kkm/sealing';

/** A contract as it is stored, with its secret as it came. */
export interface KeptAccount {
  readonly account: SbpAccount;
  readonly sealedSecret: string;
}

/** Where contracts are kept. All methods throw `Unavailable('ledger.unavailable')` when the database cannot be had. */
export interface SbpAccountTable {
  active(siteId: string): Promise<KeptAccount | null>;
  find(siteId: string, bank: SbpBankName): Promise<KeptAccount | null>;
  /** Sets a contract and makes it the active one; null when none came with it and it has no secret yet, or has one for another address. */
  set(request: SetSbpAccountRequest, nowMs: number): Promise<SbpAccount | null>;
}

/** What {@link SiteBanks} works with. `keys` is null where the ledger was given none. */
export interface SiteBankParts {
  readonly table: SbpAccountTable;
  readonly keys: OpeningKeys | null;
  readonly connect: (contract: BankContract, siteId: string) => SbpBank;
  readonly nowMs: () => number;
}

/** An opened bank, and the stored contract it was opened by. */
interface OpenedBank {
  readonly kept: KeptAccount;
  readonly bank: SbpBank;
}

/** The banks of sites: contracts from the table, secrets opened in memory when they are used, and never written anywhere. */
export class SiteBanks implements SbpBanks {
  private readonly opened = new Map<string, OpenedBank>();

  constructor(private readonly parts: SiteBankParts) {}

  async active(siteId: string): Promise<SbpBankName | null> {
    return (await this.parts.table.active(siteId))?.account.bank ?? null;
  }

  async of(siteId: string, bank: SbpBankName): Promise<SbpBank | null> {
    const kept = await this.parts.table.find(siteId, bank);
    if (!kept) return null;
    const name = `${siteId}/${bank}`;
    const known = this.opened.get(name);
    if (known && isSame(known.kept, kept)) return known.bank;
    const fresh = await this.open(kept);
    this.opened.set(name, { kept, bank: fresh });
    return fresh;
  }

  /** The key that secrets are sealed to. @throws Unavailable when the ledger has none. */
  sealingKey(): SbpSealingKey {
    return { publicKey: this.keys().publicKey };
  }

  /** The contract that new QRs of a site are asked by; null when it has none. */
  async account(siteId: string): Promise<SbpAccount | null> {
    return (await this.parts.table.active(siteId))?.account ?? null;
  }

  /** Sets a contract. @throws Rejected `request.invalid` when its secret is missing, or is sealed to another key, site or bank. */
  async setAccount(request: SetSbpAccountRequest): Promise<SbpAccount> {
    const keys = this.keys();
    // Tried now: a secret that does not open would be found out by the first guest.
    if (request.sealedSecret !== null) await keys.open(request.sealedSecret, request);
    const account = await this.parts.table.set(request, this.parts.nowMs());
    if (!account)
      throw new Rejected('request.invalid', {
        members: { errors: [{ pointer: '#/secret', detail: 'is needed: none is stored for this bank at this address' }] },
      });
    return account;
  }

  private async open({ account, sealedSecret }: KeptAccount): Promise<SbpBank> {
    const { siteId, bank, baseUrl, merchantId } = account;
    try {
      return this.parts.connect({ bank, baseUrl, merchantId, secret: await this.keys().open(sealedSecret, { siteId, bank }) }, siteId);
    } catch (error) {
      if (!(error instanceof Rejected)) throw error;
      throw new Unavailable('sbp.bank_unavailable', { detail: 'the stored secret does not open with this ledger’s key; set it anew', cause: error });
    }
  }

  private keys(): OpeningKeys {
    const { keys } = this.parts;
    if (!keys) throw new Unavailable('sbp.bank_unavailable', { detail: 'the ledger has no KKM_SEALING_KEY, so banks cannot be set or used' });
    return keys;
  }
}

function isSame(one: KeptAccount, other: KeptAccount): boolean {
  const { baseUrl, merchantId } = one.account;
  return one.sealedSecret === other.sealedSecret && baseUrl === other.account.baseUrl && merchantId === other.account.merchantId;
}
