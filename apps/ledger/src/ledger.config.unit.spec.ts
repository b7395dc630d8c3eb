import { ledgerConfig } from './ledger.config';

const env = { KKM_AMQP_URL: 'amqp://kkm:hunter2@localhost/kkm', KKM_DATABASE_URL: 'postgres://kkm_ledger:hunter2@localhost/kkm' };

describe('the ledger’s configuration', () => {
  it('needs a broker and a database, and has the times of the design', () => {
    expect(ledgerConfig(env)).toMatchObject({
      KKM_HTTP_PORT: 8081,
      KKM_SEND_WITHIN_MS: 10_000,
      KKM_LEASE_MS: 20_000,
      KKM_MEMBER_MS: 7_000,
      KKM_SERVICE_USER: 'kkm',
    });
    expect(ledgerConfig(env).KKM_CRASH_PATH).toBeUndefined();
  });

  it('lets the times be shorter, within what is safe', () => {
    expect(ledgerConfig({ ...env, KKM_SEND_WITHIN_MS: '3000', KKM_LEASE_MS: '3000' })).toMatchObject({ KKM_SEND_WITHIN_MS: 3_000, KKM_LEASE_MS: 3_000 });
    expect(() => ledgerConfig({ ...env, KKM_SEND_WITHIN_MS: '10001', KKM_LEASE_MS: '1999' })).toThrow(/KKM_SEND_WITHIN_MS[\s\S]*KKM_LEASE_MS/);
  });
});
