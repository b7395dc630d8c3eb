import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, BrowserContext, ConsoleMessage, Dialog, Page } from 'playwright-core';
import type { Credentials } from './people';

/** How somebody looks at a page. */
export interface Looking {
  /** What his browser speaks. */
  readonly language?: 'en' | 'ru';
  readonly scheme?: 'light' | 'dark';
  readonly screen?: 'desktop' | 'phone';
  /** Whose pages he looks at; KKM's own unless said. */
  readonly at?: 'admin' | 'virtual-terminal';
}

const screens = { desktop: { width: 1280, height: 800 }, phone: { width: 360, height: 740 } } as const;

/** Longer than any answer of a system on a busy machine, shorter than a test's patience. */
const patienceMs = 15_000;

/** Somebody at a browser of his own: nothing is kept from the visit before. What a page must never do is noted while he looks. */
export class Visitor {
  /** Errors of the page, refusals by its Content-Security-Policy, requests to other places, answers of 5xx. */
  readonly faults: string[] = [];

  private constructor(
    readonly page: Page,
    private readonly context: BrowserContext,
    private readonly origin: string,
    private readonly folder: '/admin' | '',
  ) {}

  /** Opens a browser's window at nothing yet. */
  static async arrive(browser: Browser, origin: string, { language = 'en', scheme = 'light', screen = 'desktop', at = 'admin' }: Looking): Promise<Visitor> {
    const context = await browser.newContext({
      locale: language === 'ru' ? 'ru-RU' : 'en-GB',
      timezoneId: 'Europe/Moscow',
      colorScheme: scheme,
      viewport: screens[screen],
      hasTouch: screen === 'phone',
      reducedMotion: 'reduce',
    });
    context.setDefaultTimeout(patienceMs);
    const visitor = new Visitor(await context.newPage(), context, origin, at === 'admin' ? '/admin' : '');
    visitor.watch();
    return visitor;
  }

  /** Opens an address, KKM's pages below `/admin`. */
  async open(path = ''): Promise<void> {
    await this.page.goto(`${this.origin}${this.folder}${path}`);
  }

  /** Signs in without the form: the form has tests of its own. */
  async signIn({ name, password }: Credentials): Promise<void> {
    const answer = await this.context.request.post(`${this.origin}/v1/session`, { data: { name, password }, headers: { origin: this.origin } });
    if (!answer.ok()) throw new Error(`sign-in: ${answer.status()} ${await answer.text()}`);
  }

  /** The browser loses its session, as it does when the session has ended. */
  async forget(): Promise<void> {
    await this.context.clearCookies();
  }

  /** Fails with everything that was noted. */
  expectNoFaults(): void {
    expect(this.faults).toEqual([]);
  }

  /** Keeps a picture of what is shown now, for whoever looks into a failed test. */
  async keepPicture(folder: string, name: string): Promise<void> {
    mkdirSync(folder, { recursive: true });
    await this.page.screenshot({ path: join(folder, `${name.replace(/[^\p{L}\d]+/gu, '-').slice(0, 80)}.png`), fullPage: true });
  }

  /** Closes the window. */
  async leave(): Promise<void> {
    await this.context.close();
  }

  private watch(): void {
    this.context.on('weberror', (error) => this.faults.push(`error: ${error.error().message}`));
    this.context.on('console', (message) => this.hear(message));
    this.context.on('dialog', (dialog) => this.answer(dialog));
    this.context.on('request', (request) => {
      if (!/^(data|blob|about):/.test(request.url()) && new URL(request.url()).origin !== this.origin) this.faults.push(`asked elsewhere: ${request.url()}`);
    });
    this.context.on('response', (response) => {
      if (response.status() >= 500) this.faults.push(`${response.status()} of ${response.url()}`);
    });
  }

  /** No page of KKM asks by the browser's own dialogs but to keep what is not saved: whatever else opens one came from outside and ran. */
  private answer(dialog: Dialog): void {
    if (dialog.type() !== 'beforeunload') this.faults.push(`a dialog: ${dialog.message()}`);
    void dialog.accept();
  }

  /** A refusal in words of `/v1` is an answer that the page shows, and a stream that is cut is opened anew; browsers log both as errors all the same. */
  private hear(message: ConsoleMessage): void {
    if (message.type() !== 'error') return;
    const text = message.text();
    const { url } = message.location();
    const refusal = /status of 4\d\d/.test(text) && url.startsWith(`${this.origin}/v1/`);
    const cut = text.includes('net::ERR_') && url.startsWith(`${this.origin}/v1/stream`);
    if (!refusal && !cut) this.faults.push(`console: ${text} (${url})`);
  }
}
