import { changeOf, openReturn, returnHindrance } from '@kkm/flow/ledger';
import type { LedgerStore, LedgerSurroundings } from '@kkm/flow/ledger';

/** What a cashier asks to be given back of a payment's charge: a part, or all of it by undoing the terminal's last operation. */
export interface AskedReturn {
  readonly paymentId: string;
  readonly operation: 'refund' | 'reversal';
  /** Of the charge, for a refund. */
  readonly share: number;
}

/** A ledger's side of giving money back, as a door would ask for it. */
export interface ReturnDoor {
  /** Does nothing when something stands in the way. */
  giveBack(asked: AskedReturn): Promise<void>;
}

const expiresInSeconds = 120;

/** Makes the door over a ledger's store. */
export function returnDoor(store: LedgerStore, around: LedgerSurroundings): ReturnDoor {
  return {
    giveBack: async ({ paymentId, operation, share }) => {
      const record = await store.payment(paymentId);
      const charge = (await store.chargesOf(paymentId)).find(({ disposition }) => disposition === 'kept');
      if (!record || !charge) return;
      const amountMinor = operation === 'reversal' ? charge.amountMinor : Math.max(1, Math.floor(charge.amountMinor * share));
      const wanted = { charge, operation, amountMinor, expiresInSeconds };
      if (returnHindrance(record, wanted) === null) await store.save(changeOf(record, openReturn(record, wanted, around), around));
    },
  };
}
