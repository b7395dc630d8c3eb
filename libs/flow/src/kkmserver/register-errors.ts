/**
 * What registers say when they refuse. The first two are word for word what a live server 2.1.x answered to service commands (KkmServer facts, section 11): clients know them.
 * They hold a word on which some clients send a check again under another id, so no check is ever answered with them after money may have moved.
 */
export const registerErrors = {
  shiftOpen: 'Ошибка регистрации ( 60 : ККТ: Смена открыта – операция невозможна )',
  noShift: 'Ошибка регистрации ( 61 : ККТ: Смена не открыта или смена превысила 24 часа – операция невозможна )',
  drawerTooEmpty: 'Ошибка регистрации ( ККТ: В кассе недостаточно наличных – операция невозможна )',
  unknownType: (type: number): string => `Ошибка регистрации ( ККТ: Неизвестный тип чека ${type} )`,
  noSuchCheck: (number: number): string => `Не удалось получить данные чека ${number}: такого чека нет.`,
} as const;
