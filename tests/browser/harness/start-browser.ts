import { chromium } from 'playwright-core';
import type { Browser } from 'playwright-core';
import { findChromium } from '@kkm/testkit';

/** The machine's Chromium, without a window; only within `describeWith(['chromium'], …)`. */
export function startBrowser(): Promise<Browser> {
  const executablePath = findChromium();
  if (executablePath === null) throw new Error('There is no Chromium.');
  return chromium.launch({ executablePath, args: ['--disable-dev-shm-usage', '--force-color-profile=srgb'] });
}
