import { english } from './texts-en';
import type { Texts } from './texts-en';
import { russian } from './texts-ru';

export type { Texts } from './texts-en';

/** The languages of the page. */
export type Language = 'en' | 'ru';

const kept = 'kkm-language';
const all: Readonly<Record<Language, Texts>> = { en: english, ru: russian };

/** The language that was chosen here, otherwise the browser's. */
export function languageOf(): Language {
  const chosen = localStorage.getItem(kept) ?? navigator.language.slice(0, 2);
  return chosen === 'ru' ? 'ru' : 'en';
}

/** Keeps the choice for the next visit. */
export function choose(language: Language): void {
  localStorage.setItem(kept, language);
}

/** All words of the page. */
export function textsOf(language: Language): Texts {
  return all[language];
}

/** An amount of minor units as money is written in the language. */
export function money(language: Language, amountMinor: number): string {
  return new Intl.NumberFormat(language === 'ru' ? 'ru-RU' : 'en-GB', { style: 'currency', currency: 'RUB' }).format(amountMinor / 100);
}
