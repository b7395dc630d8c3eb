import { Rejected, Unavailable } from '@kkm/core';
import type { SbpSealingKey } from '@kkm/core';
import type { OpeningKeys } from '@kkm/sealing';

/** Opened secrets kept in memory at most; beyond it all are opened anew. */
const openedMax = 1_000;

/** The secrets of endpoints: opened in memory when they sign, and never written anywhere. */
export class WebhookSecrets {
  private readonly opened = new Map<string, string>();

  /** @param keys null where the ledger was given none. */
  constructor(private readonly keys: OpeningKeys | null) {}

  /** The key that secrets are sealed to. @throws Unavailable `webhook.unavailable` when the ledger has none. */
  sealingKey(): SbpSealingKey {
    return { publicKey: this.known().publicKey };
  }

  /** Opens a secret. @throws Unavailable `webhook.unavailable` when it does not open by this ledger's key for this endpoint. */
  async open(endpointId: string, sealed: string): Promise<string> {
    // Kept by both: what was opened for one endpoint must not sign for another that is given the same sealed secret.
    const key = `${endpointId} ${sealed}`;
    const known = this.opened.get(key);
    if (known !== undefined) return known;
    try {
      const secret = await this.known().open(sealed, { endpointId });
      if (this.opened.size >= openedMax) this.opened.clear();
      this.opened.set(key, secret);
      return secret;
    } catch (cause) {
      if (!(cause instanceof Rejected)) throw cause;
      throw new Unavailable('webhook.unavailable', { detail: 'the stored secret does not open with this ledger’s key; rotate it', cause });
    }
  }

  private known(): OpeningKeys {
    if (!this.keys) throw new Unavailable('webhook.unavailable', { detail: 'the ledger has no KKM_SEALING_KEY, so webhooks cannot be signed' });
    return this.keys;
  }
}
