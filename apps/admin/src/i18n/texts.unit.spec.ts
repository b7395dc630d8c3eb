import { routes } from '@kkm/contracts';
import { errorCatalogue } from '@kkm/core';
import { texts as en, codes as enCodes } from './en';
import { texts as ru, codes as ruCodes } from './ru';

/** The endings by which a language counts. */
const plurals = { en: ['one', 'other'], ru: ['one', 'few', 'many', 'other'] };

/** All texts of a tree, by their keys. */
function flat(tree: object, before = ''): Map<string, string> {
  const found = new Map<string, string>();
  for (const [key, value] of Object.entries(tree) as [string, unknown][]) {
    if (typeof value === 'string') found.set(before + key, value);
    else if (typeof value === 'object' && value !== null) for (const [inner, text] of flat(value, `${before}${key}.`)) found.set(inner, text);
  }
  return found;
}

const baseOf = (key: string): string => key.replace(/_(one|few|many|other)$/, '');
const basesOf = (all: Map<string, string>): string[] => [...new Set([...all.keys()].map(baseOf))].sort();
const gapsOf = (text: string): string[] => [...new Set([...text.matchAll(/\{\{(\w+)\}\}/g)].map((match) => match[1] ?? ''))].sort();

const texts = { en: flat(en), ru: flat(ru) };

describe('the texts of the page', () => {
  it('have the same keys in both languages', () => {
    expect(basesOf(texts.ru)).toEqual(basesOf(texts.en));
  });

  it.each(['en', 'ru'] as const)('are never empty in %s', (language) => {
    expect([...texts[language]].filter(([, text]) => text.trim() === '')).toEqual([]);
  });

  it.each(['en', 'ru'] as const)('count in every way %s counts', (language) => {
    const counted = [...texts[language].keys()].filter((key) => key !== baseOf(key)).map(baseOf);
    const missing = [...new Set(counted)].flatMap((base) => plurals[language].map((ending) => `${base}_${ending}`)).filter((key) => !texts[language].has(key));
    expect(missing).toEqual([]);
  });

  it('have the same gaps to fill in both languages', () => {
    const gaps = (all: Map<string, string>): Map<string, string[]> => new Map([...all].map(([key, text]) => [baseOf(key), gapsOf(text)]));
    expect(Object.fromEntries(gaps(texts.ru))).toEqual(Object.fromEntries(gaps(texts.en)));
  });

  it('are Russian where they should be', () => {
    // Names, and texts that are all gaps, read the same in every language.
    const same = [...texts.ru].filter(([key, text]) => !/[а-яё]/i.test(text) && texts.en.get(key) !== text);
    expect(same).toEqual([]);
  });
});

describe('the words of the audit', () => {
  it('are there for every route that changes something, and for no other', () => {
    // A bank is no caller, so that nobody is noted for what it tells.
    const changing = routes.filter(({ method, operationId }) => method !== 'GET' && operationId !== 'hearSbpBank').map(({ operationId }) => operationId);
    expect(Object.keys(en.audit.actions).sort()).toEqual(changing.sort());
  });
});

describe('the words of the error codes', () => {
  it('are there for every code of the catalogue, in both languages', () => {
    expect(Object.keys(ruCodes).sort()).toEqual(Object.keys(errorCatalogue).sort());
    expect(Object.keys(enCodes).sort()).toEqual(Object.keys(errorCatalogue).sort());
  });

  it('are Russian where they should be', () => {
    expect(Object.entries(ruCodes).filter(([, { title, remedy }]) => !/[а-яё]/i.test(title) || !/[а-яё]/i.test(remedy))).toEqual([]);
  });
});
