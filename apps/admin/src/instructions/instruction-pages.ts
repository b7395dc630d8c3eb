import type { Language } from '../settings';

/** Models whose instructions the walk shows; `other` has none of its own. */
export const models = ['pax-q25', 'pax-q24', 'other'] as const;
/** One of {@link models}. */
export type Model = (typeof models)[number];

/** Steps that the pages have, in their order: headings `## 1. …` to `## 6. …` (docs/terminals/README.md). */
export const instructionSteps = { bank: 1, lan: 2, usb: 3, registration: 4, register: 5, test: 6 } as const;

const pages = import.meta.glob<string>('../../../../docs/terminals/*.md', { query: '?raw', import: 'default' });

/** The text of one of the pages in a language; null when there is none. */
export async function instructionText(name: string, language: Language): Promise<string | null> {
  const load = pages[`../../../../docs/terminals/${name}${language === 'ru' ? '.ru' : ''}.md`];
  return load === undefined ? null : load();
}
