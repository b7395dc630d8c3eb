import { describeWith } from '@kkm/testkit';
import { TestKkm } from './test-kkm';
import type { KkmOptions } from './test-kkm';

/** A suite on a whole KKM of its own. After every test the bank's books are compared with the ledger's: no other assertion matters more. */
export function describeKkm(title: string, options: KkmOptions & { readonly suite: string }, body: (kkm: () => TestKkm) => void): void {
  describeWith(['broker', 'database'], title, () => {
    let started: TestKkm | null = null;
    const kkm = (): TestKkm => {
      if (!started) throw new Error('KKM did not start');
      return started;
    };
    beforeAll(async () => {
      started = await TestKkm.start(options.suite, options);
    }, 90_000);
    afterEach(() => kkm().expectBooksAgree());
    afterAll(() => started?.remove(), 60_000);
    body(kkm);
  });
}
