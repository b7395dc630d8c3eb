import type { ErrorCode } from '@kkm/core';
import i18next from 'i18next';
import { initReactI18next } from 'react-i18next';
import { keep } from '../settings';
import type { Language } from '../settings';
import type { ErrorWords, ErrorWordsByCode } from './error-words';

const loaders = { en: () => import('./en'), ru: () => import('./ru') };

/** The words of the error codes in the language in force. */
let wordsByCode: ErrorWordsByCode | null = null;

/** Loads a language and makes the texts ready; nothing is shown before. */
export async function startTexts(language: Language): Promise<void> {
  const { codes, texts } = await loaders[language]();
  wordsByCode = codes;
  await i18next.use(initReactI18next).init({
    lng: language,
    resources: { [language]: texts },
    defaultNS: 'shell',
    fallbackLng: false,
    interpolation: { escapeValue: false },
    returnNull: false,
  });
}

/** Changes the language of the whole page, and of its next visit. */
export async function changeLanguage(language: Language): Promise<void> {
  const { codes, texts } = await loaders[language]();
  for (const [area, bundle] of Object.entries(texts)) i18next.addResourceBundle(language, area, bundle, true, true);
  wordsByCode = codes;
  document.documentElement.lang = language;
  keep('language', language);
  await i18next.changeLanguage(language);
}

/** The language in force. */
export function languageNow(): Language {
  return i18next.language === 'ru' ? 'ru' : 'en';
}

/** What a person reads for an error code; null for a code this page has never heard of. */
export function errorWords(code: string): ErrorWords | null {
  return wordsByCode?.[code as ErrorCode] ?? null;
}
