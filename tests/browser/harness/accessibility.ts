import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';

/** What axe-core found, as far as it is told. */
interface AxeResults {
  readonly violations: readonly { readonly id: string; readonly impact: string; readonly help: string; readonly nodes: readonly { readonly html: string }[] }[];
}

const source = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');

/**
 * Serious and critical findings of axe-core on what is shown. It comes in through the debugger's protocol, which the page's Content-Security-Policy does not bind, so that
 * the page is looked at as it is.
 */
export async function seriousFindings(page: Page): Promise<readonly string[]> {
  const debuggerOfPage = await page.context().newCDPSession(page);
  try {
    await debuggerOfPage.send('Runtime.evaluate', { expression: source });
    const { result, exceptionDetails } = await debuggerOfPage.send('Runtime.evaluate', {
      expression: `axe.run(document, { resultTypes: ['violations'] })`,
      awaitPromise: true,
      returnByValue: true,
    });
    if (exceptionDetails) throw new Error(`axe: ${exceptionDetails.exception?.description ?? exceptionDetails.text}`);
    const { violations } = result.value as AxeResults;
    return violations
      .filter(({ impact }) => impact === 'serious' || impact === 'critical')
      .map(({ id, help, nodes }) => `${id}: ${help}: ${nodes.map(({ html }) => html.slice(0, 160)).join(' | ')}`);
  } finally {
    await debuggerOfPage.detach();
  }
}

/** How far the page can be scrolled sideways, in pixels. */
export function sidewaysPixels(page: Page): Promise<number> {
  return page.evaluate<number>('document.documentElement.scrollWidth - document.documentElement.clientWidth');
}

/** How many buttons of the head stand beyond the edge of the screen: the head does not scroll, so nobody gets at them. */
export function cutOff(page: Page): Promise<number> {
  return page.evaluate<number>('[...document.querySelectorAll("header button")].filter((button) => button.getBoundingClientRect().right > innerWidth).length');
}
