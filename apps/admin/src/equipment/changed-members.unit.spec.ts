import { changedMembers } from './changed-members';

describe('what a change changed', () => {
  it('is told member by member, inner ones by their path', () => {
    const before = { name: 'Desk', transport: { host: '10.0.0.1', port: 8888 }, revision: 1, updatedAt: 'a' };
    const after = { name: 'Bar', transport: { host: '10.0.0.1', port: 9999 }, revision: 2, updatedAt: 'b' };
    expect(changedMembers(before, after)).toEqual([
      { name: 'name', before: 'Desk', after: 'Bar' },
      { name: 'transport.port', before: '8888', after: '9999' },
    ]);
  });

  it('shows what was not there, and what is no longer', () => {
    expect(changedMembers({ terminalId: null, unitName: 'X' }, { terminalId: 't-1' })).toEqual([
      { name: 'terminalId', before: '—', after: 't-1' },
      { name: 'unitName', before: 'X', after: '—' },
    ]);
  });

  it('writes lists and whole new members out', () => {
    expect(changedMembers({ profile: null }, { profile: { sbp: { by: 'none' } } })).toEqual([{ name: 'profile', before: '—', after: '{"sbp":{"by":"none"}}' }]);
  });

  it('passes inner members over by no name', () => {
    expect(changedMembers({ profile: { revision: 1 } }, { profile: { revision: 2 } })).toHaveLength(1);
  });
});
