import { Aes256Gcm, CipherSuite, DhkemX25519HkdfSha256, HkdfSha256 } from '@hpke/core';
import { check, Rejected } from '@kkm/core';
import type { SbpBankName, SbpSealingKey } from '@kkm/core';

/** What a bank's secret is bound to: it opens for no other site and no other bank. */
export interface SealedForBank {
  readonly siteId: string;
  readonly bank: SbpBankName;
}

/** What a fiscal register's password is bound to: it opens for no other register, address or login, so nobody can have it sent elsewhere. */
export interface SealedForRegister {
  readonly siteId: string;
  readonly registerId: string;
  readonly url: string;
  readonly login: string;
}

/** What the secret of a webhook endpoint is bound to: it signs for no other. */
export interface SealedForWebhook {
  readonly endpointId: string;
}

/** What a sealed secret is bound to. */
export type SealedFor = SealedForBank | SealedForRegister | SealedForWebhook;

/** A service's pair of keys: the half that everybody may seal to, and opening, which it alone can. */
export interface OpeningKeys extends SbpSealingKey {
  /** @throws Rejected `request.invalid` when the secret was sealed to another key, for something else, or is damaged. */
  open(sealed: string, bound: SealedFor): Promise<string>;
}

/** RFC 9180, section 7.1: X25519 has public keys, and so `enc`, of 32 bytes; what they are derived from is no shorter. */
const keyBytes = 32;

/** Seals a secret to a service's key by HPKE (RFC 9180, base mode), as `SbpSealingKey` describes. */
export async function sealSecret(secret: string, { publicKey, ...bound }: SealedFor & SbpSealingKey): Promise<string> {
  const suite = hpke();
  const recipientPublicKey = await suite.kem.deserializePublicKey(bytesOf(Buffer.from(publicKey, 'base64url')));
  const { enc, ct } = await suite.seal({ recipientPublicKey, info: infoOf(bound) }, bytesOf(Buffer.from(secret)));
  return Buffer.concat([Buffer.from(enc), Buffer.from(ct)]).toString('base64url');
}

/** The keys that 32 random bytes stand for (RFC 9180, DeriveKeyPair). The same bytes give the same keys. */
export async function openingKeys(seed: Uint8Array): Promise<OpeningKeys> {
  check(seed.length === keyBytes, `keys are made of ${keyBytes} bytes`);
  const suite = hpke();
  const { publicKey, privateKey: recipientKey } = await suite.kem.deriveKeyPair(bytesOf(seed));
  const shown = Buffer.from(await suite.kem.serializePublicKey(publicKey)).toString('base64url');
  const open = async (sealed: string, bound: SealedFor): Promise<string> => {
    const bytes = Buffer.from(sealed, 'base64url');
    const enc = bytesOf(bytes.subarray(0, keyBytes));
    try {
      return Buffer.from(await suite.open({ recipientKey, enc, info: infoOf(bound) }, bytesOf(bytes.subarray(keyBytes)))).toString();
    } catch (cause) {
      throw new Rejected('request.invalid', {
        members: { errors: [{ pointer: '#/sealedSecret', detail: 'is not sealed to this key for this use' }] },
        cause,
      });
    }
  };
  return { publicKey: shown, open };
}

function hpke(): CipherSuite {
  return new CipherSuite({ kem: new DhkemX25519HkdfSha256(), kdf: new HkdfSha256(), aead: new Aes256Gcm() });
}

/** Unlike for unlike uses. Ids and names of banks hold no spaces; addresses and logins may, so they are written as JSON. */
function infoOf(bound: SealedFor): ArrayBuffer {
  if ('bank' in bound) return bytesOf(Buffer.from(`kkm sbp ${bound.siteId} ${bound.bank}`));
  if ('endpointId' in bound) return bytesOf(Buffer.from(`kkm webhook ${bound.endpointId}`));
  const { siteId, registerId, url, login } = bound;
  return bytesOf(Buffer.from(`kkm register ${JSON.stringify([siteId, registerId, url, login])}`));
}

/** A buffer of its own: Node's small buffers share one. */
function bytesOf(bytes: Uint8Array): ArrayBuffer {
  return Uint8Array.from(bytes).buffer;
}
