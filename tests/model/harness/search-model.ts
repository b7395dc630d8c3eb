import { execFile } from 'node:child_process';
import { copyFileSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { modelFile } from './model-controls';
import { panVerdict } from './pan-verdict';
import type { PanVerdict } from './pan-verdict';

/** One search through the model. */
export interface ModelSearch {
  /** What is broken on purpose; left out: nothing. */
  readonly broken?: string;
  /** The claim to check; left out: all of them. */
  readonly claim?: string;
  readonly faults: number;
  /**
   * `every`: all states. `some`: the same, compiled in a hurry, for a counter-example that comes early. `shortest`: breadth first, for the shortest one.
   * `ends`: whether a history can go on for ever.
   */
  readonly kind: 'every' | 'some' | 'shortest' | 'ends';
}

/** What came of it; `words` tell the counter-example step by step. */
export interface ModelFinding {
  readonly verdict: PanVerdict;
  readonly words: readonly string[];
}

/** How the verifier is compiled: only a search of all states is long enough to be worth the compiler's time. */
const compiled = { every: ['-O2', '-DSAFETY'], some: ['-O0', '-DSAFETY'], shortest: ['-O0', '-DSAFETY', '-DBFS'], ends: ['-O1', '-DNP'] } as const;
/** Deeper than any history; when it is not, the verifier says so and the verdict is no proof. */
const depth = '-m10000';
const outputMax = 10_000_000;
const told = /^(?:worker|ledger|broker|terminal|bank|cashier)\b/;

/** Generates, compiles and runs the verifier in a folder of its own. Rejects when spin or the compiler refuses the model. */
export async function searchModel(search: ModelSearch): Promise<ModelFinding> {
  const folder = mkdtempSync(join(tmpdir(), 'kkm-model-'));
  const run = (program: string, words: readonly string[], mayFail = false): Promise<string> => output(program, words, { folder, mayFail });
  try {
    copyFileSync(modelFile, join(folder, 'permit.pml'));
    const defines = [`-DFAULTS=${search.faults}`, `-DBROKEN=${search.broken ?? 'INTACT'}`, `-DCLAIM=${search.claim ?? 'EVERY'}`];
    await run('spin', ['-a', ...defines, 'permit.pml']);
    await run('gcc', ['-w', ...compiled[search.kind], '-o', 'pan', 'pan.c']);
    const only = search.claim === undefined ? [] : ['-E']; // A history that gets stuck is another claim.
    const verdict = panVerdict(await run('./pan', ['-n', depth, ...(search.kind === 'ends' ? ['-l'] : []), ...only], true));
    const trail = existsSync(join(folder, 'permit.pml.trail')) ? await run('spin', ['-t', '-T', ...defines, 'permit.pml'], true) : '';
    return {
      verdict,
      words: trail
        .split('\n')
        .map((text) => text.trim())
        .filter((text) => told.test(text)),
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** What a program prints. Its exit code says little: the verifier ends with 0 whatever it finds, and a trail ends in the error it shows. */
function output(program: string, words: readonly string[], { folder, mayFail }: { readonly folder: string; readonly mayFail: boolean }): Promise<string> {
  return new Promise((resolve, reject) => {
    execFile(program, words, { cwd: folder, maxBuffer: outputMax }, (error, stdout, stderr) => {
      if (error && !mayFail) reject(new Error(`${program} ${words.join(' ')}: ${error.message}\n${stdout}${stderr}`));
      else resolve(stdout + stderr);
    });
  });
}
