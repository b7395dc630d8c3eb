import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findDumpPrograms } from './dump-programs';

describe('the programs that dump', () => {
  const folder = mkdtempSync(join(tmpdir(), 'kkm-programs-'));
  beforeAll(() => {
    for (const [major, names] of [
      ['15', ['pg_dump', 'pg_restore']],
      ['17', ['pg_dump', 'pg_restore']],
      ['18', ['pg_dump']],
    ] as const) {
      mkdirSync(join(folder, major, 'bin'), { recursive: true });
      for (const name of names) writeFileSync(join(folder, major, 'bin', name), '');
    }
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('are those of the server’s version, else of the next one that is whole', () => {
    expect([15, 16, 17, 18].map((server) => findDumpPrograms(server, folder)?.major)).toEqual([15, 17, 17, undefined]);
    expect(findDumpPrograms(15, '/nowhere')).toBeNull();
  });
});
