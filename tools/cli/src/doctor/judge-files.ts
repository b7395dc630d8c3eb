import { X509Certificate } from 'node:crypto';
import type { Finding } from './finding';

/** A certificate that some part of KKM shows or trusts. */
export interface CertificateFacts {
  readonly file: string;
  readonly pem: string;
  /** The authority that has to have signed it; null: none is known. */
  readonly authority: string | null;
}

const dayMs = 86_400_000;
/** From when a certificate is renewed. */
const renewWithinMs = 30 * dayMs;

/** Whether a certificate holds now, holds on, and is signed by the authority that the cafés trust. */
export function judgeCertificate({ file, pem, authority }: CertificateFacts, nowMs: number): Finding {
  const about = 'certificate';
  const remedy = 'infra/head-office/prepare.sh <names> makes a new one; then restart broker and gateway';
  const read = readCertificate(pem);
  if (!read) return { kind: 'problem', about, words: `${file} is no certificate`, remedy };
  const from = Date.parse(read.validFrom);
  const until = Date.parse(read.validTo);
  if (nowMs < from) return { kind: 'problem', about, words: `${file} begins to hold at ${read.validFrom}`, remedy: 'the clock is wrong, or wait: timedatectl' };
  if (nowMs >= until) return { kind: 'problem', about, words: `${file} has expired at ${read.validTo}`, remedy };
  const signer = authority === null ? null : readCertificate(authority);
  if (signer && !read.verify(signer.publicKey)) return { kind: 'problem', about, words: `${file} is of another authority than the cafés trust`, remedy };
  const days = Math.floor((until - nowMs) / dayMs);
  if (until - nowMs < renewWithinMs) return { kind: 'note', about, words: `${file} expires in ${days} day(s)`, remedy };
  return { kind: 'ok', about, words: `${file} holds another ${days} days` };
}

/** What the doctor looks at of a folder with secrets. */
export interface SecretsFacts {
  readonly folder: string;
  readonly mode: number;
  readonly names: readonly string[];
  /** What must be there. */
  readonly needed: readonly string[];
}

/** Whether others can read secrets, and whether the keys are there without which what is stored cannot be read. */
export function judgeSecrets({ folder, mode, names, needed }: SecretsFacts): Finding {
  const about = 'secrets';
  const readable = mode & 0o077;
  if (readable) return { kind: 'problem', about, words: `${folder} is open to others`, remedy: `chmod 700 ${folder}` };
  const missing = needed.filter((name) => !names.includes(name));
  if (missing.length > 0)
    return {
      kind: 'problem',
      about,
      words: `${folder} lacks ${missing.join(' and ')}: the secrets of banks and registers cannot be read`,
      remedy: 'put back what a backup holds of them; without one set every bank anew',
    };
  return { kind: 'ok', about, words: `${folder} is for its owner alone` };
}

function readCertificate(pem: string): X509Certificate | null {
  try {
    return new X509Certificate(pem);
  } catch {
    return null; // Something else lies there.
  }
}
