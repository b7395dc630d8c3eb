import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { madeDocuments } from './documents';

/** The checkout; npm runs scripts there. */
const root = resolve(process.cwd());

for (const { file, text } of madeDocuments) {
  const path = join(root, file);
  const current = existsSync(path) ? readFileSync(path, 'utf8') : '';
  const made = text(current);
  if (made === current) continue;
  writeFileSync(path, made);
  console.log(`docs: wrote ${file}`);
}
