import type { BankTransaction, Behaviour, CardKind, CustomerAction, Fault, Screen } from '@kkm/drivers/terminals';

/** A thing that can be chosen, and what it does in a sentence. */
export interface Explained {
  readonly name: string;
  readonly what: string;
}

/** Every word of the page; the other languages have the same. */
export interface Texts {
  readonly title: string;
  readonly language: string;
  readonly terminals: string;
  readonly noAnswer: string;
  readonly connected: string;
  readonly alone: string;
  readonly pluggedIn: string;
  readonly unplugged: string;
  readonly screenOf: string;
  readonly qrOf: string;
  readonly screen: Readonly<Record<Screen['state'], string>>;
  readonly guest: string;
  readonly card: string;
  readonly cards: Readonly<Record<CardKind, string>>;
  readonly actions: Readonly<Record<CustomerAction, string>>;
  readonly staff: string;
  readonly pull: string;
  readonly plug: string;
  readonly restart: string;
  readonly settle: string;
  readonly byHand: string;
  readonly amount: string;
  readonly keyIn: string;
  readonly behaviour: string;
  readonly auto: string;
  readonly autos: Readonly<Record<Behaviour['auto'], string>>;
  readonly delay: string;
  readonly character: string;
  readonly faultless: string;
  readonly characters: Readonly<Record<NonNullable<Behaviour['character']>, string>>;
  readonly kind: string;
  readonly kinds: Readonly<Record<Behaviour['personality'], string>>;
  readonly reversal: string;
  readonly reversals: Readonly<Record<Behaviour['reversal'], string>>;
  readonly faults: string;
  readonly faultsHint: string;
  readonly sticky: string;
  readonly apply: string;
  readonly clear: string;
  readonly waiting: string;
  readonly noFaults: string;
  readonly fault: Readonly<Record<Fault['name'], Explained>>;
  readonly value: string;
  readonly books: string;
  readonly noBooks: string;
  readonly columns: readonly [time: string, operation: string, amount: string, terminal: string, reference: string];
  readonly operations: Readonly<Record<BankTransaction['kind'], string>>;
  readonly byQr: string;
  readonly reversed: string;
  readonly foreign: string;
  readonly totals: (sales: string, returns: string, net: string) => string;
}

/** English. */
export const english: Texts = {
  title: 'Virtual terminals',
  language: 'Language',
  terminals: 'Terminals',
  noAnswer: 'The virtual terminal does not answer.',
  connected: 'connected',
  alone: 'no register',
  pluggedIn: 'on a cable',
  unplugged: 'cable is out',
  screenOf: 'Screen of',
  qrOf: 'QR code on the screen of',
  screen: { idle: 'free', card: 'asks for a card', busy: 'asks the bank', approved: 'approved', refused: 'refused', qr: 'shows a QR code', off: 'is off' },
  guest: 'The guest',
  card: 'Card',
  cards: {
    ok: 'Good card',
    insufficient_funds: 'Not enough money',
    expired: 'Expired',
    blocked: 'Blocked',
    wrong_pin: 'Wrong PIN',
    do_not_honour: 'Refused by its bank',
    limit_exceeded: 'Over its limit',
    unreadable: 'Cannot be read',
  },
  actions: { tap: 'Tap the card', insert: 'Insert the card', scan: 'Scan and pay the QR', cancel: 'Press the red key', walk_away: 'Walk away' },
  staff: 'Cable and staff',
  pull: 'Pull the cable',
  plug: 'Plug the cable in',
  restart: 'Switch off and on',
  settle: 'Settle the day by hand',
  byHand: 'A payment keyed in past the register',
  amount: 'Amount, roubles',
  keyIn: 'Key it in',
  behaviour: 'What happens next',
  auto: 'The guest by himself',
  autos: { approve: 'pays', decline: 'has no money, or cancels the QR', none: 'waits for you' },
  delay: 'after, milliseconds',
  character: 'Its character: troubles that come by themselves',
  faultless: 'none',
  characters: {
    good_lan: 'good, on the network',
    flaky_usb: 'a shaky USB cable',
    slow_bank: 'a slow bank',
    freezes: 'freezes',
    loses_answers: 'loses answers',
    bad_reader: 'a bad reader',
  },
  kind: 'Receipts and reports',
  kinds: { plain: 'are text alone', fields: 'name the payment' },
  reversal: 'Auto-reversal',
  reversals: { works: 'works', er3: 'is answered ER3 and not done' },
  faults: 'Faults of the next operation',
  faultsHint: 'They strike together, once, at the next sale, return or QR.',
  sticky: 'at every operation, not once',
  apply: 'Apply',
  clear: 'All well again',
  waiting: 'Waiting to strike:',
  noFaults: 'No fault is waiting.',
  value: 'how much',
  fault: {
    silent: { name: 'Silent', what: 'It does not even acknowledge the request, and does nothing.' },
    drop_before_ack: { name: 'Link cut before the ACK', what: 'The link breaks with the request; the sale goes on.' },
    drop_after_ack: { name: 'Link cut behind the ACK', what: 'The link breaks while the guest looks for the card; the sale goes on.' },
    drop_after_approval: { name: 'Link cut behind the approval', what: 'The bank has charged, and the answer never comes.' },
    drop_mid_result: { name: 'Link cut within the result', what: 'Half an answer arrives.' },
    nak_once: { name: 'Request not understood once', what: 'It wants the request again.' },
    bad_crc_once: { name: 'Damaged answer once', what: 'A checksum is wrong; the answer has to be asked for again.' },
    split_bytes: { name: 'Byte by byte', what: 'The answer trickles in.' },
    coalesce: { name: 'Frames joined', what: 'Acknowledgement and first frame arrive together.' },
    duplicate_result: { name: 'Result twice', what: 'It repeats a result that was acknowledged.' },
    reboot: { name: 'Restarts', what: 'It restarts when the card is presented; the bank hears nothing.' },
    host_unreachable: { name: 'Bank not reached', what: 'It says that it has no link to its bank.' },
    foreign_sale: { name: 'Foreign sale', what: 'Right behind ours somebody else takes a payment on it.' },
    unknown_status: { name: 'Unknown status', what: 'The bank has charged, and the answer has a status that nobody knows.' },
    read_failures: { name: 'Card not read', what: 'So many presentations of the card fail.' },
    late_result: { name: 'Late result', what: 'The answer waits so many milliseconds, in silence.' },
    unplug: { name: 'Cable out', what: 'The cable is out for so many milliseconds.' },
    slow_bank: { name: 'Slow bank', what: 'The bank takes so many milliseconds.' },
    qr_paid_after_expiry: { name: 'QR paid late', what: 'The money of a QR comes so many milliseconds after it has left the screen.' },
    partial_approval: { name: 'Part of the amount', what: 'The bank approves only so many kopecks.' },
  },
  books: 'The bank’s books',
  noBooks: 'Nothing has been charged yet.',
  columns: ['Time', 'Operation', 'Amount', 'Terminal', 'RRN'],
  operations: { sale: 'sale', void: 'void', refund: 'refund', reversal: 'reversal' },
  byQr: 'by QR',
  reversed: 'undone',
  foreign: 'not ours',
  totals: (sales, returns, net) => `Charged ${sales}, given back ${returns}, the café has ${net}.`,
};
