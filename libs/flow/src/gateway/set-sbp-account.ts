import type { SbpAccount, SbpBankName, SbpSealingKey } from '@kkm/core';
import type { SbpLedger } from './ports';

/** What a secret is sealed to: the ledger's key, and the one site and bank it is for. */
export interface SealFor extends SbpSealingKey {
  readonly siteId: string;
  readonly bank: SbpBankName;
}

/** Seals a secret so that the ledger alone can read it. An argument because pure layers have no cryptography. */
export type Seal = (secret: string, to: SealFor) => Promise<string>;

/** A checked request to set a site's bank. */
export interface SbpAccountRequest {
  readonly siteId: string;
  readonly bank: SbpBankName;
  readonly baseUrl: string;
  readonly merchantId: string;
  /** Null: the one that is stored stays. */
  readonly secret: string | null;
  /** The name of the key that sets it. */
  readonly by: string;
}

/** Sets a site's contract with a bank. The secret is sealed here and travels on only so: neither broker nor database ever holds it in the clear (design-money, clause 19). */
export class SetSbpAccount {
  constructor(private readonly ports: { readonly ledger: Pick<SbpLedger, 'sealingKey' | 'setAccount'>; readonly seal: Seal }) {}

  /** @throws Rejected when no secret was ever set for the bank and none is given; Unavailable when the ledger did not answer. */
  async run({ secret, ...account }: SbpAccountRequest): Promise<SbpAccount> {
    const { siteId, bank } = account;
    const sealedSecret = secret === null ? null : await this.ports.seal(secret, { ...(await this.ports.ledger.sealingKey()), siteId, bank });
    return this.ports.ledger.setAccount({ ...account, sealedSecret });
  }
}
