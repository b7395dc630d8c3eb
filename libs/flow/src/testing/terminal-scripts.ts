import type { ConversationHooks, Outcome, TerminalAnswer, TerminalRecord } from '@kkm/core';

/**
 * What a fake terminal does with its next sale, void, refund or reversal.
 * - `silent`: takes it and is never heard again. `cut-after-approval`: charges, then the link is cut; `unplug-after-approval`: and stays cut.
 * - `closed`: the connection is gone before the first byte. `foreign`: answers something that is no answer to a sale.
 * - `contradiction`: an approval called a read failure. `denial`: takes the bytes and says that none were sent.
 * - `wait-for-cancel`: waits for a card until it is asked to stop.
 */
export type SaleScript =
  | 'approve'
  | 'decline'
  | 'cancel'
  | 'read-failure'
  | 'unlisted'
  | 'silent'
  | 'cut-after-approval'
  | 'unplug-after-approval'
  | 'closed'
  | 'foreign'
  | 'contradiction'
  | 'denial'
  | 'wait-for-cancel'
  | 'approve-despite-cancel';

/** How a settlement of a fake terminal goes. `cut-…`: before or after it, the link is cut; `unplug-after`: and stays cut. */
export type SettleScript = 'settle' | 'refuse' | 'cut-before' | 'cut-after' | 'unplug-after';

/** A fake terminal's day: what its report shows, and what settlements do to it. */
export class FakeDay {
  /** How settlements go, in order; `settle` when none is left. */
  readonly script: SettleScript[] = [];
  /** How often the terminal settled. */
  settled = 0;
  /** Whether the terminal gives no report that can be read. */
  reportless = false;
  /** How often a report was asked for. */
  reports = 0;
  private before = 0;

  /** Of all that was booked, what was booked since the last settlement. */
  report(charges: readonly TerminalRecord[]): readonly TerminalRecord[] {
    return charges.slice(this.before);
  }

  /** Empties the report. */
  close(charges: readonly TerminalRecord[]): void {
    this.settled += 1;
    this.before = charges.length;
  }
}

/** What a report tells that cannot be read. */
export const unread = { operations: null, since: null, bankTerminalId: null, serialNumber: null } as const;

/** A terminal's own answer. */
export function outcome(told: Outcome): TerminalAnswer {
  return { kind: 'outcome', outcome: told, readFailure: false };
}

/** Whether an answer was stored: only then may a terminal's last frame be acknowledged. */
export function isStored(hooks: Pick<ConversationHooks, 'store'>, answer: TerminalAnswer): Promise<boolean> {
  return hooks.store(answer).then(
    () => true,
    () => false,
  );
}
