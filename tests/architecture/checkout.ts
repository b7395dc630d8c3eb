import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** The checkout the tests run in. */
export const root = resolve(__dirname, '../..');

const skipped = new Set(['node_modules', 'dist', 'coverage', '.git', '.kkm', '.nx']);

/** Paths from the root of all files that end like this, made and fetched ones left out. */
export function filesOf(ending: string, folder = '.'): readonly string[] {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return skipped.has(entry.name) ? [] : filesOf(ending, path);
    return entry.name.endsWith(ending) ? [path] : [];
  });
}

/** The text of a file of the checkout. */
export function textOf(file: string): string {
  return readFileSync(join(root, file), 'utf8');
}

/** A JSON file of the checkout, trusted to have this shape. */
export function jsonOf<T>(file: string): T {
  return JSON.parse(textOf(file)) as T;
}

/** Whether a path from the root exists. */
export function exists(path: string): boolean {
  return existsSync(join(root, path));
}
