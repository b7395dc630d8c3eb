import { timingSafeEqual } from 'node:crypto';
import { Rejected } from '@kkm/core';
import type { FakeSbpBank } from '@kkm/drivers/terminals';
import { DeskFaults } from './desk-faults';
import { Notifier } from './notifier';

/** A merchant of the bank. */
export interface SbpMerchant {
  readonly merchantId: string;
  readonly secret: string;
}

interface Account extends SbpMerchant {
  callbackUrl: string | null;
}

/** The bank's desk for merchants: who they are, where they want to be notified, and what goes wrong. The books are {@link FakeSbpBank}. */
export class SbpDesk {
  readonly faults = new DeskFaults();
  /** How long each answer takes, milliseconds. */
  delayMs = 0;
  private readonly accounts = new Map<string, Account>();
  private readonly notifier = new Notifier();
  private downUntilMs = 0;

  constructor(
    readonly bank: FakeSbpBank,
    merchants: readonly SbpMerchant[],
    private readonly now: () => number,
  ) {
    for (const merchant of merchants) this.open(merchant);
    bank.onPaid((qr) => {
      const account = this.accounts.get(qr.merchantId);
      if (!account || account.callbackUrl === null || this.faults.fires('notifications_off')) return;
      const times = this.faults.fires('notify_twice') ? 2 : 1;
      for (let time = 0; time < times; time += 1) this.notifier.tell({ qr, secret: account.secret, url: account.callbackUrl });
    });
  }

  /** Opens an account, or gives an open one another secret. @throws Rejected `request.invalid` when the secret is another merchant's: a bearer alone says who calls. */
  open({ merchantId, secret }: SbpMerchant): void {
    const owner = this.merchantOf(`Bearer ${secret}`);
    if (owner && owner.merchantId !== merchantId) throw new Rejected('request.invalid', { detail: 'Another merchant has this secret, and it says who calls.' });
    this.accounts.set(merchantId, { merchantId, secret, callbackUrl: this.accounts.get(merchantId)?.callbackUrl ?? null });
  }

  /** Whether there is such a merchant: QRs are registered without a secret. */
  has(merchantId: string): boolean {
    return this.accounts.has(merchantId);
  }

  /** The merchant whose secret an `Authorization: Bearer` header carries; null when it is nobody's. */
  merchantOf(authorisation: string | undefined): SbpMerchant | null {
    const given = Buffer.from(/^Bearer (.+)$/.exec(authorisation ?? '')?.[1] ?? '');
    return [...this.accounts.values()].find(({ secret }) => isSame(Buffer.from(secret), given)) ?? null;
  }

  /** Where a merchant wants to be notified. */
  setCallback(merchantId: string, callbackUrl: string): void {
    const account = this.accounts.get(merchantId);
    if (account) account.callbackUrl = callbackUrl;
  }

  /** Whether the bank takes no calls now: the fault `down(ms)` begins with the first call that meets it. */
  isDown(): boolean {
    const ms = this.faults.take('down');
    if (ms !== null) this.downUntilMs = this.now() + ms;
    return this.now() < this.downUntilMs;
  }

  /** Stops repeating notifications. */
  close(): void {
    this.notifier.close();
  }
}

function isSame(one: Buffer, other: Buffer): boolean {
  return one.length === other.length && timingSafeEqual(one, other);
}
