import { importViolations } from './import-violations';
import { refusals } from './refusals';
import type { Refused } from './refusals';
import { ScratchTree } from './scratch-tree';
import { useViolations } from './use-violations';
import type { Violation } from './violation';

const violations: readonly Violation[] = [...importViolations, ...useViolations];

/** Right uses that look like wrong ones: a rule that refuses these refuses too much. */
const allowed: Readonly<Record<string, string>> = {
  'libs/flow/src/worker/y-core.ts':
    "import { check } from '@kkm/core';\n\n/** Checks. */\nexport const sure = (at: number): Date => {\n  check(at > 0, 'a time');\n  return new Date(at);\n};\n",
  'apps/ledger/src/y.config.ts': "/** Reads the environment where it may be read. */\nexport const level = process.env['KKM_LOG_LEVEL'];\n",
  'apps/ledger/src/postgres/y-rows.ts': "import { DataSource } from 'typeorm';\n\n/** Knows tables. */\nexport const source = DataSource;\n",
  'apps/ledger/src/http/y.controller.ts': "import { Controller } from '@nestjs/common';\n\n/** A door. */\n@Controller()\nexport class DoorController {}\n",
  'apps/admin/src/y-core.tsx':
    "import { formatMinor } from '@kkm/core';\n\n/** Words and decisions of core are the page's as well. */\nexport function Amount({ minor }: { readonly minor: number }) {\n  return <b>{formatMinor(minor)} ₽</b>;\n}\n",
  'libs/transports/src/y-tcp.ts': "import { connect } from 'node:net';\n\n/** A socket at home. */\nexport const dial = connect;\n",
  'libs/core/src/y.unit.spec.ts': "it('may use what Node has', () => expect(Buffer.from('x')).toHaveLength(1));\n",
  'libs/core/src/y-error.ts': '/** An error may inherit. */\nexport class Odd extends Error {}\n',
};

describe('the gates', () => {
  let tree: ScratchTree;
  let refused: readonly Refused[];
  beforeAll(async () => {
    tree = new ScratchTree();
    const injected = new Map(Object.entries(allowed));
    for (const { file, text, beside } of violations) {
      injected.set(file, text);
      for (const [name, content] of Object.entries(beside ?? {})) injected.set(name, content);
    }
    for (const [file, text] of injected) tree.write(file, text);
    refused = await refusals(tree, [...injected.keys()]);
  });
  afterAll(() => tree.remove());

  it.each(violations.map((violation) => [violation.what, violation] as const))('refuse %s', (_what, { file, refusedBy }) => {
    expect(refused.filter((one) => one.file === file).map((one) => one.by)).toContain(refusedBy);
  });

  it.each(Object.keys(allowed))('accept %s', (file) => {
    const here = refused.filter((one) => one.file === file && !/no-orphans|^knip/.test(one.by));
    expect(here).toEqual([]);
  });

  it('inject every violation into a file of its own', () => {
    expect(new Set(violations.map(({ file }) => file)).size).toBe(violations.length);
  });
});

describe('the rules for commits', () => {
  let tree: ScratchTree;
  beforeAll(() => {
    tree = new ScratchTree();
  });
  afterAll(() => tree.remove());

  it.each([
    ['feat(worker): ask the terminal before repeating a payment', 0],
    ['build: keep the tools one project', 0],
    ['feature(worker): ask the terminal', 1],
    ['feat(kiosk): no such project', 1],
    ['feat(worker): Ask The Terminal', 1],
    [`feat(worker): ${'ask '.repeat(20)}`, 1],
    ['asked the terminal', 1],
  ])('%s: exit code %i', async (message, code) => {
    expect((await tree.run('@commitlint/cli/cli.js', [], message)).code).toBe(code);
  });
});
