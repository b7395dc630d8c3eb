import { whoAsked, wordsOf } from './words';

/** Without the kinds of spaces that a language puts between numbers and signs. */
const plain = (text: string): string => text.replace(/\s/g, ' ');

describe('the words of a language', () => {
  it.each([
    ['en', 'RUB 1,234.56'],
    ['ru', '1 234,56 ₽'],
  ])('write money in %s', (language, text) => expect(plain(wordsOf(language).money(123_456))).toBe(text));

  it.each([
    ['en', '850 ms', '12.3 sec'],
    ['ru', '850 мс', '12,3 с'],
  ])('write short and long times in %s', (language, short, long) => {
    expect(plain(wordsOf(language).ms(850))).toBe(short);
    expect(plain(wordsOf(language).ms(12_345))).toBe(long);
  });

  it('write parts as percents', () => expect(plain(wordsOf('ru').percent(0.0125))).toBe('1,3 %'));
});

describe('who asked', () => {
  it.each([
    ['first key (key_01m8ecc0j6t4vr8va2kqg0yrgj)', 'first key'],
    ['Olga (bar)', 'Olga (bar)'],
  ])('is named without an id: %s', (askedBy, name) => expect(whoAsked(askedBy)).toBe(name));
});
