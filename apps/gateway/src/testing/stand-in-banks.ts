import { createHmac, randomBytes } from 'node:crypto';
import type { LedgerCalls } from '@kkm/contracts';
import { Rejected } from '@kkm/core';
import type { SbpAccount, SbpNotificationRequest, SetSbpAccountRequest } from '@kkm/core';
import { openingKeys } from '@kkm/sealing';

type Call = 'sbp.sealing-key' | 'sbp.account' | 'sbp.set-account' | 'sbp.notified';
type BankAnswers = {
  readonly [Method in Call]: (request: LedgerCalls[Method]['request']) => LedgerCalls[Method]['answer'] | Promise<LedgerCalls[Method]['answer']>;
};

/** The stand-in ledger's banks: it opens what was sealed to it, and believes what is signed with the secret over the very body. */
export class StandInBanks {
  readonly set: SetSbpAccountRequest[] = [];
  readonly heard: SbpNotificationRequest[] = [];
  /** Secrets as they were opened, by site. */
  readonly secrets = new Map<string, string>();
  private readonly accounts = new Map<string, SbpAccount>();
  private readonly keys = openingKeys(randomBytes(32));

  /** The header a bank sends with a body. */
  static signature(secret: string, body: string | Buffer): string {
    return createHmac('sha256', secret).update(body).digest('hex');
  }

  answers(): BankAnswers {
    return {
      'sbp.sealing-key': async () => ({ publicKey: (await this.keys).publicKey }),
      'sbp.account': ({ siteId }) => this.accounts.get(siteId) ?? null,
      'sbp.set-account': async (request) => {
        this.set.push(request);
        const { siteId, bank, baseUrl, merchantId, sealedSecret, by } = request;
        if (sealedSecret !== null) this.secrets.set(siteId, await (await this.keys).open(sealedSecret, { siteId, bank }));
        if (!this.secrets.has(siteId)) throw new Rejected('request.invalid', { members: { errors: [{ pointer: '#/secret', detail: 'is not set yet' }] } });
        const account = { siteId, bank, baseUrl, merchantId, active: true, changedAt: new Date().toISOString(), changedBy: by };
        this.accounts.set(siteId, account);
        return account;
      },
      'sbp.notified': (request) => {
        this.heard.push(request);
        const secret = this.secrets.get(request.siteId);
        if (secret === undefined) throw new Rejected('sbp.bank_not_configured');
        if (request.headers['x-api-signature-sha256'] !== StandInBanks.signature(secret, request.body)) throw new Rejected('sbp.signature_invalid');
        return { kind: 'heard', reply: 'OK' };
      },
    };
  }
}
