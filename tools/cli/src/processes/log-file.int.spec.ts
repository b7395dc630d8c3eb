import { appendFileSync, closeSync, mkdtempSync, readFileSync, rmSync, statSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { lastLines, openLog, rotateLog } from './log-file';

const folder = mkdtempSync(join(tmpdir(), 'kkm-log-'));
const limits = { bytes: 10, kept: 2 };

describe('a log file', () => {
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('is set aside when it is too long, while a process goes on writing to it', () => {
    const file = join(folder, 'a.log');
    const log = openLog(file);
    for (const line of ['first, and long', 'second, and long', 'third, and long']) {
      writeSync(log, `${line}\n`);
      expect(rotateLog(file, limits)).toBe(true);
    }
    writeSync(log, 'last\n');
    closeSync(log);
    expect(['.2', '.1', ''].map((age) => readFileSync(`${file}${age}`, 'utf8'))).toEqual(['second, and long\n', 'third, and long\n', 'last\n']);
  });

  it('is left alone while it is short, and when there is none', () => {
    const file = join(folder, 'b.log');
    appendFileSync(file, 'short\n');
    expect(rotateLog(file, limits)).toBe(false);
    expect(rotateLog(join(folder, 'none.log'), limits)).toBe(false);
  });

  it('is for its owner alone', () => {
    const file = join(folder, 'c.log');
    closeSync(openLog(file));
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  it('gives its last lines, and none when there is none', () => {
    const file = join(folder, 'd.log');
    appendFileSync(file, 'one\ntwo\nthree\n');
    expect(lastLines(file, 2)).toBe('two\nthree');
    expect(lastLines(join(folder, 'none.log'), 2)).toBe('');
  });
});
