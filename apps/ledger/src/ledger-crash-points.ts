import { withCrashPoints } from '@kkm/crash-points';
import type { Reach, Steps } from '@kkm/crash-points';
import type { Change, LedgerStore, SaveAnswer } from '@kkm/flow/ledger';
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
function saveSteps({ permit, resultId, resolution, key, changed, added, disposed, next, qr }: Change): Steps<SaveAnswer> {
  if (resultId !== null) return { before: 'ledger.result:before', after: 'ledger.result:after' };
  // Steps of a bank's QR are none of the others.
  if (qr !== null) return {};
  if (permit?.kind === 'grant') return { before: 'ledger.permit:before', after: 'ledger.permit:after' };
  if (permit !== null) return { before: 'ledger.take-over:before', after: 'ledger.take-over:after' };
  if (resolution !== null) return { before: 'ledger.resolution:before', after: 'ledger.resolution:after' };
  if (key !== null) return { before: 'ledger.redo:before', after: 'ledger.redo:after' };
  if (changed.some(({ shown }) => shown.status === 'expired')) return { before: 'ledger.expiry:before', after: 'ledger.expiry:after' };
  if (disposed !== null || added !== null) return { before: 'ledger.late-money:before', after: 'ledger.late-money:after' };
  if (next.shown.closedAt !== null) return { before: 'ledger.close:before', after: 'ledger.close:after' };
  return { before: 'ledger.cancel:before', after: 'ledger.cancel:after' };
}
