import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { root, textOf } from './checkout';

/** A row of the threat model ends with the test that covers it: `file`: name. */
const covered = /^\|.*\| `([^`]+\.spec\.ts)`: (.+?) +\|$/;

/** Rows of the table of threats, without its head. */
const rows = (textOf('SECURITY.md').split('## Threats')[1] ?? '').split('\n').filter((line) => line.startsWith('| ') && !/^\| (threat |-)/.test(line));

describe('the threat model', () => {
  it('has a test in every line', () => {
    expect(rows.length).toBeGreaterThanOrEqual(25);
    expect(rows.filter((row) => !covered.test(row))).toEqual([]);
  });

  it.each(rows.map((row) => covered.exec(row)?.slice(1) ?? []))('names a test that exists: %s, %s', (file = '', name = '') => {
    expect(existsSync(join(root, file))).toBe(true);
    // As an argument of `it`: a name that is left in a comment alone covers nothing.
    expect(textOf(file)).toMatch(new RegExp(`\\bit(?:\\.each\\([\\s\\S]*?\\))?\\(\\s*'${name.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')}'`));
  });
});
