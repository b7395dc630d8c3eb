import { withoutRules } from '@kkm/flow/testing';
import { recoveryControls } from './recovery-controls';
import { peopleControls } from './controls-people';
import { sbpControls } from './controls-sbp';
import type { Control } from './defects';
import { crowding, freezing } from './focused';
import {
  failed,
  misjudging,
  publishing,
  storing,
  leaseIgnored,
  validityIgnored,
  occupantIgnored,
  nonceShared,
  permitUnchecked,
  anyRecordIsOurs,
  cancelledAtOnce,
  finalRewritten,
  inboxDropped,
  expiryIgnored,
  unkeptAnswer,
  unkeptBeginning,
} from './planted';
import { keptUnseen, lastUnchecked, redoneAnyway, returnsUnseen, reversedAgain, tooLateKept } from './planted-returns';

/** Every planted defect. The seed is where to look first; a history that changed is searched for anew. */
export const controls: readonly Control[] = [
  {
    clause: 1,
    name: 'one nonce for every delivery, and the journal forgets what was begun',
    seed: 60,
    caught: /another's permit|sent again|sent without a permit in force|charged \d times/,
    defect: nonceShared,
  },
  {
    clause: 2,
    name: 'a live lease is taken for lapsed',
    seed: 3,
    caught: /lease of .* moved under a live permit|taken over while its lease/,
    defect: leaseIgnored,
  },
  {
    clause: 3,
    name: 'the permit’s validity is not checked before the first byte',
    draw: freezing,
    seed: 29,
    caught: /ms after its permit was asked for|another's permit/,
    defect: validityIgnored,
  },
  {
    clause: 4,
    name: 'the attempt that holds the terminal is not looked at, and its index is dropped',
    draw: crowding,
    seed: 14,
    caught: /two unfinished attempts/,
    defect: occupantIgnored,
  },
  {
    clause: 5,
    name: 'a doubt is published as not charged',
    seed: 16,
    caught: /but the bank has the money|the bank booked .* which is failed/,
    defect: publishing((result) => (result.outcome.kind === 'unknown' ? { ...result, outcome: failed } : result)),
  },
  {
    clause: 7,
    name: 'a reversal goes out without a look at the terminal’s last operation',
    seed: 26,
    caught: /undid a foreign sale|undid another operation/,
    defect: lastUnchecked,
  },
  {
    clause: 7,
    name: 'a sale is reversed a second time',
    seed: 24,
    caught: /was reversed twice/,
    defect: reversedAgain,
  },
  {
    clause: 8,
    name: 'silence is taken for a card that was not read',
    seed: 16,
    caught: /sent again|the bank has the money|charged \d times/,
    defect: misjudging((answer) => (answer.kind === 'unknown' ? { kind: 'outcome', outcome: failed, readFailure: true } : answer)),
  },
  {
    clause: 9,
    name: 'the delivery is acknowledged without its unknown',
    seed: 3,
    caught: /granted at rest/,
    defect: publishing((result) => (result.outcome.kind === 'unknown' ? null : result)),
  },
  {
    clause: 10,
    name: 'money that surfaces is dropped',
    seed: 27,
    caught: /the bank has 1 charges, the ledger 0/,
    defect: storing((store) => ({ save: (change) => (change.charge?.surfaced ? Promise.resolve('saved') : store.save(change)) })),
  },
  {
    clause: 10,
    name: 'money that surfaces is kept beside another charge',
    seed: 41,
    caught: /keeps 2 charges/,
    defect: keptUnseen,
  },
  {
    clause: 10,
    name: 'a payment is redone while surfaced money is undecided',
    seed: 6,
    caught: /was redone while surfaced money is undecided/,
    defect: redoneAnyway,
  },
  {
    clause: 10,
    name: 'nobody decides about late money',
    seed: 1,
    caught: /late money nobody decided about|too late for its cancel/,
    defect: storing(() => ({ paymentsToDecide: () => Promise.resolve([]) })),
  },
  {
    clause: 13,
    name: 'a charge that comes too late for its cancel is kept where the site voids it',
    seed: 2,
    caught: /charged too late for its cancel, and nobody voided it/,
    defect: tooLateKept,
  },
  {
    clause: 13,
    name: 'a cancel is believed before the terminal says so',
    seed: 10,
    caught: /which is cancelled|is cancelled, but the bank has the money/,
    defect: cancelledAtOnce,
  },
  { clause: 14, name: 'a command runs after its guest has left', seed: 23, caught: /an expired attempt was granted/, defect: expiryIgnored },
  {
    clause: 15,
    name: 'a second return is opened while the first is in doubt',
    seed: 4,
    caught: /returns open|would give back more than was charged/,
    defect: returnsUnseen,
  },
  {
    clause: 16,
    name: 'the unique indexes of the order are dropped',
    seed: 9,
    caught: /payments of order .* are open|is charged \d times/,
    defect: { rules: (rules) => withoutRules(rules, ['one_open_payment_per_order', 'one_charge_per_order_and_amount']) },
  },
  { clause: null, name: 'the permit’s answer is not looked at', seed: 1, caught: /sent without a permit in force/, defect: permitUnchecked },
  {
    clause: null,
    name: 'the result is acknowledged before it is in the journal',
    seed: 1,
    caught: /acknowledged before it was in the journal/,
    defect: { worker: unkeptAnswer },
  },
  { clause: null, name: 'bytes go out before the journal knows', seed: 1, caught: /sent without a journal entry/, defect: { worker: unkeptBeginning } },
  {
    clause: null,
    name: 'a timeout is taken for a decline',
    seed: 16,
    caught: /declined, but the bank has the money|which is declined/,
    defect: misjudging((answer) =>
      answer.kind === 'unknown' ? { kind: 'outcome', outcome: { ...failed, kind: 'declined', reason: 'do_not_honour' }, readFailure: false } : answer,
    ),
  },
  {
    clause: null,
    name: 'a redelivered command is sent again',
    seed: 1,
    caught: /another's permit|sent again|sent without a permit in force/,
    defect: { worker: (ports) => permitUnchecked.worker?.(nonceShared.worker?.(ports) ?? ports) ?? ports },
  },
  {
    clause: null,
    name: 'the last receipt is adopted without our reference',
    seed: 10,
    caught: /the ledger 1$|a charge that the bank has not/,
    defect: anyRecordIsOurs,
  },
  { clause: null, name: 'the inbox is dropped and charges are not compared', seed: 2, caught: /the bank has 1 charges, the ledger 2/, defect: inboxDropped },
  { clause: null, name: 'a final outcome is rewritten', seed: 27, caught: /the outcome of .* changed/, defect: finalRewritten },
  {
    clause: null,
    name: 'a change skips a sequence',
    seed: 1,
    caught: /the sequence of/,
    defect: storing((store) => ({
      save: (change) =>
        store.save({ ...change, next: { ...change.next, shown: { ...change.next.shown, sequence: change.next.shown.sequence + (change.charge ? 1 : 0) } } }),
    })),
  },
  {
    clause: null,
    name: 'the idempotency key is not kept',
    seed: 39,
    caught: /more than were asked for/,
    defect: storing((store) => ({
      open: (opening) =>
        store.open({
          ...opening,
          record: { ...opening.record, orderExclusive: false },
          key: { ...opening.key, key: `${opening.key.key}@${opening.record.shown.id}` },
        }),
    })),
  },
  {
    clause: null,
    name: 'the charged amount is not the bank’s',
    seed: 1,
    caught: /the amounts of bank and ledger differ/,
    defect: publishing((result) =>
      result.outcome.kind === 'approved' ? { ...result, outcome: { ...result.outcome, chargedMinor: result.outcome.chargedMinor + 1 } } : result,
    ),
  },
  {
    clause: null,
    name: 'approvals found by recovery are lost',
    seed: 31,
    caught: /at rest|but the bank has the money/,
    defect: publishing((result) => (result.source === 'recovery' && result.outcome.kind === 'approved' ? null : result)),
  },
  ...recoveryControls,
  ...peopleControls,
  ...sbpControls,
];
