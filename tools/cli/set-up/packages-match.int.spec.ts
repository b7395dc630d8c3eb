import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const program = join(__dirname, 'packages-match.cjs');
const folder = mkdtempSync(join(tmpdir(), 'kkm-packages-'));
const left = { version: '1.0.0', integrity: 'sha512-a' };
const native = { version: '2.0.0', integrity: 'sha512-b', optional: true };

function matches(wanted: object | string, installed: object | null): boolean {
  rmSync(join(folder, 'node_modules'), { recursive: true, force: true });
  writeFileSync(join(folder, 'package-lock.json'), typeof wanted === 'string' ? wanted : JSON.stringify({ packages: { '': {}, ...wanted } }));
  if (installed) {
    mkdirSync(join(folder, 'node_modules'));
    writeFileSync(join(folder, 'node_modules/.package-lock.json'), JSON.stringify({ packages: installed }));
  }
  return spawnSync(process.execPath, [program, folder]).status === 0;
}

describe('the comparison of installed packages with the lock file', () => {
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('is content when they are the same, optional ones for other platforms left out', () => {
    expect(matches({ 'node_modules/left': left, 'node_modules/native': native }, { 'node_modules/left': left })).toBe(true);
  });

  it.each([
    ['nothing is installed', { 'node_modules/left': left }, null],
    ['one is missing', { 'node_modules/left': left }, {}],
    ['one has another version', { 'node_modules/left': left }, { 'node_modules/left': { ...left, version: '1.0.1' } }],
    ['one has other content', { 'node_modules/left': left }, { 'node_modules/left': { ...left, integrity: 'sha512-c' } }],
    ['one is not in the lock file', {}, { 'node_modules/left': left }],
    ['the lock file cannot be read', '{', { 'node_modules/left': left }],
  ])('is not when %s', (_, wanted, installed) => {
    expect(matches(wanted, installed)).toBe(false);
  });
});
