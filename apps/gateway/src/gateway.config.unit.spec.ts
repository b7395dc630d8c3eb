import { gatewayConfig, tlsOf } from './gateway.config';

const env = { KKM_AMQP_URL: 'amqp://kkm:hunter2@localhost/kkm', KKM_DATABASE_URL: 'postgres://kkm_gateway:hunter2@localhost/kkm' };
const faultsOf = (given: Readonly<Record<string, string>>): string => {
  try {
    gatewayConfig(given);
    return '';
  } catch (error) {
    if (error instanceof Error && error.name === 'InvalidConfig') return error.message;
    throw error;
  }
};

describe('the gateway’s configuration', () => {
  it('needs a broker and a database, and has defaults for the rest', () => {
    expect(gatewayConfig(env)).toMatchObject({
      KKM_HTTP_HOST: '127.0.0.1',
      KKM_HTTP_PORT: 8080,
      KKM_RATE_PER_SECOND: 100,
      KKM_RATE_BURST: 300,
      KKM_SERVICE_USER: 'kkm',
      KKM_PRIVATE_BANKS: 'refused',
    });
    expect(gatewayConfig({ ...env, KKM_PRIVATE_BANKS: 'allowed' }).KKM_PRIVATE_BANKS).toBe('allowed');
    expect(faultsOf({ ...env, KKM_PRIVATE_BANKS: 'true' })).toMatch(/KKM_PRIVATE_BANKS/);
    expect(faultsOf({})).toMatch(/KKM_AMQP_URL[\s\S]*KKM_DATABASE_URL/);
  });

  it('has a name but no password for the first admin', () => {
    expect([gatewayConfig(env).KKM_BOOTSTRAP_ADMIN_USER, gatewayConfig(env).KKM_BOOTSTRAP_ADMIN_PASSWORD]).toEqual(['admin', undefined]);
    const told = faultsOf({ ...env, KKM_BOOTSTRAP_ADMIN_PASSWORD: 'too-short' });
    expect([/KKM_BOOTSTRAP_ADMIN_PASSWORD/.test(told), told.includes('too-short')]).toEqual([true, false]);
  });

  it('speaks https with a key and a certificate, and with neither alone', () => {
    const [key, cert] = ['-----BEGIN PRIVATE KEY-----', '-----BEGIN CERTIFICATE-----'];
    expect(tlsOf(gatewayConfig(env))).toBeNull();
    expect(tlsOf(gatewayConfig({ ...env, KKM_HTTP_TLS_KEY: key, KKM_HTTP_TLS_CERTIFICATE: cert }))).toEqual({ key, cert });
    for (const half of [{ KKM_HTTP_TLS_KEY: key }, { KKM_HTTP_TLS_CERTIFICATE: cert }]) expect(faultsOf({ ...env, ...half })).toMatch(/belong together/);
    expect(faultsOf({ ...env, KKM_HTTP_TLS_KEY: '/run/secrets/key', KKM_HTTP_TLS_CERTIFICATE: cert })).toMatch(/private key in PEM/);
  });

  it('believes only proxies that are named by address', () => {
    expect(gatewayConfig({ ...env, KKM_TRUSTED_PROXIES: '10.0.0.1,192.168.0.0/16,::1' }).KKM_TRUSTED_PROXIES).toBe('10.0.0.1,192.168.0.0/16,::1');
    for (const proxies of ['true', 'anybody', '10.0.0.1,']) expect(faultsOf({ ...env, KKM_TRUSTED_PROXIES: proxies })).toMatch(/KKM_TRUSTED_PROXIES/);
  });

  it('refuses a weak first key without showing it', () => {
    const told = faultsOf({ ...env, KKM_BOOTSTRAP_API_KEY: 'short-secret', KKM_RATE_BURST: '0', KKM_PUBLIC_URL: 'ftp://x' });
    expect(told).toMatch(/KKM_BOOTSTRAP_API_KEY/);
    expect(told).toMatch(/KKM_RATE_BURST/);
    expect(told).toMatch(/KKM_PUBLIC_URL/);
    expect(told).not.toContain('short-secret');
    expect(faultsOf({ ...env, KKM_BOOTSTRAP_API_KEY: `${'k'.repeat(40)} ` })).toMatch(/visible ASCII/);
  });
});
