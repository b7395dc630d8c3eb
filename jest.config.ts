/**
 * Kinds of test by suffix; one project each, chosen with `--selectProjects`.
 *
 * @jest-config-loader ts-node
 * @jest-config-loader-options {"transpileOnly": true}
 */
import type { Config } from 'jest';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const root = __dirname;
function readJson<T>(file: string): T {
  return JSON.parse(readFileSync(join(root, file), 'utf8')) as T;
}

/** The aliases of tsconfig.base.json, so that they are written down once. */
const aliases = Object.entries(readJson<{ compilerOptions: { paths: Record<string, [string]> } }>('tsconfig.base.json').compilerOptions.paths);

/** The build's own compiler settings; Jest resolves the aliases itself. */
const { paths: _paths, baseUrl: _baseUrl, ...jsc } = readJson<{ jsc: Record<string, unknown> }>('.swcrc').jsc;

const kind = (displayName: string, testMatch: string[], testTimeoutMs: number) => ({
  displayName,
  rootDir: root,
  roots: ['apps', 'libs', 'tests', 'tools'].map((folder) => join(root, folder)),
  testMatch: testMatch.map((pattern) => join(root, pattern)),
  globals: { testTimeoutMs },
  setupFilesAfterEnv: [join(root, 'tests/set-timeout.ts')],
  testEnvironment: 'node',
  transform: { '^.+\\.ts$': ['@swc/jest', { swcrc: false, jsc, module: { type: 'commonjs' }, sourceMaps: 'inline' }] },
  moduleNameMapper: Object.fromEntries(aliases.map(([alias, [file]]) => [`^${alias}$`, join(root, file)])),
  moduleFileExtensions: ['ts', 'js', 'json', 'node'],
  modulePathIgnorePatterns: ['<rootDir>/dist/', '<rootDir>/.kkm/', '<rootDir>/.nx/'],
});

/** Where the environment names no servers, these start containers once per run, or leave a word why suites are skipped. */
const servers = {
  globalSetup: join(root, 'libs/testkit/src/jest-global-setup.ts'),
  globalTeardown: join(root, 'libs/testkit/src/jest-global-teardown.ts'),
};

const config: Config = {
  maxWorkers: 2,
  projects: [
    kind('unit', ['{apps,libs,tools,tests}/**/*.unit.spec.ts'], 5_000),
    { ...kind('int', ['{apps,libs,tools,tests}/**/*.int.spec.ts'], 60_000), ...servers },
    kind('model', ['tests/model/**/*.model.spec.ts'], 120_000),
    kind('sim', ['tests/sim/**/*.sim.spec.ts'], 120_000),
    kind('e2e', ['tests/{e2e,kkmserver}/**/*.e2e.spec.ts'], 120_000),
    { ...kind('browser', ['tests/browser/**/*.browser.spec.ts'], 60_000), ...servers },
    // A round of the matrix is waited for until its lane has come to it.
    kind('crash', ['tests/crash/**/*.crash.spec.ts'], 900_000),
    kind('compose', ['tests/compose/**/*.compose.spec.ts'], 900_000),
    kind('architecture', ['{tests,tools}/**/*.arch.spec.ts'], 300_000),
  ],
};

export default config;
