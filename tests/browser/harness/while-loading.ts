import type { Page } from 'playwright-core';

/** What somebody sees from the first frame on, each thing once. */
export interface SeenWhileLoading {
  /** Texts of the body. */
  readonly texts: readonly string[];
  /** The document's language, while there was text. */
  readonly languages: readonly string[];
  /** Colours behind the text. */
  readonly backgrounds: readonly string[];
}

/** Runs in the page before anything of it does, and looks at every frame. */
const watch = `
  window.seenWhileLoading = { texts: [], languages: [], backgrounds: [] };
  const keep = (list, value) => list.includes(value) || list.push(value);
  const look = () => {
    const { texts, languages, backgrounds } = window.seenWhileLoading;
    if (document.body) {
      const text = document.body.innerText.trim();
      const background = getComputedStyle(document.body).backgroundColor;
      if (text !== '') keep(texts, text), keep(languages, document.documentElement.lang);
      // Without a colour of its own the body shows the browser's, which goes by the colour scheme.
      keep(backgrounds, background === 'rgba(0, 0, 0, 0)' ? document.documentElement.style.colorScheme + ' canvas' : background);
    }
    requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
`;

/** Loads a page and tells all that was to be seen until a text is there. */
export async function seenWhileLoading(page: Page, load: () => Promise<unknown>, until: string): Promise<SeenWhileLoading> {
  await page.addInitScript(watch);
  await load();
  await page.getByText(until).first().waitFor();
  return page.evaluate<SeenWhileLoading>('window.seenWhileLoading');
}
