import type { Control } from './defects';
import { openIgnored } from './planted-people';
import {
  askedUnwritten,
  cancelBelieved,
  createRepeated,
  deadUnwatched,
  doubtLeftByGuest,
  expiryProves,
  keyEndsCode,
  lateDropped,
  openSalesUnseen,
  paidTwice,
  refundPresumed,
  refundRenamed,
  signatureIgnored,
  silenceExpires,
  terminalKept,
  toldEarly,
} from './planted-sbp';
import { drawSbpPlan, refusing } from './draw-sbp-plan';

const unproved = /but its code can still be paid|but the SBP bank has the money|the guest paid .*, which is/;

const planted: readonly Control[] = [
  { clause: 4, name: 'a display that has ended keeps its terminal', seed: 1, caught: /has ended and it keeps its terminal/, defect: terminalKept },
  { clause: 10, name: 'a code that is paid late is not told of', seed: 1, caught: /the bank has 1 charges, the ledger 0/, defect: lateDropped },
  { clause: 10, name: 'a code that is dead is not watched', seed: 3, caught: /the bank has 1 charges, the ledger 0/, defect: deadUnwatched },
  { clause: 10, name: 'what poll and notification both tell is booked twice', seed: 1, caught: /the bank has 1 charges, the ledger [23]/, defect: paidTwice },
  {
    clause: 18,
    name: 'the verdict does not look at a code that can be paid',
    seed: 1,
    caught: /the verdict of .* is not_charged, but the bank has/,
    defect: openIgnored,
  },
  { clause: 19, name: 'a code is asked for again after a lost answer', seed: 1, caught: /has 2 codes at the bank/, defect: createRepeated },
  { clause: 19, name: 'a code is told before it is written down', seed: 1, caught: /was told before it was written down/, defect: toldEarly },
  { clause: 19, name: 'a code is asked for before that is written down', seed: 1, caught: /before it was written down that .* asks/, defect: askedUnwritten },
  {
    clause: 19,
    name: 'a notification is believed without its signature',
    seed: 15,
    caught: /a forged word about .* was heard|a charge that the bank has not/,
    defect: signatureIgnored,
  },
  {
    clause: 20,
    name: 'a code is asked for while the card attempt can still charge',
    seed: 23,
    caught: /a code was made for .* while .* can still charge|charged \d times for .* over both paths/,
    defect: openSalesUnseen(['terminal']),
  },
  {
    clause: 20,
    name: 'a payment is redone before the bank confirms that its code is dead',
    seed: 1,
    caught: /has a further attempt while the code of .* can be paid/,
    defect: openSalesUnseen(['bank_qr']),
  },
  {
    clause: 20,
    name: 'both money paths of a payment are open',
    seed: 23,
    caught: /charged \d times for .* over both paths/,
    defect: openSalesUnseen(['bank_qr', 'terminal']),
  },
  {
    clause: 20,
    name: 'a guest who leaves the card is shown a code before the terminal proves that nothing was charged',
    seed: 77,
    caught: /has a further attempt although its guest was charged/,
    defect: doubtLeftByGuest,
  },
  {
    clause: 20,
    name: 'a guest who leaves a code is asked for a card before the bank confirms that the code is dead',
    seed: 9,
    caught: /has a further attempt while the code of .* can be paid/,
    defect: keyEndsCode,
  },
  { clause: null, name: 'the end of the window is taken for a proof', seed: 1, caught: unproved, defect: expiryProves },
  { clause: null, name: 'a cancel is believed without a question', seed: 11, caught: unproved, defect: cancelBelieved },
  { clause: null, name: 'a bank that does not answer is taken for an expired code', seed: 24, caught: unproved, defect: silenceExpires },
  {
    clause: null,
    name: 'a refund that the bank declines counts as done',
    seed: 4,
    draw: refusing,
    caught: /the bank has \d+ net, the ledger/,
    defect: refundPresumed,
  },
  { clause: null, name: 'every try of a refund has an id of its own', seed: 3, caught: /gave back money of .* which nobody asked for/, defect: refundRenamed },
];

/** Planted defects of SBP: codes, what the bank says of them, and what moves at it. */
export const sbpControls: readonly Control[] = planted.map((control) => ({ ...control, draw: control.draw ?? drawSbpPlan }));
