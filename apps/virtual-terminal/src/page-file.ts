import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Rejected } from '@kkm/core';

const folder = join(__dirname, '..', 'page');

const types: Readonly<Record<string, string>> = {
  '': 'text/javascript; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
};

/** A file of the page, of those kinds alone that a browser asks for. @throws Rejected `request.not_found` when there is none. */
export async function pageFile(name: string): Promise<{ readonly bytes: Buffer; readonly type: string }> {
  const [, stem, ending = ''] = /^([a-z]+(?:-[a-z]+)*)(\.[a-z]+)?$/.exec(name) ?? [];
  const type = stem === undefined ? undefined : types[ending];
  if (type === undefined) throw missing(name);
  try {
    return { bytes: await readFile(join(folder, ending === '' ? `${name}.js` : name)), type };
  } catch (cause) {
    throw missing(name, cause);
  }
}

function missing(name: string, cause?: unknown): Rejected {
  return new Rejected('request.not_found', { detail: `The page has no "${name}".`, cause });
}
