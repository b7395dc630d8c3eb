import { z } from 'zod';
import { InvalidConfig, loadConfig } from './load-config';
import { amqpUrl, port, serviceVariables, wholeNumber } from './variables';

const schema = z.object({
  KKM_AMQP_URL: amqpUrl,
  KKM_HTTP_PORT: port.default(8080),
  KKM_BOOTSTRAP_API_KEY: z.string().min(32).optional(),
  KKM_RATE_BURST: wholeNumber(1, 1_000).default(300),
  ...serviceVariables,
});

const url = 'amqp://kkm:hunter2@localhost:5672/kkm';
const noFiles = (): string => {
  throw new Error('ENOENT');
};

function faultsOf(env: Record<string, string>, readText = noFiles): InvalidConfig {
  try {
    loadConfig(schema, env, readText);
  } catch (error) {
    if (error instanceof InvalidConfig) return error;
    throw error;
  }
  throw new Error('The configuration was accepted.');
}

describe('loadConfig', () => {
  it('gives typed values and defaults', () => {
    expect(loadConfig(schema, { KKM_AMQP_URL: url, KKM_HTTP_PORT: '9090' }, noFiles)).toEqual({
      KKM_AMQP_URL: url,
      KKM_HTTP_PORT: 9090,
      KKM_RATE_BURST: 300,
      KKM_HTTP_HOST: '127.0.0.1',
      KKM_LOG_LEVEL: 'info',
    });
  });

  it('takes the trimmed content of the file that X_FILE names', () => {
    const config = loadConfig(schema, { KKM_AMQP_URL_FILE: '/run/secrets/amqp' }, (path) => (path === '/run/secrets/amqp' ? `${url}\n` : noFiles()));
    expect(config.KKM_AMQP_URL).toBe(url);
  });

  it('reads a real file by default', () => {
    expect(() => loadConfig(schema, { KKM_AMQP_URL_FILE: '/nowhere/at/all' })).toThrow('KKM_AMQP_URL: the file that KKM_AMQP_URL_FILE names cannot be read');
  });

  it('counts an empty variable as unset', () => {
    expect(loadConfig(schema, { KKM_AMQP_URL: url, KKM_HTTP_PORT: '', KKM_BOOTSTRAP_API_KEY: '' }, noFiles).KKM_HTTP_PORT).toBe(8080);
  });

  it('reports every fault at once', () => {
    const { faults } = faultsOf({ KKM_HTTP_PORT: '70000', KKM_RATE_BURST: '1.5', KKM_BOOTSTRAP_API_KEY_FILE: '/missing', KKM_LOG_LEVEL: 'loud' });
    expect(faults.map((fault) => fault.variable).sort()).toEqual(['KKM_AMQP_URL', 'KKM_BOOTSTRAP_API_KEY', 'KKM_HTTP_PORT', 'KKM_LOG_LEVEL', 'KKM_RATE_BURST']);
  });

  it('refuses a value that is given twice', () => {
    expect(faultsOf({ KKM_AMQP_URL: url, KKM_AMQP_URL_FILE: '/x' }).message).toContain('either it or KKM_AMQP_URL_FILE');
  });

  it('refuses an empty secret file', () => {
    expect(faultsOf({ KKM_AMQP_URL_FILE: '/x' }, () => '\n').message).toContain('is empty');
  });

  it('never prints a value, even when a rule quotes it', () => {
    const quoting = z.object({ SECRET: z.string().refine(() => false, { error: (issue) => `${String(issue.input)} will not do` }) });
    expect(() => loadConfig(quoting, { SECRET: 'hunter2' }, noFiles)).toThrow('SECRET: … will not do');
    expect(faultsOf({ KKM_AMQP_URL: 'http://kkm:hunter2@host', KKM_BOOTSTRAP_API_KEY: 'hunter2' }).message).not.toContain('hunter2');
  });

  it('reports a rule over several variables', () => {
    const pair = z.object({ A: z.string(), B: z.string() }).refine((both) => both.A !== both.B, 'A and B must differ');
    expect(() => loadConfig(pair, { A: '1', B: '1' }, noFiles)).toThrow('together: A and B must differ');
  });

  it('freezes what it gives, to the bottom', () => {
    const listed = z.object({ LIST: z.string().transform((text) => ({ items: text.split(',') })) });
    const config = loadConfig(listed, { LIST: 'a,b' }, noFiles);
    expect(Object.isFrozen(config) && Object.isFrozen(config.LIST) && Object.isFrozen(config.LIST.items)).toBe(true);
  });
});
