/** What the KkmServer door itself says to people, in Russian and English. What a command ended with is said by the use cases. */
const texts = {
  bodyEmpty: { ru: 'Пустой запрос', en: 'the body is empty' },
  bodyNotUtf8: { ru: 'Запрос не в кодировке UTF-8', en: 'the body is not UTF-8' },
  bodyNotJson: { ru: 'Запрос не является JSON', en: 'the body is not JSON' },
  bodyNoObject: { ru: 'Запрос должен быть объектом JSON', en: 'the body must be a JSON object' },
  bodyTooLarge: { ru: 'Запрос слишком большой: не больше 1 МиБ', en: 'the body is too large: at most 1 MiB' },
  bodyTooDeep: { ru: 'Слишком большая вложенность запроса', en: 'the body is nested too deeply' },
  bodyTooManyParts: { ru: 'Слишком много элементов в запросе', en: 'the body has too many parts' },
  badText: { ru: 'Недопустимые символы в тексте', en: 'a text holds characters that are not allowed' },
  badNumber: { ru: 'Число вне допустимых пределов', en: 'a number is out of range' },
  requestBroken: { ru: 'Запрос не удалось прочитать', en: 'the request cannot be read' },
  commandMissing: { ru: 'Не указана команда', en: 'Command is missing' },
  commandUnknown: { ru: 'Команда не поддерживается', en: 'the command is not supported' },
  required: { ru: 'нужно указать', en: 'is required' },
  wantsAmount: {
    ru: 'нужна сумма в рублях от 0 до 999999.99, не больше двух знаков после точки',
    en: 'must be roubles from 0 to 999999.99, at most two decimals',
  },
  wantsPositive: { ru: 'сумма должна быть больше нуля', en: 'must be above zero' },
  wantsWhole: { ru: 'нужно целое число в допустимых пределах', en: 'must be a whole number within limits' },
  wantsQuantity: { ru: 'нужно количество', en: 'must be a quantity' },
  wantsFlag: { ru: 'нужно true или false', en: 'must be true or false' },
  wantsText: { ru: 'нужна строка допустимой длины без управляющих символов', en: 'must be text of the allowed length without control characters' },
  wantsObject: { ru: 'нужен объект', en: 'must be an object' },
  wantsList: { ru: 'нужен список', en: 'must be a list' },
  checkTypeUnknown: { ru: 'неизвестный тип чека', en: 'is no type of check' },
  fiscalUnsaid: { ru: 'укажите, фискальный ли это чек', en: 'say whether the check is fiscal' },
  saleNamesCharge: { ru: 'при продаже должно быть пусто', en: 'must be empty on a sale' },
  universalIdUnreadable: { ru: 'нет ни RRN, ни AC', en: 'names neither RRN nor AC' },
  chargeNamedTwice: { ru: 'UniversalID и RRNCode/AuthorizationCode называют разные операции', en: 'UniversalID and RRNCode/AuthorizationCode differ' },
  resultUnknown: { ru: 'Команда с таким IdCommand не найдена', en: 'no command has this IdCommand' },
  noSuchPath: { ru: 'Такого адреса нет, команды отправляются POST-запросом на /Execute', en: 'no such path, commands are posted to /Execute' },
  credentialsWrong: { ru: 'Неверный логин или пароль', en: 'wrong login or password' },
  credentialsWanted: { ru: 'Нужны логин и пароль', en: 'login and password are needed' },
  tooManyRequests: { ru: 'Слишком много запросов, повторите позже с тем же IdCommand', en: 'too many requests, repeat later with the same IdCommand' },
  tooManyGuesses: { ru: 'Слишком много неверных паролей, подождите', en: 'too many wrong passwords, wait' },
  siteUnclear: {
    ru: 'Для этого порта не задана площадка (KKM_KKMSERVER_PORTS)',
    en: 'this port has no site (KKM_KKMSERVER_PORTS)',
  },
  outcomeUnknown: {
    ru: 'KKM сейчас не может ответить, исход команды неизвестен. Не повторяйте оплату: запросите GetRezult с этим IdCommand',
    en: 'KKM cannot answer now and the outcome is unknown. Do not pay again: ask GetRezult with this IdCommand',
  },
} as const satisfies Readonly<Record<string, { readonly ru: string; readonly en: string }>>;

/** A text of the KkmServer door. */
export type DoorText = keyof typeof texts;

/** Names of all texts, for tests. */
export const doorTexts = Object.keys(texts) as readonly DoorText[];

/** What a person reads: Russian, then English. */
export function doorText(name: DoorText): string {
  const { ru, en } = texts[name];
  return `${ru} (${en})`;
}
