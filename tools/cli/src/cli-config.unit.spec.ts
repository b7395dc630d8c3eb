import { inheritedEnvironment, readSettings } from './cli.config';

describe('the environment of the command line', () => {
  it('keeps the state in the checkout unless it is told', () => {
    expect(readSettings({}).stateDir).toBe(`${readSettings({}).root}/.kkm`);
    expect(readSettings({ KKM_STATE_DIR: '/srv/kkm' }).stateDir).toBe('/srv/kkm');
  });

  it('takes the ports that are fixed', () => {
    expect(readSettings({ KKM_API_PORT: '8080', KKM_VT_PORT: '' }).ports).toEqual({ api: 8080 });
  });

  it.each(['80 80', '0', '65536', 'http'])('refuses "%s" as a port and names the variable', (value) => {
    expect(() => readSettings({ KKM_POSTGRES_PORT: value })).toThrow('KKM_POSTGRES_PORT');
  });

  it('takes external servers only when all of them are given', () => {
    const urls = { KKM_AMQP_URL: 'amqp://a', KKM_AMQP_MANAGEMENT_URL: 'http://m', KKM_ADMIN_DATABASE_URL: 'postgres://d' };
    expect(readSettings(urls).external).toEqual({ amqpUrl: 'amqp://a', managementUrl: 'http://m', adminDatabaseUrl: 'postgres://d' });
    expect(readSettings({ ...urls, KKM_AMQP_URL: '' }).external).toBeNull();
  });

  it('hands on to its processes nothing that would lead them to other servers', () => {
    const inherited = inheritedEnvironment({
      PATH: '/bin',
      KKM_AMQP_URL: 'amqp://other',
      KKM_LOG_LEVEL: 'debug',
      PGHOST: 'other',
      RABBITMQ_NODENAME: 'other',
      NODE_OPTIONS: '--inspect',
      OTEL_EXPORTER_OTLP_ENDPOINT: 'http://traces',
    });
    expect(inherited).toEqual({ PATH: '/bin', KKM_LOG_LEVEL: 'debug', OTEL_EXPORTER_OTLP_ENDPOINT: 'http://traces' });
  });
});
