import { builtinModules } from 'node:module';
import nx from '@nx/eslint-plugin';
import jsdoc from 'eslint-plugin-jsdoc';
import hooks from 'eslint-plugin-react-hooks';
import tseslint from 'typescript-eslint';
import kkm from './tools/lint/index.mjs';
import { impureGlobals, impureSyntax, layers, layersUnderTest, pureFiles } from './tools/lint/layers.mjs';

const sources = ['**/*.ts', '**/*.tsx'];

const specs = ['**/*.spec.ts'];

const boundaries = (rows) => ['error', { allow: [], banTransitiveDependencies: true, depConstraints: rows }];

/** Code that runs only under test: conformance suites, fakes, the kit for real servers. */
const testing = [...specs, 'libs/testkit/**/*.ts', '**/src/testing/**/*.ts', 'tests/**/*.ts'];

/** What the rules on doc comments look at, besides functions and classes. */
const exported = ['ExportNamedDeclaration > VariableDeclaration', 'TSInterfaceDeclaration', 'TSTypeAliasDeclaration'];

/** `node:fs`, `fs` and `fs/promises` alike. */
const builtins = { regex: `^(node:.+|(${builtinModules.filter((name) => !name.startsWith('_')).join('|')})(/.*)?)$` };

/** The only classes that others are made of. Nest's `Server` is what its microservices expect of a transport strategy. */
const parents = '^(Error|TypeError|RangeError|KnownError|Server)$';

const threeThenOptions = 'Three positional arguments, then an options object.';

/** Functions with more than three arguments, unless the fourth and last is the options object. */
const tooMany = (kinds) =>
  `:matches(${kinds}):matches([params.length>4], [params.length=4]:not([params.3.name='options']):not([params.3.type='ObjectPattern']))`;

/** Syntax that is refused everywhere. Rules of one name replace each other, so every block repeats what it adds to. */
const everywhere = [
  { selector: 'ExportAllDeclaration', message: 'Name what a library gives.' },
  { selector: 'TSEnumDeclaration', message: 'Write a union, or an object "as const".' },
  { selector: `ClassDeclaration[superClass]:not([superClass.name=/${parents}/])`, message: 'No inheritance except errors: wrap instead.' },
  {
    selector: `:not(MethodDefinition[kind="constructor"]) > ${tooMany('FunctionDeclaration, FunctionExpression, ArrowFunctionExpression')}`,
    message: threeThenOptions,
  },
  { selector: tooMany('TSMethodSignature, TSFunctionType, TSDeclareFunction'), message: threeThenOptions },
  { selector: 'MethodDefinition[kind="constructor"] > FunctionExpression[params.length>4]', message: 'Four collaborators, then split.' },
];
const defaultExport = { selector: 'ExportDefaultDeclaration', message: 'Exports have names.' };
const wordsInMarkup = { selector: 'JSXText[value=/\\p{L}{3}/u]', message: 'What people read is in src/i18n, in every language.' };
const markupFromText = { selector: "JSXAttribute[name.name='dangerouslySetInnerHTML']", message: 'Text from outside stays text.' };
const skipped = {
  selector:
    'MemberExpression[object.name=/^(it|test|describe)$/][property.name=/^(only|skip|todo)$/], CallExpression[callee.name=/^([fx]it|[fx]describe|xtest)$/]',
  message: 'No test is left out by hand; a suite whose dependency cannot be had asks libs/testkit.',
};
const moduleMocks = {
  selector: 'CallExpression[callee.object.name="jest"][callee.property.name=/^(mock|doMock|unstable_mockModule|setMock|enableAutomock)$/]',
  message: 'No mocks of modules: use the fake beside the port.',
};
const sleeping = {
  selector: 'CallExpression[callee.name=/^(setTimeout|setInterval)$/], CallExpression[callee.name=/^(sleep|delay)$/]',
  message: 'A unit test does not wait: give it a clock.',
};

export default [
  { ignores: ['node_modules/', 'dist/', 'coverage/', '.kkm/', '.nx/', '**/*.mjs', '**/*.cjs', '**/*.js'] },
  { linterOptions: { noInlineConfig: true, reportUnusedDisableDirectives: 'error' } },
  ...tseslint.configs.strict.map((block) => ({ ...block, files: sources })),
  ...tseslint.configs.stylistic.map((block) => ({ ...block, files: sources })),
  {
    files: sources,
    languageOptions: {
      parserOptions: {
        project: ['./tsconfig.json', './apps/admin/tsconfig.json', './apps/virtual-terminal/page/tsconfig.json'],
        tsconfigRootDir: import.meta.dirname,
      },
    },
    plugins: { '@nx': nx, jsdoc, kkm },
    rules: {
      '@nx/enforce-module-boundaries': boundaries(layers),
      '@typescript-eslint/await-thenable': 'error',
      '@typescript-eslint/ban-ts-comment': ['error', { 'ts-expect-error': true, 'ts-ignore': true, 'ts-nocheck': true }],
      '@typescript-eslint/consistent-type-definitions': 'off',
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'separate-type-imports' }],
      '@typescript-eslint/no-empty-function': 'off',
      '@typescript-eslint/no-extraneous-class': ['error', { allowWithDecorator: true }],
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-invalid-void-type': 'off',
      '@typescript-eslint/no-misused-promises': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/only-throw-error': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      'array-callback-return': 'error',
      eqeqeq: ['error', 'always'],
      'jsdoc/require-jsdoc': [
        'error',
        {
          publicOnly: true,
          require: { ArrowFunctionExpression: true, ClassDeclaration: true, FunctionDeclaration: true, FunctionExpression: true, MethodDefinition: false },
          contexts: exported,
        },
      ],
      'jsdoc/require-description': ['error', { contexts: [...exported, 'FunctionDeclaration', 'ClassDeclaration'] }],
      'kkm/commented-code': 'error',
      'kkm/declared-names': 'error',
      'kkm/file-name': 'error',
      'kkm/unfinished-work': 'error',
      'max-lines': ['error', 300],
      'max-lines-per-function': ['error', { max: 60 }],
      'no-console': 'error',
      'no-param-reassign': 'error',
      'no-restricted-imports': [
        'error',
        {
          paths: [
            { name: 'node:process', message: 'The environment is read in *.config.ts.' },
            { name: 'process', message: 'The environment is read in *.config.ts.' },
          ],
        },
      ],
      'no-restricted-properties': ['error', { object: 'process', property: 'env', message: 'Only *.config.ts reads the environment.' }],
      'no-restricted-syntax': ['error', ...everywhere, defaultExport],
      'object-shorthand': 'error',
      'prefer-promise-reject-errors': 'error',
    },
  },
  {
    files: pureFiles,
    ignores: testing,
    rules: {
      '@typescript-eslint/no-restricted-types': ['error', { types: { Buffer: 'The pure layers know Uint8Array.' } }],
      'no-restricted-globals': ['error', ...impureGlobals.map((name) => ({ name, message: `The pure layers do not know ${name}.` }))],
      'no-restricted-imports': ['error', { patterns: [{ ...builtins, message: 'The pure layers take I/O as an argument.' }] }],
      'no-restricted-syntax': ['error', ...everywhere, ...impureSyntax, defaultExport],
    },
  },
  {
    files: ['libs/core/src/**/*.ts', 'libs/wire/src/**/*.ts'],
    ignores: testing,
    rules: {
      'no-restricted-imports': ['error', { patterns: [{ regex: '^[^.]', message: 'core and wire import nothing but their own files.' }] }],
    },
  },
  {
    files: ['apps/admin/**/*.{ts,tsx}'],
    plugins: { 'react-hooks': hooks },
    rules: {
      'react-hooks/exhaustive-deps': 'error',
      'react-hooks/rules-of-hooks': 'error',
      '@typescript-eslint/no-misused-promises': ['error', { checksVoidReturn: { attributes: false } }],
      'no-restricted-syntax': ['error', ...everywhere, defaultExport, wordsInMarkup, markupFromText],
    },
  },
  { files: ['**/*.config.ts'], rules: { 'no-restricted-properties': 'off', 'no-restricted-imports': 'off' } },
  { files: ['*.config.ts'], rules: { 'no-restricted-syntax': ['error', ...everywhere] } },
  { files: ['tools/**/*.ts'], rules: { 'no-console': 'off', 'no-restricted-properties': 'off' } },
  {
    files: testing,
    rules: {
      '@nx/enforce-module-boundaries': boundaries(layersUnderTest),
      '@typescript-eslint/no-non-null-assertion': 'off',
      'max-lines-per-function': 'off',
      'no-restricted-properties': 'off',
      'no-restricted-syntax': ['error', ...everywhere.filter(({ message }) => message !== threeThenOptions), defaultExport, moduleMocks],
    },
  },
  // Jest takes the default export of a global set-up.
  { files: ['**/jest-global-*.ts'], rules: { 'no-restricted-syntax': ['error', ...everywhere] } },
  {
    files: specs,
    rules: {
      'jsdoc/require-jsdoc': 'off',
      'no-restricted-exports': ['error', { restrictDefaultExports: { direct: true } }],
      'no-restricted-syntax': [
        'error',
        ...everywhere.filter(({ message }) => message !== threeThenOptions),
        defaultExport,
        moduleMocks,
        skipped,
        { selector: 'ExportNamedDeclaration', message: 'A spec exports nothing.' },
      ],
    },
  },
  {
    files: ['**/*.unit.spec.ts', '**/*.sim.spec.ts'],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          patterns: [
            { regex: '^(node:)?(fs|net|tls|dgram|http|https|http2|child_process|cluster|worker_threads|timers)(/.*)?$', message: 'No I/O in a unit test.' },
          ],
        },
      ],
      'no-restricted-syntax': [
        'error',
        ...everywhere.filter(({ message }) => message !== threeThenOptions),
        defaultExport,
        moduleMocks,
        skipped,
        sleeping,
        { selector: 'ExportNamedDeclaration', message: 'A spec exports nothing.' },
      ],
    },
  },
];
