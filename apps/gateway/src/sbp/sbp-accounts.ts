import { Rejected } from '@kkm/core';
import type { ShownSbpAccount, SetSbpAccountBody } from '@kkm/contracts';
import type { SbpAccount } from '@kkm/core';
import { SetSbpAccount } from '@kkm/flow/gateway';
import type { Seal, SbpLedger } from '@kkm/flow/gateway';
import type { Log } from '@kkm/messaging';
import { urlFault } from '@kkm/outbound';
import type { SettingsAuthor } from '../equipment/ports';
import type { RememberBank } from '../postgres/bank-history';

/** What the banks of sites are set over. */
export interface SbpSurroundings {
  readonly ledger: SbpLedger;
  readonly seal: Seal;
  readonly log: Log;
  /** Writes down who set it, from what to what. */
  readonly remember: RememberBank;
  /** Whether a bank may be at a private address: for demonstrations and tests, whose bank is the virtual terminal's. */
  readonly privateBanks: boolean;
}

/** Who sets a bank, for the ledger's record and for the log. */
export interface SbpAuthor extends SettingsAuthor {
  readonly requestId: string;
}

/** The banks of sites, as doors set and show them. No secret leaves by any of this. */
export class SbpAccounts {
  private readonly change: SetSbpAccount;

  constructor(private readonly around: SbpSurroundings) {
    this.change = new SetSbpAccount(around);
  }

  /** The bank in force. @throws Rejected `equipment.not_found` when there is none. */
  async read(siteId: string): Promise<ShownSbpAccount> {
    const account = await this.around.ledger.account({ siteId });
    if (!account) throw new Rejected('equipment.not_found', { detail: `Site ${siteId} has no bank for SBP.` });
    return shown(account);
  }

  /** Sets the bank. @throws Rejected `request.invalid`. */
  async set(siteId: string, body: SetSbpAccountBody, by: SbpAuthor): Promise<ShownSbpAccount> {
    const { bank, baseUrl, merchantId, secret } = body;
    const fault = urlFault(baseUrl, { privateAllowed: this.around.privateBanks, queryAllowed: false });
    if (fault !== null) throw new Rejected('request.invalid', { members: { errors: [{ pointer: '#/baseUrl', detail: fault }] } });
    const secretChanged = secret !== undefined;
    const { after } = await this.around.remember(siteId, by, async () => {
      const before = await this.around.ledger.account({ siteId });
      const account = await this.change.run({ siteId, bank, baseUrl, merchantId, secret: secret ?? null, by: by.name });
      return { before: before && shown(before), after: shown(account), secretChanged };
    });
    const { id: callerId, requestId } = by;
    this.around.log.info({ callerId, requestId, siteId, bank, baseUrl, secretChanged }, 'The bank of a site was set.');
    return after;
  }
}

/** Member by member: what else an answer may hold is not for callers. */
function shown({ siteId, bank, baseUrl, merchantId, active, changedAt, changedBy }: SbpAccount): ShownSbpAccount {
  return { siteId, bank, baseUrl, merchantId, active, secretSet: true, changedAt, changedBy };
}
