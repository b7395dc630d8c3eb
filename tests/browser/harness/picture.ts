import { writeFileSync } from 'node:fs';
import type { Page } from 'playwright-core';

/** Chromium's own compression; sharp lettering at a quarter of a PNG's size. */
const quality = 80;

/** Keeps a picture of a page as WebP, `whole` with what has to be scrolled to. Playwright writes PNG and JPEG alone, so Chromium is asked. */
export async function keepPicture(page: Page, picture: { readonly file: string; readonly whole: boolean }): Promise<void> {
  const session = await page.context().newCDPSession(page);
  try {
    const { cssContentSize } = await session.send('Page.getLayoutMetrics');
    const clip = { x: 0, y: 0, width: cssContentSize.width, height: cssContentSize.height, scale: 1 };
    const { data } = await session.send('Page.captureScreenshot', { format: 'webp', quality, ...(picture.whole && { clip, captureBeyondViewport: true }) });
    writeFileSync(picture.file, Buffer.from(data, 'base64'));
  } finally {
    await session.detach();
  }
}
