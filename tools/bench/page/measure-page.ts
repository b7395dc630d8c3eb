import { connectBroker } from '@kkm/messaging';
import { findChromium } from '@kkm/testkit';
import { chromium } from 'playwright-core';
import type { Browser, Page } from 'playwright-core';
import { startStack } from '../../stack/start-stack';
import type { Stack } from '../../stack/start-stack';
import type { BenchConfig } from '../bench.config';
import { payAtLedger } from '../measure/pay-at-ledger';
import { percentiles, round } from '../measure/percentiles';
import type { Percentiles } from '../measure/percentiles';

/** Payments that are made at the same time. */
const atOnce = 20;

/** What is measured. */
export interface PageBench {
  readonly infrastructure: BenchConfig;
  readonly directory: string;
  readonly size: { readonly payments: number; readonly loads: number };
}

/** How soon the list is there, and how it scrolls. Times in milliseconds. */
export interface PageFigures {
  /** From the address until the first payment can be opened, each time in a browser that has seen nothing of the page. */
  readonly usable: Percentiles;
  /** Between a frame and the next, while the list is scrolled. */
  readonly frames: Percentiles;
  /** Above 50 ms, else 0: shorter ones are not told. */
  readonly longestTaskMs: number;
  readonly scrolledRows: number;
  readonly rowsDrawnMax: number;
}

/** Runs in the page from its beginning: when the first payment is there, and what kept it from drawing. */
const watch = `
  window.tasks = [];
  new PerformanceObserver((list) => window.tasks.push(...list.getEntries().map((task) => task.duration))).observe({ type: 'longtask', buffered: true });
  const look = () => document.querySelector('.kkm-payments a') ? (window.usableMs = performance.now()) : requestAnimationFrame(look);
  requestAnimationFrame(look);
`;

/** What {@link watch} saw, by the next frame at the latest. */
const usableOnceSeen = `new Promise((done) => {
  const ask = () => window.usableMs === undefined ? requestAnimationFrame(ask) : done(window.usableMs);
  ask();
})`;

/** Scrolls on with every frame until all is read and the end is reached. */
const scroll = (rows: number): string => `new Promise((done) => {
  window.tasks.length = 0;
  const gaps = [];
  let before = performance.now(), drawn = 0;
  const step = (now) => {
    gaps.push(now - before);
    before = now;
    const shown = document.querySelectorAll('.kkm-payments tbody tr:not([aria-hidden])');
    drawn = Math.max(drawn, shown.length);
    const last = Number(shown[shown.length - 1]?.getAttribute('aria-rowindex') ?? 0) - 1;
    if (last >= ${rows}) return done({ gaps, drawn, last, tasks: window.tasks });
    scrollBy(0, 120);
    requestAnimationFrame(step);
  };
  requestAnimationFrame(step);
})`;

/** Fills a café's books and looks at them in a browser. */
export async function measurePage({ infrastructure, directory, size }: PageBench): Promise<PageFigures> {
  const executablePath = findChromium();
  if (executablePath === null) throw new Error('There is no Chromium on this machine.');
  const stack = await startStack({ infrastructure, directory, terminals: 1 });
  const browser = await chromium.launch({ executablePath, args: ['--disable-dev-shm-usage'] });
  try {
    await fillBooks(stack, size.payments);
    const times: number[] = [];
    for (let load = 0; load < size.loads; load += 1) times.push(await usableMs(browser, stack));
    return { usable: percentiles(times), ...(await scrolled(browser, stack, size.payments)) };
  } finally {
    await browser.close();
    await stack.remove();
  }
}

async function fillBooks({ place, siteId }: Stack, payments: number): Promise<void> {
  const broker = await connectBroker({ url: place.amqpUrl, name: 'bench-page' });
  try {
    for (let made = 0; made < payments; made += atOnce) {
      await Promise.all(Array.from({ length: Math.min(atOnce, payments - made) }, () => payAtLedger(broker, siteId)));
    }
  } finally {
    await broker.close();
  }
}

/** The page of somebody who was never there; closes with its context. */
async function visit(browser: Browser, { gateway, admin }: Stack): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  const data = { name: admin.user, password: admin.password };
  const answer = await context.request.post(`${gateway.url}/v1/session`, { data, headers: { origin: gateway.url } });
  if (!answer.ok()) throw new Error(`sign-in: ${answer.status()} ${await answer.text()}`);
  const page = await context.newPage();
  await page.addInitScript(watch);
  await page.goto(`${gateway.url}/admin/payments`);
  await page.locator('.kkm-payments a').first().waitFor();
  return page;
}

async function usableMs(browser: Browser, stack: Stack): Promise<number> {
  const page = await visit(browser, stack);
  const ms = await page.evaluate<number>(usableOnceSeen);
  await page.context().close();
  return ms;
}

async function scrolled(browser: Browser, stack: Stack, payments: number): Promise<Omit<PageFigures, 'usable'>> {
  const page = await visit(browser, stack);
  interface Scrolled {
    readonly gaps: readonly number[];
    readonly drawn: number;
    readonly last: number;
    readonly tasks: readonly number[];
  }
  const { gaps, drawn, last, tasks } = await page.evaluate<Scrolled>(scroll(payments));
  return { frames: percentiles(gaps), longestTaskMs: round(Math.max(0, ...tasks)), scrolledRows: last, rowsDrawnMax: drawn };
}
