import { siteRights } from './broker-rights';

describe('siteRights', () => {
  const rights = siteRights('club.1');
  const allows = (kind: 'configure' | 'write' | 'read', name: string): boolean => new RegExp(rights[kind]).test(name);

  it('lets a worker declare nothing', () => {
    expect(['terminal.club.1.pax-1', 'kkm.results', 'amq.gen-1', 'x'].filter((name) => allows('configure', name))).toEqual([]);
  });

  it('lets a worker read the queues of its own site alone', () => {
    expect(allows('read', 'terminal.club.1.pax-1')).toBe(true);
    expect(allows('read', 'terminal.club.1.pax-1.control')).toBe(true);
    expect(['terminal.club.2.pax-1', 'terminal.clubx1.pax-1', 'ledger.results', 'ledger.rpc', 'parked'].filter((name) => allows('read', name))).toEqual([]);
  });

  it('lets a worker write where a worker answers, and not to the default exchange', () => {
    expect(['kkm.rpc', 'kkm.results', 'kkm.progress', 'kkm.parked'].filter((name) => !allows('write', name))).toEqual([]);
    expect(['', 'amq.default', 'kkm.commands', 'kkm.events', 'kkm.ingress', 'kkm.control'].filter((name) => allows('write', name))).toEqual([]);
  });
});
