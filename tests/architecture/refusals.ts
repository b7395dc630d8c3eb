import { relative } from 'node:path';
import type { ScratchTree } from './scratch-tree';

/** What one gate says about one file: `eslint max-lines`. */
export interface Refused {
  readonly file: string;
  readonly by: string;
}

/** Everything the gates refuse in the copy. `files` are the ones ESLint looks at; the others always see the whole tree. */
export async function refusals(tree: ScratchTree, files: readonly string[]): Promise<readonly Refused[]> {
  await graph(tree);
  const cruised = await cruise(tree);
  return [...(await lint(tree, files)), ...cruised, ...(await dead(tree))];
}

/** Nx's rule reads the graph from its cache and would stay silent without one. */
async function graph(tree: ScratchTree): Promise<void> {
  const { code, out, err } = await tree.run('nx/dist/bin/nx.js', ['graph', '--file=.nx/graph.json']);
  if (code !== 0) throw new Error(`nx graph failed: ${out}${err}`);
}

interface LintedFile {
  readonly filePath: string;
  readonly messages: readonly { readonly ruleId: string | null; readonly message: string }[];
}

async function lint(tree: ScratchTree, files: readonly string[]): Promise<Refused[]> {
  const { out, err } = await tree.run('eslint/bin/eslint.js', ['--format', 'json', ...files]);
  const linted = parsed<LintedFile[]>('eslint', out, err);
  return linted.flatMap(({ filePath, messages }) =>
    messages.map(({ ruleId, message }) => ({ file: relative(tree.folder, filePath), by: `eslint ${ruleId ?? message}` })),
  );
}

interface Cruised {
  readonly summary: { readonly violations: readonly { readonly from: string; readonly rule: { readonly name: string } }[] };
}

async function cruise(tree: ScratchTree): Promise<Refused[]> {
  const roots = ['apps', 'libs', 'tools', 'tests', 'eslint.config.mjs', 'jest.config.ts', 'commitlint.config.mjs'];
  const { out, err } = await tree.run('dependency-cruiser/bin/dependency-cruise.mjs', [
    '--config',
    '.dependency-cruiser.cjs',
    '--output-type',
    'json',
    ...roots,
  ]);
  return parsed<Cruised>('depcruise', out, err).summary.violations.map(({ from, rule }) => ({ file: from, by: `depcruise ${rule.name}` }));
}

interface DeadReport {
  readonly issues: readonly { readonly file: string; readonly files?: readonly unknown[]; readonly exports?: readonly unknown[] }[];
}

async function dead(tree: ScratchTree): Promise<Refused[]> {
  const { out, err } = await tree.run('knip/bin/knip.js', ['--no-progress', '--reporter', 'json']);
  return parsed<DeadReport>('knip', out, err).issues.flatMap(({ file, files, exports }) => [
    ...(files?.length ? [{ file, by: 'knip files' }] : []),
    ...(exports?.length ? [{ file, by: 'knip exports' }] : []),
  ]);
}

function parsed<T>(tool: string, out: string, err: string): T {
  try {
    return JSON.parse(out) as T;
  } catch (cause) {
    throw new Error(`${tool} did not answer with JSON: ${out.slice(0, 2_000)}${err.slice(0, 2_000)}`, { cause });
  }
}
