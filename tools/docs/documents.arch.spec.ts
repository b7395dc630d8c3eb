import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { attemptMachine, errorCatalogue } from '@kkm/core';
import { attemptDiagram } from './attempt-diagram';
import { between, madeDocuments } from './documents';
import { errorList } from './error-list';

const root = resolve(__dirname, '../..');

describe('the documents made from code', () => {
  it.each(madeDocuments.map((made) => [made.file, made] as const))('%s is as the code makes it (npm run docs)', (file, { text }) => {
    const current = readFileSync(join(root, file), 'utf8');
    expect(text(current)).toBe(current);
  });

  it('draw every way of the attempt machine, once', () => {
    const arrows = attemptDiagram(attemptMachine).match(/^  \w+ --> \w+: .+$/gm) ?? [];
    const ways = Object.entries(attemptMachine).flatMap(([from, to]) => Object.entries(to).map(([happening, end]) => `  ${from} --> ${end}: ${happening}`));
    expect(arrows).toEqual(ways);
  });

  it('give every error an address', () => {
    const text = errorList(errorCatalogue);
    for (const code of Object.keys(errorCatalogue)) expect(text).toContain(`\n## ${code}\n`);
  });

  it('replace only what stands between the marks', () => {
    const around = (made: string): string => `before\n<!-- made: x -->\n\n${made}\n\n<!-- end: x -->\nafter`;
    expect(between(around('old'), 'x', 'new')).toBe(around('new'));
    expect(() => between('no marks', 'x', 'new')).toThrow('missing');
  });
});
