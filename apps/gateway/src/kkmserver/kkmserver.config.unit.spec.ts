import { gatewayConfig } from '../gateway.config';

const env = {
  KKM_AMQP_URL: 'amqp://kkm:hunter2@localhost/kkm',
  KKM_DATABASE_URL: 'postgres://kkm_gateway:hunter2@localhost/kkm',
  KKM_KKMSERVER_USER_PASSWORD: 'user',
};
const portsOf = (text: string) => gatewayConfig({ ...env, KKM_KKMSERVER_PORTS: text }).KKM_KKMSERVER_PORTS;
const faultOf = (given: Readonly<Record<string, string>>): string => {
  try {
    gatewayConfig({ ...env, ...given });
    return '';
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
};

describe('the configuration of the KkmServer door', () => {
  it('keeps it closed by itself', () => {
    expect(gatewayConfig(env)).toMatchObject({ KKM_KKMSERVER_LOOPBACK: 'password', KKM_KKMSERVER_ORIGINS: [], KKM_KKMSERVER_CALLBACK_SECONDS: 30 });
    expect(gatewayConfig(env).KKM_KKMSERVER_PORTS).toBeUndefined();
  });

  it('names up to four ports, each of a site', () => {
    expect(portsOf('5893')).toEqual([{ port: 5893, siteId: null, https: false }]);
    const tls = { KKM_KKMSERVER_TLS_KEY: '-----BEGIN PRIVATE KEY-----', KKM_KKMSERVER_TLS_CERTIFICATE: '-----BEGIN CERTIFICATE-----' };
    expect(gatewayConfig({ ...env, ...tls, KKM_KKMSERVER_PORTS: '5893=club-1, 5894=club-1:https,5895:https' }).KKM_KKMSERVER_PORTS).toEqual([
      { port: 5893, siteId: 'club-1', https: false },
      { port: 5894, siteId: 'club-1', https: true },
      { port: 5895, siteId: null, https: true },
    ]);
    for (const text of ['70000', 'x', '5893=', '5893=a b', '5893=club-1:http', ',', '1,2,3,4,5', '5893,5893=club-1'])
      expect(faultOf({ KKM_KKMSERVER_PORTS: text })).toContain('KKM_KKMSERVER_PORTS');
    expect(portsOf('0,0')).toHaveLength(2);
  });

  it('wants a certificate for https, and somebody who can log in', () => {
    expect(faultOf({ KKM_KKMSERVER_PORTS: '5893:https' })).toContain('KKM_KKMSERVER_TLS_KEY');
    expect(faultOf({ KKM_KKMSERVER_PORTS: '5893', KKM_KKMSERVER_USER_PASSWORD: '' })).toContain('nobody could log in');
    expect(faultOf({ KKM_KKMSERVER_PORTS: '5893', KKM_KKMSERVER_USER_PASSWORD: '', KKM_KKMSERVER_LOOPBACK: 'empty_password' })).toBe('');
    expect(faultOf({ KKM_KKMSERVER_USER_LOGIN: 'ADMIN' })).toContain('must differ');
  });

  it('lists origins as browsers write them, and never the one that any file has', () => {
    expect(gatewayConfig({ ...env, KKM_KKMSERVER_ORIGINS: 'https://desk.example, http://localhost:3000' }).KKM_KKMSERVER_ORIGINS).toEqual([
      'https://desk.example',
      'http://localhost:3000',
    ]);
    for (const text of ['null', '*', 'https://desk.example/', 'desk.example', 'https://desk.example:443'])
      expect(faultOf({ KKM_KKMSERVER_ORIGINS: text })).toContain('KKM_KKMSERVER_ORIGINS');
  });

  it('takes commands from elsewhere over https alone', () => {
    const token = { KKM_KKMSERVER_CALLBACK_TOKEN: 'club' };
    expect(faultOf({ KKM_KKMSERVER_CALLBACK_URL: 'https://cloud.example/kkm', ...token })).toBe('');
    expect(faultOf({ KKM_KKMSERVER_CALLBACK_URL: 'http://127.0.0.1:8000/kkm', ...token })).toBe('');
    expect(faultOf({ KKM_KKMSERVER_CALLBACK_URL: 'http://cloud.example/kkm', ...token })).toContain('must be https');
    expect(faultOf({ KKM_KKMSERVER_CALLBACK_URL: 'https://cloud.example/kkm' })).toContain('KKM_KKMSERVER_CALLBACK_TOKEN');
  });

  it('never prints a password', () => {
    expect(faultOf({ KKM_KKMSERVER_PORTS: 'x', KKM_KKMSERVER_ADMIN_PASSWORD: 'hunter22', KKM_KKMSERVER_ORIGINS: 'hunter22' })).not.toContain('hunter22');
  });
});
