import { randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkoutRoot, freePorts } from '@kkm/stack';
import { version } from './compose-stack';
import { runProgram } from './run-program';

/** An answer of the head office's API. */
export interface OfficeAnswer<B> {
  readonly status: number;
  readonly body: B;
}

/** A head office and a café in compose projects of their own, that meet only on the ports which the head office publishes. */
export interface HeadOfficeAndCafe {
  readonly ports: { readonly amqps: number; readonly https: number };
  /** What the café trusts. */
  readonly authority: string;
  /** The café's broker URL, as add-site.sh wrote it. */
  readonly brokerUrl: string;
  /** Asks the head office by HTTPS with its first API key. */
  ask<B>(method: string, path: string, body?: object, headers?: Readonly<Record<string, string>>): Promise<OfficeAnswer<B>>;
  office(...words: readonly string[]): Promise<string>;
  cafe(...words: readonly string[]): Promise<string>;
  /** Runs a script of infra/head-office. */
  script(name: string, ...words: readonly string[]): Promise<string>;
  remove(): Promise<void>;
}

/** Does what the README says for a head office and one café, `club-2`. */
export async function startHeadOfficeAndCafe(): Promise<HeadOfficeAndCafe> {
  const root = checkoutRoot();
  const project = `kkm-test-${randomBytes(3).toString('hex')}`;
  const secrets = mkdtempSync(join(tmpdir(), 'kkm-office-'));
  const account = join(secrets, 'sites', 'club-2');
  const [amqps = 0, https = 0] = await freePorts(2);
  const environment = {
    KKM_SECRETS_DIR: secrets,
    KKM_ACCOUNT_DIR: account,
    KKM_AMQPS_PORT: String(amqps),
    KKM_HTTPS_PORT: String(https),
    KKM_VERSION: version,
    KKM_PROJECT: `${project}-office`,
  };
  const run = (program: string, words: readonly string[]): Promise<string> => runProgram(program, words, { root, environment });
  const office = (...words: readonly string[]): Promise<string> =>
    run('docker', ['compose', '-p', `${project}-office`, '-f', 'infra/head-office/docker-compose.yml', ...words]);
  const cafe = (...words: readonly string[]): Promise<string> =>
    run('docker', ['compose', '-p', `${project}-cafe`, '-f', 'infra/site/docker-compose.yml', '-f', 'tests/compose/harness/cafe.yml', ...words]);
  const script = (name: string, ...words: readonly string[]): Promise<string> => run(`infra/head-office/${name}`, words);
  const secret = (name: string): string => readFileSync(join(secrets, name), 'utf8');
  const remove = async (): Promise<void> => {
    await cafe('down', '--volumes', '--timeout', '10').catch(() => ''); // It may not have been begun.
    await office('--profile', 'site-account', 'down', '--volumes', '--timeout', '10');
    rmSync(secrets, { recursive: true, force: true });
  };
  const phases: [string, () => Promise<string>][] = [
    ['head office', () => office('up', '--detach', '--build', '--wait', '--wait-timeout', '240')],
    ['site', () => script('add-site.sh', 'club-2', 'kkm.test')],
    ['café', () => cafe('up', '--detach', '--wait', '--wait-timeout', '120')],
  ];
  await script('prepare.sh', 'kkm.test', '127.0.0.1');
  for (const [name, begin] of phases) {
    try {
      await begin();
    } catch (error) {
      const logs = await (name === 'café' ? cafe : office)('logs', '--no-color', '--tail', '30').catch(String);
      await remove();
      throw new Error(`The ${name} did not come up: ${String(error)}\n${logs}`, { cause: error });
    }
  }
  const access = { port: https, ca: secret('ca_certificate'), key: secret('api_key') };
  return {
    ports: { amqps, https },
    authority: access.ca,
    brokerUrl: secret('sites/club-2/broker_url'),
    ask: (method, path, body, headers = {}) => askByHttps(access, { method, path, body, headers }),
    office,
    cafe,
    script,
    remove,
  };
}

interface Asked {
  readonly method: string;
  readonly path: string;
  readonly body?: object | undefined;
  readonly headers: Readonly<Record<string, string>>;
}

function askByHttps<B>(access: { readonly port: number; readonly ca: string; readonly key: string }, asked: Asked): Promise<OfficeAnswer<B>> {
  const { port, ca, key } = access;
  const { method, path, body, headers } = asked;
  const all = { authorization: `Bearer ${key}`, ...(body ? { 'content-type': 'application/json' } : {}), ...headers };
  return new Promise((resolve, reject) => {
    const sent = request({ host: '127.0.0.1', port, method, path, ca, headers: all, timeout: 60_000 }, (answer) => {
      let text = '';
      answer.on('data', (part: Buffer) => (text += part.toString()));
      answer.on('end', () => resolve({ status: answer.statusCode ?? 0, body: JSON.parse(text) as B }));
    });
    sent.on('timeout', () => sent.destroy(new Error('no answer')));
    sent.on('error', reject);
    sent.end(body ? JSON.stringify(body) : undefined);
  });
}
