import type { Offers } from './choose-infra';
import { decideInfra } from './choose-infra';

const nothing: Offers = { rabbitmq: false, mayInstall: false, docker: () => Promise.resolve(false), external: false };
const docker = (): Promise<boolean> => Promise.resolve(true);

describe('where Postgres and RabbitMQ come from', () => {
  it('prefers the servers of this machine', async () => {
    expect(await decideInfra('auto', { rabbitmq: true, mayInstall: false, docker, external: true })).toBe('native');
  });

  it('counts a broker that it may install as there', async () => {
    expect(await decideInfra('auto', { ...nothing, mayInstall: true, docker })).toBe('native');
  });

  it('takes containers before given servers', async () => {
    expect(await decideInfra('auto', { ...nothing, docker, external: true })).toBe('docker');
    expect(await decideInfra('auto', { ...nothing, external: true })).toBe('external');
  });

  it('never takes another than the one that was asked for', async () => {
    const all: Offers = { rabbitmq: true, mayInstall: true, docker, external: true };
    expect(await decideInfra('docker', all)).toBe('docker');
    expect(await decideInfra('external', all)).toBe('external');
    expect(await decideInfra('native', { ...all, rabbitmq: false, mayInstall: false })).toBeNull();
    expect(await decideInfra('docker', { ...all, docker: () => Promise.resolve(false) })).toBeNull();
  });

  it('says so when there is nothing', async () => {
    expect(await decideInfra('auto', nothing)).toBeNull();
  });
});
