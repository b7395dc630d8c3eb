import { serviceRights, siteRights } from '../../../setup/broker-rights';
import { findingLines } from './finding';
import type { Finding } from './finding';
import { judgeBroker } from './judge-broker';
import type { BrokerFacts } from './judge-broker';
import { judgeClocks, judgeDatabase } from './judge-database';
import { judgeEquipment } from './judge-equipment';
import type { EquipmentFacts } from './judge-equipment';
import { judgeCertificate, judgeSecrets } from './judge-files';

/** Every fault has to be named in words that a person can act on, and told how to mend. */
function faultsOf(findings: readonly Finding[]): string[] {
  const faults = findings.filter(({ kind }) => kind !== 'ok');
  for (const { words, remedy } of faults) expect([words, remedy ?? '']).toEqual([words, expect.stringMatching(/.{10}/)]);
  return faults.map(({ kind, words }) => `${kind}: ${words}`);
}

describe('what the doctor says of a broker', () => {
  const queues = ['ledger.rpc', 'ledger.results', 'terminal.club-1.pax-1'].map((name) => ({ name, consumers: 1, messages: 0 }));
  const alone = [
    { name: 'terminal.club-1.pax-1.control', consumers: 0, messages: 0 },
    { name: 'parked', consumers: 0, messages: 3 },
  ];
  const permissions = [
    { user: 'kkm', ...serviceRights },
    { user: 'site-club-1', ...siteRights('club-1') },
  ];
  const well: BrokerFacts = { queues: [...queues, ...alone], users: ['kkm', 'site-club-1'], permissions, alarmed: false };
  const faults = (change: Partial<BrokerFacts>): string[] => faultsOf(judgeBroker({ ...well, ...change }));

  it('is that nothing is wrong with one that is well', () => {
    expect(judgeBroker(well)).toEqual([{ kind: 'ok', about: 'broker', words: 'all of 5 queues are attended to' }]);
  });

  it('names a queue that nobody takes from, and whose payments wait there', () => {
    expect(faults({ queues: [{ name: 'terminal.club-1.pax-1', messages: 2 }] })).toEqual([
      'problem: nobody takes the payments of terminal pax-1 of club-1, and 2 messages wait',
    ]);
    expect(faults({ queues: [{ name: 'ledger.rpc', consumers: 0, messages: 1 }] })).toEqual(['problem: ledger.rpc has no consumer, and 1 message waits']);
  });

  it('names a broker that blocks, and the account that everybody knows', () => {
    expect(faults({ alarmed: true })).toEqual([expect.stringContaining('blocks publishers')]);
    expect(faults({ users: ['guest'] })).toEqual([expect.stringContaining('account guest')]);
  });

  it('names a café that may do more, or less, than its own', () => {
    const { user, ...rights } = permissions[1] ?? { user: '', ...serviceRights };
    for (const change of [{ read: '.*' }, { write: '^$' }, { configure: '.*' }])
      expect(faults({ permissions: [{ user, ...rights, ...change }] })).toEqual(['problem: site-club-1 has other rights than a café needs']);
  });
});

describe('what the doctor says of a database', () => {
  const role = { role: 'kkm_ledger', logsIn: true, powerful: false, schemaOwner: 'kkm_ledger' };
  const faults = (change: object): string[] => faultsOf(judgeDatabase({ roles: [{ ...role, ...change }] }));

  it('is that nothing is wrong with roles that are right', () => {
    expect(faults({})).toEqual([]);
  });

  it('names a wrong password, a role that may do too much, and one without its schema', () => {
    expect(faults({ logsIn: false })).toEqual(['problem: kkm_ledger is refused with the password that its service has']);
    expect(faults({ powerful: true })).toEqual(['problem: kkm_ledger may do more than its own schema']);
    expect(faults({ schemaOwner: null })).toEqual(['problem: kkm_ledger has no schema']);
    expect(faults({ schemaOwner: 'postgres' })).toEqual(['problem: the schema of kkm_ledger belongs to postgres']);
  });

  it('names clocks that are apart, but not the time that asking took', () => {
    const clocks = (databaseMs: number, tookMs = 0): string[] => faultsOf([judgeClocks({ hereMs: 1_000_000, databaseMs, tookMs })]);
    expect([clocks(1_004_000), clocks(1_014_000, 10_000)]).toEqual([[], []]);
    expect(clocks(1_090_000)).toEqual(['problem: the database is 90 s ahead of this machine']);
    expect(clocks(940_000)).toEqual(['problem: the database is 60 s behind this machine']);
  });
});

describe('what the doctor says of equipment', () => {
  const transport = { kind: 'tcp', mode: 'connect', host: '10.0.0.5', port: 5000 } as const;
  const worker = { id: 'worker_1', since: '2026-01-01T00:00:00Z', seenAt: null };
  const terminal = { id: 'pax-1', siteId: 'club-1', enabled: true, transport, now: { link: 'up', inDoubt: false, worker } } as const;
  const hook = {
    id: 'hook_1',
    name: 'shop',
    enabled: true,
    disabledBecause: null,
    lastDeliveredAt: '2026-01-02T00:00:00Z',
    lastFailedAt: '2026-01-01T00:00:00Z',
  };
  const well: EquipmentFacts = {
    sites: ['club-1'],
    terminals: [terminal],
    registers: [{ id: 'desk-1', siteId: 'club-1', automaticAcquiring: { option: 'card' } }],
    webhooks: [hook],
    restore: { terminals: [{ siteId: 'club-1', terminalId: 'pax-1', state: 'compared', askedAt: null }], charges: [] },
  };
  const faults = (change: Partial<EquipmentFacts>): string[] => faultsOf(judgeEquipment({ ...well, ...change }));
  const link = (now: Partial<EquipmentFacts['terminals'][number]['now']>, more: object = {}): string[] =>
    faults({ terminals: [{ ...terminal, ...more, now: { ...terminal.now, ...now } }] });

  it('is that nothing is wrong with a café that can charge', () => {
    expect(faults({})).toEqual([]);
  });

  it('names a terminal that does not answer, with the address that was tried', () => {
    expect(link({ link: 'down' })).toEqual(['problem: pax-1 of club-1 does not answer at 10.0.0.5:5000']);
    const serial = { kind: 'serial', path: '/dev/serial/by-id/usb-PAX', baudRate: 115_200 };
    expect(link({ link: 'down' }, { transport: serial })).toEqual(['problem: pax-1 of club-1 does not answer at /dev/serial/by-id/usb-PAX']);
  });

  it('names a terminal that nobody drives, one that is switched off, and one in doubt', () => {
    expect(link({ link: 'unknown', worker: null })).toEqual(['problem: nobody drives pax-1 of club-1']);
    expect(link({ link: 'unknown' })).toEqual(['problem: nobody drives pax-1 of club-1; its worker was not heard lately']);
    expect(link({ link: 'down' }, { enabled: false })).toEqual(['note: pax-1 of club-1 is switched off']);
    expect(link({ inDoubt: true })).toEqual(['note: pax-1 of club-1 is in doubt about a payment']);
  });

  it('names what a café lacks to charge', () => {
    expect(faults({ sites: [] })).toEqual(['problem: there is no site']);
    expect(faults({ terminals: [] })).toEqual(['problem: club-1 has no terminal']);
    expect(faults({ registers: [] })).toEqual(['note: club-1 has no register: every payment has to name its terminal']);
    const idle = { id: 'desk-1', siteId: 'club-1', automaticAcquiring: { option: 'none' } };
    expect(faults({ registers: [idle] })).toEqual(['note: register desk-1 of club-1 charges nothing by itself']);
  });

  it('names a receiver of webhooks that does not hear, and one that said it is gone', () => {
    expect(faults({ webhooks: [{ ...hook, lastFailedAt: '2026-01-03T00:00:00Z' }] })).toEqual(['problem: shop is not delivered']);
    expect(faults({ webhooks: [{ ...hook, lastDeliveredAt: null }] })).toEqual(['problem: shop is not delivered']);
    expect(faults({ webhooks: [{ ...hook, enabled: false, disabledBecause: 'gone' }] })).toEqual([expect.stringContaining('answered 410')]);
    expect(faults({ webhooks: [{ ...hook, enabled: false, lastDeliveredAt: null }] })).toEqual([]);
  });

  it('names what a restore left to do', () => {
    const held = { siteId: 'club-1', terminalId: 'pax-1', state: 'held', askedAt: null } as const;
    const charge = { siteId: 'club-1', terminalId: 'pax-1', rrn: '1', operation: null, amount: 1, terminalTime: null, foundAt: '' };
    expect(faults({ restore: { terminals: [held], charges: [charge] } })).toEqual([
      'problem: pax-1 of club-1 charges nothing until it was asked or released',
      'problem: 1 found charge(s) wait for somebody to assign them',
    ]);
  });
});

describe('what the doctor says of files', () => {
  it('names secrets that others can read, and keys that are missing', () => {
    const well = { folder: '/state/secrets', mode: 0o40700, names: ['sealing-key', 'other'], needed: ['sealing-key'] };
    expect(faultsOf([judgeSecrets(well)])).toEqual([]);
    expect(faultsOf([judgeSecrets({ ...well, mode: 0o40750 })])).toEqual(['problem: /state/secrets is open to others']);
    expect(faultsOf([judgeSecrets({ ...well, names: ['other'] })])).toEqual([expect.stringContaining('lacks sealing-key')]);
  });

  it('names a file that is no certificate', () => {
    expect(faultsOf([judgeCertificate({ file: 'x', pem: 'nothing', authority: null }, 0)])).toEqual(['problem: x is no certificate']);
  });

  it('is shown with what to do below what is wrong', () => {
    const lines = findingLines([{ kind: 'problem', about: 'queue', words: 'nobody is at it', remedy: 'start the ledger' }]).split('\n');
    expect(lines).toEqual([expect.stringMatching(/PROBLEM +queue +nobody is at it/), expect.stringMatching(/→ start the ledger/)]);
  });
});
