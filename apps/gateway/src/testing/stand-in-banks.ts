import { createHmac } from 'node:crypto';
import { Aes256Gcm, CipherSuite, DhkemX25519HkdfSha256, HkdfSha256 } from '@hpke/core';
import type { LedgerCalls } from '@kkm/contracts';
import { Rejected } from '@kkm/core';
import type { SbpAccount, SbpNotificationRequest, SetSbpAccountRequest } from '@kkm/core';

const suite = new CipherSuite({ kem: new DhkemX25519HkdfSha256(), kdf: new HkdfSha256(), aead: new Aes256Gcm() });

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
  private readonly keys = suite.kem.generateKeyPair();

  /** The header a bank sends with a body. */
  static signature(secret: string, body: string | Buffer): string {
    return createHmac('sha256', secret).update(body).digest('hex');
  }

  answers(): BankAnswers {
    return {
      'sbp.sealing-key': async () => {
        const { publicKey } = await this.keys;
        return { publicKey: Buffer.from(await suite.kem.serializePublicKey(publicKey)).toString('base64url') };
      },
      'sbp.account': ({ siteId }) => this.accounts.get(siteId) ?? null,
      'sbp.set-account': async (request) => {
        this.set.push(request);
        const { siteId, bank, baseUrl, merchantId, sealedSecret, by } = request;
        if (sealedSecret !== null) this.secrets.set(siteId, await this.opened(sealedSecret, `kkm sbp ${siteId} ${bank}`));
        if (!this.secrets.has(siteId)) throw new Rejected('request.invalid', { members: { errors: [{ pointer: '#/secret', detail: 'is not set yet' }] } });
        const account = { siteId, bank, baseUrl, merchantId, active: true, changedAt: new Date().toISOString(), changedBy: by };
        this.accounts.set(siteId, account);
        return account;
      },
      'sbp.notified': (request) => {
        this.heard.push(request);
        const secret = this.secrets.get(request.siteId);
        if (secret === undefined) throw new Rejected('equipment.not_found');
        if (request.headers['x-api-signature-sha256'] !== StandInBanks.signature(secret, request.body)) throw new Rejected('sbp.signature_invalid');
        return { kind: 'heard', reply: 'OK' };
      },
    };
  }

  private async opened(sealed: string, info: string): Promise<string> {
    const bytes = Uint8Array.from(Buffer.from(sealed, 'base64url'));
    const { privateKey: recipientKey } = await this.keys;
    const enc = bytes.slice(0, 32).buffer;
    return Buffer.from(await suite.open({ recipientKey, enc, info: Uint8Array.from(Buffer.from(info)).buffer }, bytes.slice(32).buffer)).toString();
  }
}
