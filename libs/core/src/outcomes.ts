/** Why an attempt ended as it did; the words shown to people are in {@link reasonTexts}. */
export const outcomeReasons = [
  'insufficient_funds',
  'do_not_honour',
  'card_expired',
  'card_blocked',
  'wrong_pin',
  'card_read_error',
  'card_removed',
  'limit_exceeded',
  'customer_cancelled',
  'cashier_cancelled',
  'customer_timeout',
  'qr_expired',
  'qr_declined',
  'host_unreachable',
  'terminal_unreachable',
  'terminal_busy',
  'terminal_fault',
  'reconciliation_required',
  'not_supported',
  'not_last_operation',
  'unrecognised',
] as const;

/** One of {@link outcomeReasons}. */
export type OutcomeReason = (typeof outcomeReasons)[number];

/** What a person reads for a reason. */
export const reasonTexts: Readonly<Record<OutcomeReason, { readonly en: string; readonly ru: string }>> = {
  insufficient_funds: { en: 'Not enough money on the card', ru: 'Недостаточно средств на карте' },
  do_not_honour: { en: 'The bank refused the payment', ru: 'Банк отказал в операции' },
  card_expired: { en: 'The card has expired', ru: 'Срок действия карты истёк' },
  card_blocked: { en: 'The card is blocked', ru: 'Карта заблокирована' },
  wrong_pin: { en: 'Wrong PIN', ru: 'Неверный ПИН-код' },
  card_read_error: { en: 'The card could not be read', ru: 'Не удалось прочитать карту' },
  card_removed: { en: 'The card was removed too early', ru: 'Карта извлечена слишком рано' },
  limit_exceeded: { en: 'The card’s limit is exceeded', ru: 'Превышен лимит по карте' },
  customer_cancelled: { en: 'The guest cancelled', ru: 'Гость отменил операцию' },
  cashier_cancelled: { en: 'The cashier cancelled', ru: 'Кассир отменил операцию' },
  customer_timeout: { en: 'The guest did not present a card in time', ru: 'Гость не приложил карту вовремя' },
  qr_expired: { en: 'The QR code expired', ru: 'Срок действия QR-кода истёк' },
  qr_declined: { en: 'The QR payment was refused', ru: 'Оплата по QR отклонена' },
  host_unreachable: { en: 'The terminal has no connection to the bank', ru: 'Нет связи терминала с банком' },
  terminal_unreachable: { en: 'The terminal cannot be reached', ru: 'Терминал недоступен' },
  terminal_busy: { en: 'The terminal is busy', ru: 'Терминал занят' },
  terminal_fault: { en: 'The terminal reported a fault', ru: 'Ошибка терминала' },
  reconciliation_required: { en: 'The terminal must be settled first', ru: 'Требуется сверка итогов' },
  not_supported: { en: 'The terminal cannot do this', ru: 'Операция не поддерживается терминалом' },
  not_last_operation: { en: 'The terminal’s last operation is another one', ru: 'Последняя операция терминала — другая' },
  unrecognised: { en: 'The terminal’s answer is not recognised', ru: 'Ответ терминала не распознан' },
};

/** How a card was presented. */
export const entryModes = ['contactless', 'chip', 'magnetic', 'manual', 'qr', 'unknown'] as const;

/** What the terminal told about the card. The number arrives masked from the terminal and never leaves masked form. */
export interface CardFacts {
  /** Empty when there is none to tell: a payment by QR. */
  readonly maskedPan: string;
  readonly scheme: string | null;
  readonly entryMode: (typeof entryModes)[number];
}

/** What the bank or terminal said, in the words of the field. Absent facts are null. */
export interface BankFacts {
  /** The terminal's text, without picture names. */
  readonly message: string | null;
  readonly hostResponseCode: string | null;
  readonly card: CardFacts | null;
  readonly rrn: string | null;
  readonly authorisationCode: string | null;
  readonly bankTerminalId: string | null;
  readonly merchantId: string | null;
  /** The customer's slip as text. */
  readonly slip: string | null;
  /** When the terminal says it happened, as it wrote it (`YYYYMMDDhhmmss`, the terminal's local time). */
  readonly terminalTime: string | null;
}

/** Bank facts of an answer that told nothing. */
export const noBankFacts: BankFacts = {
  message: null,
  hostResponseCode: null,
  card: null,
  rrn: null,
  authorisationCode: null,
  bankTerminalId: null,
  merchantId: null,
  slip: null,
  terminalTime: null,
};

/**
 * What is known of an attempt. `unknown` is not success and not failure: only recovery or a person may turn it into another kind.
 * `approved` alone moves money.
 */
export type Outcome =
  | { readonly kind: 'approved'; readonly chargedMinor: number; readonly facts: BankFacts }
  | { readonly kind: 'declined' | 'cancelled' | 'failed' | 'unknown'; readonly reason: OutcomeReason; readonly facts: BankFacts };

/** The kinds of {@link Outcome}. */
export type OutcomeKind = Outcome['kind'];
