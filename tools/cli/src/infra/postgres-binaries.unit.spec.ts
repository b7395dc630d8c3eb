import type { PostgresBinaries } from './postgres-binaries';
import { choosePostgresBinaries } from './postgres-binaries';

const machine: PostgresBinaries = { bin: '/usr/lib/postgresql/17/bin', major: 17, from: 'machine' };
const older: PostgresBinaries = { bin: '/usr/lib/postgresql/15/bin', major: 15, from: 'machine' };
const npm: PostgresBinaries = { bin: '/checkout/native/bin', major: 18, from: 'npm' };

describe('the choice of Postgres programs', () => {
  it('takes the preferred ones for a new database', () => {
    expect(choosePostgresBinaries([machine, older, npm], null)).toBe(machine);
  });

  it('takes those that made the database, though newer ones came', () => {
    expect(choosePostgresBinaries([machine, older, npm], 15)).toBe(older);
  });

  it('says how to get the version back that made the database', () => {
    expect(() => choosePostgresBinaries([machine, npm], 15)).toThrow('apt-get install -y postgresql-15');
  });

  it('says how to get any when there are none', () => {
    expect(() => choosePostgresBinaries([], null)).toThrow('apt-get install -y postgresql');
  });
});
