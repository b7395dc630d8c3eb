import { moneyText } from '@kkm/core';
import type { Currency } from '@kkm/core';
import { useTranslation } from 'react-i18next';

/** Writes times, durations and amounts as people of the language do. */
export interface Words {
  readonly time: (at: string) => string;
  readonly day: (at: string) => string;
  readonly hour: (at: string) => string;
  readonly ms: (ms: number) => string;
  readonly percent: (part: number) => string;
  readonly money: (minor: number, currency?: Currency) => string;
  readonly number: (value: number) => string;
}

/** The name of who asked, without the id that tells one key from another of the same name; the audit has it. */
export function whoAsked(askedBy: string): string {
  return askedBy.replace(/ \([a-z]+_\w+\)$/, '');
}

const dateTime: Intl.DateTimeFormatOptions = { dateStyle: 'medium', timeStyle: 'medium' };

/** Makes the words of a language. */
export function wordsOf(language: string): Words {
  const format = (options: Intl.DateTimeFormatOptions) => {
    const dates = new Intl.DateTimeFormat(language, options);
    return (at: string): string => dates.format(new Date(at));
  };
  const seconds = new Intl.NumberFormat(language, { style: 'unit', unit: 'second', maximumFractionDigits: 1 });
  const milliseconds = new Intl.NumberFormat(language, { style: 'unit', unit: 'millisecond', maximumFractionDigits: 0 });
  const percents = new Intl.NumberFormat(language, { style: 'percent', maximumFractionDigits: 1 });
  const numbers = new Intl.NumberFormat(language);
  return {
    time: format(dateTime),
    day: format({ day: 'numeric', month: 'short' }),
    hour: format({ hour: '2-digit', minute: '2-digit' }),
    ms: (ms) => (ms < 1_000 ? milliseconds.format(ms) : seconds.format(ms / 1_000)),
    percent: (part) => percents.format(part),
    money: (minor, currency = 'RUB') => moneyText(minor, currency, language),
    number: (value) => numbers.format(value),
  };
}

const made = new Map<string, Words>();

/** The words of the language in force. */
export function useWords(): Words {
  const { i18n } = useTranslation();
  const known = made.get(i18n.language) ?? wordsOf(i18n.language);
  made.set(i18n.language, known);
  return known;
}
