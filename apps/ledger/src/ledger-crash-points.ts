import { withCrashPoints } from '@kkm/crash-points';
import type { Reach, Steps } from '@kkm/crash-points';
import { isBankResult } from '@kkm/flow/ledger';
import type { Change, LedgerStore, SaveAnswer, SbpBank } from '@kkm/flow/ledger';
import type { Broker } from '@kkm/messaging';
import type { RelayedOutbox } from './outbox-relay';

/** The ledger's store with a crash point before and after each transaction that money depends on. */
export function crashingStore(store: LedgerStore, reach: Reach | null): LedgerStore {
  return withCrashPoints(store, reach, {
    open: () => ({ before: 'ledger.open:before', after: 'ledger.open:after' }),
    takeLease: () => ({ before: 'ledger.lease:before', after: 'ledger.lease:after' }),
    keepBaseline: () => ({ before: 'ledger.baseline:before', after: 'ledger.baseline:after' }),
    dueErrands: () => ({ after: (errands) => (errands.length > 0 ? 'ledger.errand:after' : null) }),
    save: (change) => saveSteps(change),
  });
}

/** A site's bank with crash points around each request that moves money, or keeps it from moving. */
export function crashingBank(bank: SbpBank, reach: Reach | null): SbpBank {
  return withCrashPoints(bank, reach, {
    create: () => ({ sent: 'ledger.bank-create:sent', after: 'ledger.bank-create:after' }),
    cancel: () => ({ after: 'ledger.bank-cancel:after' }),
    refund: () => ({ before: 'ledger.bank-refund:before', sent: 'ledger.bank-refund:sent', after: 'ledger.bank-refund:after' }),
  });
}

/** The outbox with a crash point after it forgot what the broker confirmed. */
export function crashingOutbox(outbox: RelayedOutbox, reach: Reach | null): RelayedOutbox {
  if (!reach) return outbox;
  return {
    tellRelay: () => outbox.tellRelay(),
    whileRelay: (heard, work) =>
      outbox.whileRelay(heard, (next) =>
        work(async (confirmed) => {
          const round = await next(confirmed);
          if (confirmed.length > 0) await reach('ledger.event:marked');
          return round;
        }),
      ),
  };
}

/** The broker as the relay uses it, with crash points around each event. */
export function crashingRelay(broker: Broker, reach: Reach | null): Broker {
  return withCrashPoints(broker, reach, { publish: () => ({ before: 'ledger.event:before', after: 'ledger.event:after' }) });
}

/** What a change is for shows in what it writes: each use case writes in one place. */
function saveSteps(change: Change): Steps<SaveAnswer> {
  const { permit, resultId, resolution, key, changed, added, disposed, next } = change;
  if (resultId !== null && isBankResult(resultId)) return { before: 'ledger.qr-settled:before', after: 'ledger.qr-settled:after' };
  if (resultId !== null) return { before: 'ledger.result:before', after: 'ledger.result:after' };
  if (isSwitch(change)) return { before: 'ledger.switch:before', after: 'ledger.switch:after' };
  // Steps of a bank's QR are none of the others.
  if (change.qr !== null) return qrSteps(change);
  if (permit?.kind === 'grant') return { before: 'ledger.permit:before', after: 'ledger.permit:after' };
  if (permit !== null) return { before: 'ledger.take-over:before', after: 'ledger.take-over:after' };
  if (resolution !== null) return { before: 'ledger.resolution:before', after: 'ledger.resolution:after' };
  if (key !== null && added !== null && added.shown.operation !== 'sale') return { before: 'ledger.refund:before', after: 'ledger.refund:after' };
  if (key !== null) return { before: 'ledger.redo:before', after: 'ledger.redo:after' };
  if (changed.some(({ shown }) => shown.status === 'expired')) return { before: 'ledger.expiry:before', after: 'ledger.expiry:after' };
  if (disposed !== null || added !== null) return { before: 'ledger.late-money:before', after: 'ledger.late-money:after' };
  if (next.shown.closedAt !== null) return { before: 'ledger.close:before', after: 'ledger.close:after' };
  return { before: 'ledger.cancel:before', after: 'ledger.cancel:after' };
}

/** A guest changes over: the running attempt is to stop, and no more is written than that; or one that had not begun is followed in the same change. */
function isSwitch({ permit, resolution, key, changed, added, qr, next, expectedSequence }: Change): boolean {
  if (permit !== null || resolution !== null || key !== null || next.shown.sequence === expectedSequence) return false;
  if (added?.ledgerSends) return changed.every(({ shown }) => shown.status === 'withdrawn');
  return next.shown.switchTo !== null && changed.length === 0 && (qr === null || qr.qr.stage === 'open');
}

/** A bank's QR moves to its next stage; when it is asked about next is no such step. */
function qrSteps({ qr, changed, expectedSequence, next }: Change): Steps<SaveAnswer> {
  if (next.shown.sequence === expectedSequence) return {};
  switch (qr?.qr.stage) {
    case 'asked':
      return { before: 'ledger.qr-asked:before', after: 'ledger.qr-asked:after' };
    case 'open':
      // Of one that was open the time of the next question is written: it is to be stopped.
      if (changed.length === 0) return { before: 'ledger.cancel:before', after: 'ledger.cancel:after' };
      return { before: 'ledger.qr-open:before', after: 'ledger.qr-open:after' };
    case 'ending':
      return { before: 'ledger.qr-ending:before', after: 'ledger.qr-ending:after' };
    default:
      return {};
  }
}
