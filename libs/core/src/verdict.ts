import type { AttemptStatus } from './attempt-machine';
import type { KeptEvidence } from './evidence';
import { moneyText } from './money';
import type { Currency } from './money';
import type { Payment } from './payment';
import type { Conflict, SurfacedMoney } from './resolution';

/** The answer to "Was the customer charged?". */
export const verdicts = ['charged', 'not_charged', 'being_resolved'] as const;

/** What a verdict rests on. The order is that of the sentences. */
export const verdictReasons = [
  'charge_kept',
  'returned_in_part',
  'returned_in_full',
  'return_open',
  'nothing_charged',
  'queued',
  'on_terminal',
  'in_doubt',
  'surfaced_undecided',
  'awaits_terminal',
  'conflict',
] as const;

/** One of {@link verdictReasons}. */
export type VerdictReason = (typeof verdictReasons)[number];

/** "Was the customer charged?", with everything that is known about it. */
export interface Verdict {
  readonly paymentId: string;
  readonly verdict: (typeof verdicts)[number];
  readonly chargedAmount: number;
  readonly refundedAmount: number;
  readonly currency: Currency;
  readonly reasons: readonly VerdictReason[];
  /** What a cashier can read out. */
  readonly text: { readonly en: string; readonly ru: string };
  readonly conflicts: readonly Conflict[];
  readonly surfaced: readonly SurfacedMoney[];
  readonly evidence: readonly KeptEvidence[];
}

/**
 * Judges a payment by its facts; the only place where that is decided. `not_charged` is said only when nothing that could still charge is open
 * (design-money, clause 18), so not while the terminal has not confirmed a person who said so. A charge that was given back was a charge: `charged`, with `refundedAmount`.
 */
export function verdictOf(payment: Payment, evidence: readonly KeptEvidence[]): Verdict {
  const { id: paymentId, chargedAmount, refundedAmount, currency, conflicts, surfaced } = payment;
  const reasons = reasonsOf(payment);
  const verdict = judge(reasons);
  return { paymentId, verdict, chargedAmount, refundedAmount, currency, reasons, text: textOf(payment, verdict, reasons), conflicts, surfaced, evidence };
}

function judge(reasons: readonly VerdictReason[]): Verdict['verdict'] {
  if (reasons.includes('charge_kept')) return 'charged';
  return reasons.includes('nothing_charged') ? 'not_charged' : 'being_resolved';
}

function reasonsOf(payment: Payment): readonly VerdictReason[] {
  const { attempts, chargedAmount, refundedAmount, surfaced, conflicts } = payment;
  const isAny = (isReturn: boolean, statuses: readonly AttemptStatus[]): boolean =>
    attempts.some(({ operation, status }) => (operation !== 'sale') === isReturn && statuses.includes(status));
  const awaited = attempts.some(({ resolvedBy }) => resolvedBy?.terminal === 'awaited');
  // A person's charge of which the terminal proves nothing is no kept charge, and no proof of its absence either.
  const disputed = conflicts.some(({ person, terminal }) => person.charged && !terminal.charged);
  const charged = (chargedAmount > 0 && !disputed) || surfaced.some(({ disposition }) => disposition === 'kept');
  const open: Readonly<Partial<Record<VerdictReason, boolean>>> = {
    queued: isAny(false, ['queued']),
    on_terminal: isAny(false, ['granted']),
    in_doubt: isAny(false, ['unknown']),
    surfaced_undecided: surfaced.some(({ disposition }) => disposition === 'undecided'),
    awaits_terminal: awaited,
    conflict: conflicts.length > 0,
  };
  const held: Readonly<Partial<Record<VerdictReason, boolean>>> = {
    charge_kept: charged,
    returned_in_part: charged && refundedAmount > 0 && refundedAmount < chargedAmount,
    returned_in_full: charged && chargedAmount > 0 && refundedAmount === chargedAmount,
    return_open: isAny(true, ['queued', 'granted', 'unknown']),
    nothing_charged: !charged && !Object.values(open).includes(true),
    ...open,
  };
  return verdictReasons.filter((reason) => held[reason] === true);
}

type Sentence = (payment: Payment) => { readonly en: string; readonly ru: string };

const inWords = ({ currency }: Payment, minor: number) => ({ en: moneyText(minor, currency, 'en'), ru: moneyText(minor, currency, 'ru') });

/** What each reason says. Plain words: they are read to a guest. */
const sentences: Readonly<Record<VerdictReason, Sentence>> = {
  charge_kept: (payment) => {
    const surfaced = payment.surfaced.filter(({ disposition }) => disposition === 'kept').reduce((sum, { amount }) => sum + amount, 0);
    const { en, ru } = inWords(payment, payment.chargedAmount > 0 ? payment.chargedAmount : surfaced);
    return { en: `The guest was charged ${en}.`, ru: `С гостя списано ${ru}.` };
  },
  returned_in_part: (payment) => {
    const { en, ru } = inWords(payment, payment.refundedAmount);
    return { en: `Of this ${en} was given back.`, ru: `Из них возвращено ${ru}.` };
  },
  returned_in_full: () => ({ en: 'All of it was given back.', ru: 'Вся сумма возвращена.' }),
  return_open: () => ({ en: 'A return is under way.', ru: 'Возврат выполняется.' }),
  nothing_charged: () => ({ en: 'The guest was not charged.', ru: 'Деньги с гостя не списаны.' }),
  queued: () => ({ en: 'The payment waits for the terminal.', ru: 'Оплата ожидает терминала.' }),
  on_terminal: (payment) =>
    isByQr(payment, 'granted')
      ? { en: 'The QR code can be paid.', ru: 'QR-код можно оплатить.' }
      : { en: 'The payment is on the terminal now.', ru: 'Оплата идёт на терминале.' },
  in_doubt: (payment) =>
    isByQr(payment, 'unknown')
      ? {
          en: 'The bank has not confirmed that the QR code can no longer be paid; it is being asked. Do not charge again.',
          ru: 'Банк не подтвердил, что QR-код больше нельзя оплатить; запрос повторяется. Не списывайте повторно.',
        }
      : {
          en: 'The terminal’s answer is missing; it is being asked for. Do not charge again.',
          ru: 'Ответ терминала не получен и запрашивается. Не списывайте повторно.',
        },
  surfaced_undecided: (payment) => {
    const undecided = payment.surfaced.filter(({ disposition }) => disposition === 'undecided');
    const amount = inWords(
      payment,
      undecided.reduce((sum, one) => sum + one.amount, 0),
    );
    return {
      en: `The bank took ${amount.en} after the attempt had ended; whether it is kept or given back is being decided.`,
      ru: `Банк списал ${amount.ru} после завершения попытки; решается, оставить их или вернуть.`,
    };
  },
  awaits_terminal: ({ attempts, status }) => {
    const charged = attempts.some(({ resolvedBy }) => resolvedBy?.terminal === 'awaited' && resolvedBy.charged);
    if (charged) return { en: 'A person established this; the terminal has not confirmed it yet.', ru: 'Это установил сотрудник; терминал ещё не подтвердил.' };
    const earlier = status === 'succeeded' ? { en: ' in an earlier attempt', ru: ' в более ранней попытке' } : { en: '', ru: '' };
    return {
      en: `A person established that nothing was charged${earlier.en}; the terminal has not confirmed it yet.`,
      ru: `Сотрудник установил, что списания${earlier.ru} не было; терминал этого ещё не подтвердил.`,
    };
  },
  conflict: () => ({
    en: 'A person and the terminal say different things: compare both with the bank.',
    ru: 'Сведения сотрудника и терминала расходятся: сверьте их с банком.',
  }),
};

/** Whether the attempt that has this status is paid by a bank's QR. */
function isByQr({ attempts }: Payment, status: AttemptStatus): boolean {
  return attempts.some((attempt) => attempt.status === status && attempt.qr !== null);
}

function textOf(payment: Payment, verdict: Verdict['verdict'], reasons: readonly VerdictReason[]): Verdict['text'] {
  const lead = { en: 'It is not certain yet whether the guest was charged.', ru: 'Пока не установлено, списаны ли деньги с гостя.' };
  const said = [...(verdict === 'being_resolved' ? [lead] : []), ...reasons.map((reason) => sentences[reason](payment))];
  return { en: said.map(({ en }) => en).join(' '), ru: said.map(({ ru }) => ru).join(' ') };
}
