/** Languages the page speaks. */
export const languages = ['en', 'ru'] as const;
/** One of {@link languages}. */
export type Language = (typeof languages)[number];

/** Where the browser keeps what a person chose; public/first-paint.js reads language and scheme before anything is painted. */
export const keptUnder = { language: 'kkm.language', scheme: 'kkm.scheme', site: 'kkm.site' } as const;

/** The language in force, as first-paint.js decided it. */
export function firstLanguage(): Language {
  return document.documentElement.lang === 'ru' ? 'ru' : 'en';
}

/** What was kept under a key; null when nothing was, or the browser keeps nothing. */
export function kept(key: keyof typeof keptUnder): string | null {
  try {
    return localStorage.getItem(keptUnder[key]);
  } catch {
    // A browser that keeps nothing still shows the page.
    return null;
  }
}

/** Keeps a choice for the next visit. */
export function keep(key: keyof typeof keptUnder, value: string): void {
  try {
    localStorage.setItem(keptUnder[key], value);
  } catch {
    // The choice then holds until the page is closed.
  }
}
