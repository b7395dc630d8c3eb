import { formatMinor, moneyText } from './money';

describe('money as people write it', () => {
  it.each([
    [15_000, 'RUB\u00a0150.00', '150,00\u00a0₽'],
    [5, 'RUB\u00a00.05', '0,05\u00a0₽'],
    [99_999_999, 'RUB\u00a0999,999.99', '999\u00a0999,99\u00a0₽'],
  ])('says %d minor units in each language, in one line', (minor, en, ru) => {
    expect([moneyText(minor, 'RUB', 'en'), moneyText(minor, 'RUB', 'ru')]).toEqual([en, ru]);
  });
});

describe('money as machines write it', () => {
  it.each([
    [15_000, '150.00'],
    [5, '0.05'],
    [-150, '-1.50'],
  ])('has two decimals: %d', (minor, text) => expect(formatMinor(minor)).toBe(text));
});
