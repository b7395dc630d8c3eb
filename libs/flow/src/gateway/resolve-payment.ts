import type { Decider, Payment, SiteScope } from '@kkm/core';
import { fingerprint } from './fingerprint';
import type { Digest, Ledger } from './ports';

/** A person's checked decision about a payment in doubt. */
export interface ResolveRequest {
  /** Null when none was sent. */
  readonly idempotencyKey: string | null;
  readonly scope: SiteScope;
  readonly paymentId: string;
  readonly attemptId: string | null;
  readonly charged: boolean;
  readonly chargedAmount: number | null;
  readonly evidence: string;
  readonly by: Decider;
  /** The members as they were sent. */
  readonly asSent: unknown;
}

/** Hands a person's decision to the ledger, which alone knows whether there is anything to decide. */
export class ResolvePayment {
  constructor(private readonly ports: { readonly ledger: Pick<Ledger, 'resolve'>; readonly digest: Digest }) {}

  /** @throws Rejected `payment.not_found`, `payment.not_in_doubt`, `idempotency.key_reused`; Unavailable when the ledger did not answer. */
  async run({ idempotencyKey: key, asSent, ...decision }: ResolveRequest): Promise<Payment> {
    const asked = `payments.resolve ${decision.paymentId}`;
    const idempotency = key === null ? null : { key, fingerprint: fingerprint(this.ports.digest, asked, asSent) };
    return this.ports.ledger.resolve({ ...decision, idempotency });
  }
}
