import { errorCatalogue, reasonTexts } from '@kkm/core';
import type { Attempt, ErrorCode, KnownError, OutcomeReason } from '@kkm/core';

/**
 * Words in an error that make known clients send the same bill again under a new id (KkmServer facts, section 7), and what is said instead. A client that was
 * told so while a card may be charged would charge it twice.
 */
const triggers: readonly (readonly [pattern: RegExp, instead: string])[] = [
  [/смен[а-яё]*/giu, 'кассовый период'],
  [/лиценз[а-яё]*/giu, 'разрешение'],
];

/** A text of somebody else's (a bank, a register) as it may be shown when money may have moved. */
export function harmless(text: string): string {
  return triggers.reduce((said, [pattern, instead]) => said.replace(pattern, instead), text);
}

/** Roubles as people read them. */
function roubles(minor: number): string {
  return `${Math.floor(minor / 100)},${String(minor % 100).padStart(2, '0')} руб.`;
}

/** Every error the KkmServer door shows of its own. None says a trigger word; a test holds them against it. */
export const doorTexts = {
  unitNotFound: (numDevice: number): string => `Устройство (с параметрами NumDevice=${numDevice}) не найдено: не настроено или отключено.`,
  otherCommand: 'Команда с таким IdCommand уже принята, но с другими данными. Для другой команды нужен другой IdCommand.',
  sameBill: (idCommand: string): string =>
    `По этому чеку уже идёт операция (IdCommand ${idCommand}). Дождитесь её результата через GetRezult и не проводите оплату ещё раз.`,
  mayNotGiveBack: 'Возврат и отмена здесь запрещены: войдите с паролем или добавьте адрес страницы в список разрешённых.',
  cannotHold: 'Терминал не умеет блокировать сумму на карте: используйте обычную оплату PayByPaymentCard.',
  amountWrong: 'Сумма операции должна быть больше нуля и не больше 999999,99 руб.',
  noTerminal: 'Терминал для оплаты не задан: выберите его в настройках автоматического эквайринга кассы или укажите NumDeviceByProcessing.',
  typeNotPayable: 'Чек этого типа нельзя оплатить картой автоматически: передайте PayByProcessing = false.',
  startedTooLate: 'Оплата не началась вовремя и не будет проведена: деньги не списаны. Повторите команду с новым IdCommand.',
  noReference: 'Не указано, какую оплату вернуть: передайте UniversalID или RRNCode и AuthorizationCode той оплаты.',
  noReceiptReference: 'Не найдена оплата этого чека: передайте RRNCode и AuthorizationCode (или UniversalID) той оплаты.',
  chargeNotFound: 'Оплата с такими реквизитами через KKM не проводилась: вернуть её можно только на терминале.',
  nothingToReverse: 'Последняя операция этого терминала деньги не списала: отменять нечего.',
  reversalInDoubt: 'Исход последней операции терминала ещё выясняется. KKM узнаёт его сама; отмена станет возможна после этого.',
  partlyCharged: (charged: number, wanted: number): string => `списано ${roubles(charged)} вместо ${roubles(wanted)}, чек на такую сумму не составлялся`,
  chargedWithoutReceipt: (minor: number, why: string): string =>
    `Оплата прошла (${roubles(minor)}), но чек пока не напечатан: ${why}. KKM печатает его сама. Не проводите оплату ещё раз.`,
  returnedWithoutReceipt: (why: string): string =>
    `Деньги возвращены, но чек возврата пока не напечатан: ${why}. KKM печатает его сама. Не проводите возврат ещё раз.`,
  givenBack: (minor: number, why: string): string => `Чек не напечатан: ${why}. Оплата (${roubles(minor)}) возвращена на карту.`,
  notGivenBackYet: (minor: number, why: string): string =>
    `Чек не напечатан, оплата (${roubles(minor)}) ещё не возвращена: ${why}. KKM повторяет возврат сама. Не проводите оплату ещё раз.`,
  returnRefused: (attempt: Attempt): string => `Возврат не прошёл: ${reasonOf(attempt)}. Деньги остались списанными.`,
  notCharged: (attempt: Attempt): string => `Оплата не прошла: ${reasonOf(attempt)}. Деньги не списаны. Её можно повторить в KKM на тот же счёт, без возврата.`,
  terminalRefused: (reason: OutcomeReason | null): string => `Терминал не выполнил команду: ${reasonTexts[reason ?? 'unrecognised'].ru}.`,
  terminalUnknown: 'Ответ терминала потерян: выполнил ли он команду, неизвестно. Посмотрите отчёт терминала, прежде чем повторять её.',
  noRegister: 'Касса этого чека удалена из настроек',
  gaveUp: (why: string): string => `Команда не выполнена: ${why}.`,
  cause: (error: KnownError): string => byCode[error.code] ?? `${errorCatalogue[error.code].title} (${error.code})`,
  failed: 'KKM не смогла выполнить шаг команды',
  refused: (error: KnownError): string => byCode[error.code] ?? `Команда отклонена: ${errorCatalogue[error.code].title} (${error.code}).`,
} as const;

const byCode: Readonly<Partial<Record<ErrorCode, string>>> = {
  'payment.order_busy': 'По этому чеку уже идёт оплата. Дождитесь её результата и не проводите её ещё раз.',
  'payment.order_charged': 'Этот чек на эту сумму уже оплачен. Повторная оплата не проведена.',
  'payment.not_refundable': 'Вернуть эту оплату нельзя: возвращать нечего, или другой её возврат ещё не закончен.',
  'payment.refund_too_large': 'Сумма возврата больше того, что осталось от оплаты.',
  'payment.not_found': 'Такой оплаты нет.',
  'equipment.not_found': 'Терминал или касса не найдены: проверьте настройки.',
  'equipment.no_terminal': 'Терминал для оплаты не задан или отключён в настройках.',
  'sbp.not_offered': 'Терминал не принимает оплату через СБП.',
  'sbp.bank_not_configured': 'Банк для оплаты через СБП не настроен.',
  'idempotency.key_reused': 'Команда с таким IdCommand уже принята, но с другими данными. Для другой команды нужен другой IdCommand.',
  'terminal.in_doubt': 'Исход последней операции терминала ещё выясняется. KKM узнаёт его сама; повторите команду после этого.',
  'equipment.terminal_busy': 'Терминал занят: идёт операция. Дождитесь её конца.',
  'terminal.silent': 'Терминал ещё не ответил',
  'ledger.unavailable': 'KKM временно не отвечает',
  'broker.unavailable': 'KKM временно не отвечает',
  'settings.unavailable': 'KKM временно не отвечает',
};

/** Why an attempt ended: KKM's word for it, and the terminal's own beside it. */
function reasonOf({ reason, message, status }: Attempt): string {
  const ours = reason === null ? (status === 'expired' ? 'терминал не взял её в работу вовремя' : 'она отменена') : reasonTexts[reason].ru;
  return message === null || message.trim() === '' ? ours : `${ours} (терминал: ${harmless(message.trim())})`;
}
