import { serverData } from './server-data';

const facts = {
  startedAtMs: 0,
  nowMs: 3_723_000,
  machineStartedAtMs: -90_000_000,
  platform: 'linux',
  release: '6.1',
  memoryBytes: 8 * 1_073_741_824,
  freeMemoryBytes: 1_048_576,
  processor: 'cpu',
  cores: 2,
  local: (ms: number) => new Date(ms).toISOString().slice(0, 19),
};

describe('serverData', () => {
  it('has every member that a client reads, text but for one number', () => {
    const data = serverData(facts);
    const names =
      'ServerName ServerVersion ServerDateStart ServerUpTime LicenseExpirationDate LicenseCount OSVersion OSPlatform OSVersionString OSName OSDateStart OSUpTime OSCurDateTime PCServerName PCUserName PCPhysicalMemory PCFreePhysicalMemory PCProcessorName PCNumberOfCores';
    expect(Object.keys(data)).toEqual(names.split(' '));
    expect(Object.entries(data).filter(([, value]) => typeof value !== 'string')).toEqual([['LicenseCount', 999]]);
  });

  it('tells how long server and machine have been up', () => {
    expect(serverData(facts)).toMatchObject({ ServerUpTime: '01:02:03', OSUpTime: '1.02:02:03', OSCurDateTime: '1970-01-01T01:02:03' });
    expect(serverData({ ...facts, nowMs: -5 })).toMatchObject({ ServerUpTime: '00:00:00' });
  });
});
