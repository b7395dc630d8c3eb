import { workerConfig } from './worker.config';

const given = { KKM_AMQP_URL: 'amqps://site-club-1:secret@broker.example/kkm', KKM_SITE_ID: 'club-1' };

describe('the configuration of a worker', () => {
  it('needs a site and a broker, nothing more', () => {
    expect(workerConfig(given)).toMatchObject({
      ...given,
      KKM_HTTP_PORT: 8082,
      KKM_JOURNAL_DIR: './journal',
      KKM_LINK_FRESH_MS: 5_000,
      KKM_HEALTH_SECONDS: 60,
    });
  });

  it('takes the times of a crash matrix, and none that would let leases lapse under a running payment', () => {
    expect(workerConfig({ ...given, KKM_HEARTBEAT_MS: '500', KKM_RECOVER_MS: '200' })).toMatchObject({ KKM_HEARTBEAT_MS: 500, KKM_RECOVER_MS: 200 });
    expect(() => workerConfig({ ...given, KKM_HEARTBEAT_MS: '5001', KKM_RECOVER_MS: '99' })).toThrow(/KKM_HEARTBEAT_MS[\s\S]*KKM_RECOVER_MS/);
  });

  it('kills itself nowhere unless it is told', () => {
    expect(workerConfig(given).KKM_CRASH_PATH).toBeUndefined();
  });

  it('reports all faults at once and no secret', () => {
    const faulty = (): unknown => workerConfig({ KKM_AMQP_URL: 'http://user:secret@broker', KKM_SITE_ID: 'club 1', KKM_LINK_FRESH_MS: 'soon' });
    expect(faulty).toThrow(/KKM_AMQP_URL[\s\S]*KKM_SITE_ID[\s\S]*KKM_LINK_FRESH_MS/);
    expect(faulty).not.toThrow(/secret/);
  });
});
