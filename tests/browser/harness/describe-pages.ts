import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { checkoutRoot } from '@kkm/stack';
import { describeWith } from '@kkm/testkit';
import { TestKkm } from '../../e2e/harness/test-kkm';
import type { KkmOptions } from '../../e2e/harness/test-kkm';
import { enterPeople, firstAdmin } from './people';
import type { People } from './people';
import { startBrowser } from './start-browser';
import { Visitor } from './visitor';
import type { Looking } from './visitor';

/** What a suite of pages works with. */
export interface Pages {
  readonly kkm: () => TestKkm;
  readonly people: () => People;
  readonly browser: () => Browser;
  /** A test with a visitor of its own. It fails with what the page must never do, whatever else came out. */
  readonly visit: (title: string, how: Looking, test: (visitor: Visitor) => Promise<void>) => void;
}

/** A suite on a whole KKM with its page, looked at in a real browser. After every test the bank's books are compared with the ledger's. */
export function describePages(title: string, options: KkmOptions & { readonly suite: string }, body: (pages: Pages) => void): void {
  describeWith(['broker', 'database', 'chromium'], title, () => {
    let kkm: TestKkm | null = null;
    let browser: Browser | null = null;
    let people: People | null = null;
    const running = (): { readonly kkm: TestKkm; readonly browser: Browser; readonly people: People } => {
      if (!kkm || !browser || !people) throw new Error('KKM did not start');
      return { kkm, browser, people };
    };
    beforeAll(async () => {
      browser = await startBrowser();
      kkm = await startKkm(options);
      people = await enterPeople(kkm);
    }, 90_000);
    afterEach(() => running().kkm.expectBooksAgree());
    afterAll(async () => {
      await browser?.close();
      await kkm?.remove();
    }, 60_000);
    const visit: Pages['visit'] = (name, how, test) => {
      it(name, async () => {
        const { gateway, virtualTerminal } = running().kkm.stack;
        const visitor = await Visitor.arrive(running().browser, how.at === 'virtual-terminal' ? virtualTerminal.url : gateway.url, how);
        try {
          await test(visitor);
          visitor.expectNoFaults();
        } catch (error) {
          await visitor.keepPicture(join(checkoutRoot(), 'coverage', 'browser', options.suite), name);
          throw error;
        } finally {
          await visitor.leave();
        }
      });
    };
    body({ kkm: () => running().kkm, people: () => running().people, browser: () => running().browser, visit });
  });
}

/** A KKM with its page and its first administrator. */
function startKkm(options: KkmOptions & { readonly suite: string }): Promise<TestKkm> {
  const { environmentOf } = options;
  const first = { KKM_BOOTSTRAP_ADMIN_USER: firstAdmin.name, KKM_BOOTSTRAP_ADMIN_PASSWORD: firstAdmin.password };
  return TestKkm.start(`browser-${options.suite}`, {
    ...options,
    environmentOf: (service) => ({ ...environmentOf?.(service), ...(service === 'gateway' ? first : {}) }),
  });
}
