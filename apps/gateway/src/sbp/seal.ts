import { Aes256Gcm, CipherSuite, DhkemX25519HkdfSha256, HkdfSha256 } from '@hpke/core';
import type { Seal } from '@kkm/flow/gateway';

/** Seals a secret to the ledger's key by HPKE (RFC 9180, base mode), as `SbpSealingKey` describes. */
export const sealSecret: Seal = async (secret, { publicKey, siteId, bank }) => {
  const suite = new CipherSuite({ kem: new DhkemX25519HkdfSha256(), kdf: new HkdfSha256(), aead: new Aes256Gcm() });
  const recipientPublicKey = await suite.kem.deserializePublicKey(bytesOf(Buffer.from(publicKey, 'base64url')));
  const info = bytesOf(Buffer.from(`kkm sbp ${siteId} ${bank}`));
  const { enc, ct } = await suite.seal({ recipientPublicKey, info }, bytesOf(Buffer.from(secret)));
  return Buffer.concat([Buffer.from(enc), Buffer.from(ct)]).toString('base64url');
};

/** A buffer of its own: Node's small buffers share one. */
function bytesOf(buffer: Buffer): ArrayBuffer {
  return Uint8Array.from(buffer).buffer;
}
