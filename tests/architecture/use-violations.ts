import { doing } from './violation';
import type { Violation } from './violation';

const syntax = 'eslint no-restricted-syntax';
const globals = 'eslint no-restricted-globals';

/** 299 members and their frame: one line too many. */
const longFile = `/** Too long to be read. */\nexport const lines = [\n${'  1,\n'.repeat(298)}];\n`;

/** Uses of the language that the pure layers or the house style forbid. */
export const useViolations: readonly Violation[] = [
  { what: 'the wall clock in core', file: 'libs/core/src/x-now.ts', text: doing('return Date.now();'), refusedBy: syntax },
  { what: 'the clock taken as a function in core', file: 'libs/core/src/x-clock.ts', text: doing('return [1].map(Date.now);'), refusedBy: syntax },
  { what: 'a date without argument in flow', file: 'libs/flow/src/ledger/x-date.ts', text: doing('return new Date().toISOString();'), refusedBy: syntax },
  { what: 'randomness in drivers', file: 'libs/drivers/src/kit/x-random.ts', text: doing('return Math.random();'), refusedBy: syntax },
  { what: 'an import at run time in contracts', file: 'libs/contracts/src/x-lazy.ts', text: doing("return import('zod');"), refusedBy: syntax },
  { what: 'a timer in flow', file: 'libs/flow/src/worker/x-timer.ts', text: doing('return setTimeout(act, 1);'), refusedBy: globals },
  { what: 'Buffer in drivers', file: 'libs/drivers/src/kit/x-buffer.ts', text: doing("return Buffer.from('x');"), refusedBy: globals },
  {
    what: 'Buffer as a type in wire',
    file: 'libs/wire/src/x-type.ts',
    text: '/** Bytes of Node. */\nexport type Bytes = Buffer;\n',
    refusedBy: 'eslint @typescript-eslint/no-restricted-types',
  },
  { what: 'process in core', file: 'libs/core/src/x-process.ts', text: doing('return process.pid;'), refusedBy: globals },
  { what: 'the console in flow', file: 'libs/flow/src/worker/x-console.ts', text: doing("return console.log('x');"), refusedBy: globals },
  { what: 'a way round through globalThis', file: 'libs/core/src/x-global.ts', text: doing('return globalThis;'), refusedBy: globals },
  {
    what: 'words in the markup of the page',
    file: 'apps/admin/src/x-words.tsx',
    text: '/** Speaks one language only. */\nexport function Words() {\n  return <p>Some words</p>;\n}\n',
    refusedBy: syntax,
  },
  {
    what: 'markup made of text in the page',
    file: 'apps/admin/src/x-markup.tsx',
    text: '/** Runs what a bank sent. */\nexport function Markup({ html }: { readonly html: string }) {\n  return <p dangerouslySetInnerHTML={{ __html: html }} />;\n}\n',
    refusedBy: syntax,
  },
  {
    what: 'a hook that is called now and then',
    file: 'apps/admin/src/x-hook.tsx',
    text: "import { useState } from 'react';\n\n/** Forgets the order of its hooks. */\nexport function useNowAndThen(now: boolean): unknown {\n  return now ? useState(0) : null;\n}\n",
    refusedBy: 'eslint react-hooks/rules-of-hooks',
  },
  {
    what: 'the environment outside *.config.ts',
    file: 'apps/gateway/src/x-env.ts',
    text: doing("return process.env['PORT'];"),
    refusedBy: 'eslint no-restricted-properties',
  },
  {
    what: 'the environment taken apart',
    file: 'apps/gateway/src/x-taken.ts',
    text: doing('const { env } = process;\n  return env;'),
    refusedBy: 'eslint no-restricted-properties',
  },
  {
    what: 'the environment by import',
    file: 'apps/gateway/src/x-imported.ts',
    text: `import { env } from 'node:process';\n\n${doing('return env;')}`,
    refusedBy: 'eslint no-restricted-imports',
  },
  {
    what: 'a promise that nobody awaits',
    file: 'apps/ledger/src/x-floating.ts',
    text: doing('void 0;\n  Promise.resolve();\n  return 0;'),
    refusedBy: 'eslint @typescript-eslint/no-floating-promises',
  },
  {
    what: 'a switch that forgets a case',
    file: 'apps/ledger/src/x-switch.ts',
    text: "/** Forgets b. */\nexport function act(of: 'a' | 'b'): void {\n  switch (of) {\n    case 'a':\n      return;\n  }\n}\n",
    refusedBy: 'eslint @typescript-eslint/switch-exhaustiveness-check',
  },
  {
    what: 'any',
    file: 'apps/ledger/src/x-any.ts',
    text: '/** Anything. */\nexport type Anything = any;\n',
    refusedBy: 'eslint @typescript-eslint/no-explicit-any',
  },
  {
    what: 'an export without a doc comment',
    file: 'libs/core/src/x-undocumented.ts',
    text: 'export const undocumented = 1;\n',
    refusedBy: 'eslint jsdoc/require-jsdoc',
  },
  {
    what: 'a type without a doc comment',
    file: 'apps/ledger/src/x-plain-type.ts',
    text: 'export interface Undocumented {\n  readonly x: 1;\n}\n',
    refusedBy: 'eslint jsdoc/require-jsdoc',
  },
  {
    what: 'an empty doc comment',
    file: 'libs/core/src/x-empty.ts',
    text: '/** */\nexport function empty(): void {}\n',
    refusedBy: 'eslint jsdoc/require-description',
  },
  { what: 'a file of 301 lines', file: 'libs/core/src/x-long.ts', text: longFile, refusedBy: 'eslint max-lines' },
  {
    what: 'a function of 61 lines',
    file: 'libs/core/src/x-tall.ts',
    text: doing(`return [\n${'    1,\n'.repeat(57)}  ];`),
    refusedBy: 'eslint max-lines-per-function',
  },
  {
    what: 'four positional arguments',
    file: 'libs/core/src/x-four.ts',
    text: '/** Adds. */\nexport const add = (a: number, b: number, c: number, d: number): number => a + b + c + d;\n',
    refusedBy: syntax,
  },
  {
    what: 'five collaborators',
    file: 'apps/ledger/src/x-five.ts',
    text: '/** Knows too many. */\nexport class Five {\n  constructor(readonly a: 1, readonly b: 1, readonly c: 1, readonly d: 1, readonly e: 1) {}\n}\n',
    refusedBy: syntax,
  },
  {
    what: 'inheritance',
    file: 'apps/ledger/src/x-base.ts',
    text: '/** Inherits. */\nexport class Inherited extends Map<string, string> {}\n',
    refusedBy: syntax,
  },
  { what: 'a default export', file: 'libs/core/src/x-default.ts', text: '/** Nameless. */\nexport default 1;\n', refusedBy: syntax },
  { what: 'export *', file: 'libs/core/src/x-star.ts', text: "export * from './check';\n", refusedBy: syntax },
  { what: 'an enum', file: 'libs/core/src/x-enum.ts', text: '/** Colours. */\nexport enum Colour {\n  Red,\n}\n', refusedBy: syntax },
  {
    what: 'a file named after nothing',
    file: 'libs/core/src/payment-utils.ts',
    text: '/** One. */\nexport const one = 1;\n',
    refusedBy: 'eslint kkm/file-name',
  },
  { what: 'a file name in camel case', file: 'libs/core/src/xCamel.ts', text: '/** One. */\nexport const one = 1;\n', refusedBy: 'eslint kkm/file-name' },
  {
    what: 'a suffix that no tool acts on',
    file: 'apps/ledger/src/payment.repository.ts',
    text: '/** One. */\nexport const one = 1;\n',
    refusedBy: 'eslint kkm/file-name',
  },
  {
    what: 'a class named service',
    file: 'apps/ledger/src/x-class.ts',
    text: '/** Serves. */\nexport const PaymentManager = 1;\n',
    refusedBy: 'eslint kkm/declared-names',
  },
  {
    what: 'an interface with an I',
    file: 'apps/ledger/src/x-prefix.ts',
    text: '/** A clock. */\nexport interface IClock {\n  readonly x: 1;\n}\n',
    refusedBy: 'eslint kkm/declared-names',
  },
  { what: 'FIXME', file: 'apps/ledger/src/x-fixme.ts', text: '/** One. */\nexport const one = 1; // FIXME: two\n', refusedBy: 'eslint kkm/unfinished-work' },
  {
    what: 'a TODO without an issue',
    file: 'apps/ledger/src/x-todo.ts',
    text: '/** One. */\nexport const one = 1; // TODO: two\n',
    refusedBy: 'eslint kkm/unfinished-work',
  },
  {
    what: 'code that is commented out',
    file: 'apps/ledger/src/x-commented.ts',
    text: '// const zero = 0;\n/** One. */\nexport const one = 1;\n',
    refusedBy: 'eslint kkm/commented-code',
  },
  {
    what: 'a switched-off rule',
    file: 'apps/ledger/src/x-disabled.ts',
    text: '/* eslint-disable */\n/** Anything. */\nexport type Anything = any;\n',
    refusedBy: 'eslint @typescript-eslint/no-explicit-any',
  },
  {
    what: 'a silenced compiler',
    file: 'apps/ledger/src/x-silenced.ts',
    text: "// @ts-ignore\n/** One. */\nexport const one: number = '1';\n",
    refusedBy: 'eslint @typescript-eslint/ban-ts-comment',
  },
  {
    what: 'a test left out',
    file: 'apps/ledger/src/x-skipped.unit.spec.ts',
    text: "describe('x', () => {\n  it.skip('y', () => undefined);\n});\n",
    refusedBy: syntax,
  },
  { what: 'a mock of a module', file: 'apps/ledger/src/x-mocked.unit.spec.ts', text: "jest.mock('./x');\n", refusedBy: syntax },
  {
    what: 'a unit test that waits',
    file: 'apps/ledger/src/x-sleeping.unit.spec.ts',
    text: "it('waits', (done) => void setTimeout(done, 1_000));\n",
    refusedBy: syntax,
  },
  {
    what: 'a unit test that opens a file',
    file: 'apps/ledger/src/x-reading.unit.spec.ts',
    text: "import { readFileSync } from 'node:fs';\n\nit('reads', () => void readFileSync('x'));\n",
    refusedBy: 'eslint no-restricted-imports',
  },
  {
    what: 'a kind of test that does not exist',
    file: 'apps/ledger/src/x.spec.ts',
    text: "it('runs nowhere', () => undefined);\n",
    refusedBy: 'eslint kkm/file-name',
  },
  { what: 'a dead file', file: 'libs/core/src/x-dead.ts', text: '/** Nobody wants it. */\nexport const dead = 1;\n', refusedBy: 'depcruise no-orphans' },
  {
    what: 'a dead file that knows living ones',
    file: 'libs/core/src/x-half-dead.ts',
    text: "import { check } from './check';\n\n/** Nobody wants it either. */\nexport const halfDead = check;\n",
    refusedBy: 'knip files',
  },
  {
    what: 'an export that nobody takes',
    file: 'apps/ledger/src/x-exports.ts',
    text: '/** Taken. */\nexport const used = 1;\n\n/** Left. */\nexport const left = 2;\n',
    beside: { 'apps/ledger/src/x-exports.unit.spec.ts': "import { used } from './x-exports';\n\nit('uses', () => expect(used).toBe(1));\n" },
    refusedBy: 'knip exports',
  },
  {
    what: 'a cycle',
    file: 'libs/core/src/x-egg.ts',
    text: "import { hen } from './x-hen';\n\n/** Comes from a hen. */\nexport const egg = (): unknown => hen;\n",
    beside: { 'libs/core/src/x-hen.ts': "import { egg } from './x-egg';\n\n/** Comes from an egg. */\nexport const hen = (): unknown => egg;\n" },
    refusedBy: 'depcruise no-cycles',
  },
];
