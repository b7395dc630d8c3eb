import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';

const root = resolve(__dirname, '../..');

/** What the gates read. Packages are found in the checkout above, because the copy lies inside it. */
const copied = [
  ...['apps', 'libs', 'tools', 'tests', 'package.json', 'package-lock.json', 'tsconfig.json', 'tsconfig.base.json', 'jest.config.ts', '.swcrc'],
  ...['nx.json', 'eslint.config.mjs', 'commitlint.config.mjs', '.dependency-cruiser.cjs', 'knip.jsonc', '.prettierrc', '.prettierignore', '.editorconfig'],
];

/** A copy of the checkout that may be spoilt, in a folder that every tool ignores. */
export class ScratchTree {
  readonly folder: string;

  constructor() {
    const parent = join(root, '.nx');
    mkdirSync(parent, { recursive: true });
    this.folder = mkdtempSync(join(parent, 'scratch-'));
    for (const entry of copied) cpSync(join(root, entry), join(this.folder, entry), { recursive: true, filter: (path) => basename(path) !== 'node_modules' });
  }

  write(file: string, text: string): void {
    const path = join(this.folder, file);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }

  /** Runs a program of node_modules in the copy and gives what it said; a refusal is an answer, not an error. */
  run(program: string, args: readonly string[], input = ''): Promise<{ readonly code: number; readonly out: string; readonly err: string }> {
    return new Promise((done) => {
      const settings = {
        cwd: this.folder,
        maxBuffer: 1 << 28,
        env: { ...process.env, NX_DAEMON: 'false', FORCE_COLOR: '0', NX_WORKSPACE_ROOT_PATH: this.folder },
      };
      const child = execFile(process.execPath, [join(root, 'node_modules', program), ...args], settings, (error, out, err) =>
        done({ code: typeof error?.code === 'number' ? error.code : error ? 1 : 0, out, err }),
      );
      child.stdin?.end(input);
    });
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
