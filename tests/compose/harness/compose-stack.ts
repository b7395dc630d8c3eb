import { randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkoutRoot, freePorts } from '@kkm/stack';
import { runProgram } from './run-program';

/** The compose stack of this checkout under a project name, ports, secrets and an image tag of its own. */
export interface ComposeStack {
  /** Origin of the gateway's API on this machine. */
  readonly api: string;
  /** Origin of the virtual terminals' control API. */
  readonly virtualTerminal: string;
  readonly apiKey: string;
  /** Origin of the KkmServer door. */
  readonly kkmserver: string;
  /** Of the door's account User. */
  readonly kkmserverPassword: string;
  /** Runs `docker compose` on this project and returns what it printed; rejects with its error output. */
  compose(...words: readonly string[]): Promise<string>;
  /** Runs a script of infra/docker on this project and returns what it printed. */
  script(name: string, ...words: readonly string[]): Promise<string>;
  /** Takes it down with volumes, image tag and secrets. */
  remove(): Promise<void>;
}

/** The tag of the image that tests build; removed afterwards, the build cache stays. */
export const version = 'compose-test';

/** Draws secrets as the README says, builds, and waits until every service says it is healthy. */
export async function startComposeStack(): Promise<ComposeStack> {
  const root = checkoutRoot();
  const project = `kkm-test-${randomBytes(3).toString('hex')}`;
  const secrets = mkdtempSync(join(tmpdir(), 'kkm-secrets-'));
  const [apiPort = 0, doorPort = 0, terminalPort = 0] = await freePorts(3);
  const ports = { KKM_API_PORT: String(apiPort), KKM_KKMSERVER_PORT: String(doorPort), KKM_VIRTUAL_TERMINAL_PORT: String(terminalPort) };
  const environment = { KKM_SECRETS_DIR: secrets, ...ports, KKM_VERSION: version, COMPOSE_PROJECT_NAME: project };
  const run = (program: string, words: readonly string[]): Promise<string> => runProgram(program, words, { root, environment });
  const compose = (...words: readonly string[]): Promise<string> => run('docker', ['compose', '-p', project, ...words]);
  const remove = async (): Promise<void> => {
    await compose('down', '--volumes', '--timeout', '20');
    await run('docker', ['image', 'rm', `kkm:${version}`]).catch(() => ''); // Another run may use it.
    rmSync(secrets, { recursive: true, force: true });
  };
  try {
    await run('infra/docker/secrets.sh', [secrets]);
    await compose('up', '--detach', '--build', '--wait', '--wait-timeout', '240');
  } catch (error) {
    const logs = await compose('logs', '--no-color', '--tail', '30').catch(String);
    await remove();
    throw new Error(`The stack did not come up: ${String(error)}\n${logs}`, { cause: error });
  }
  return {
    api: `http://127.0.0.1:${apiPort}`,
    virtualTerminal: `http://127.0.0.1:${terminalPort}`,
    apiKey: readFileSync(join(secrets, 'api_key'), 'utf8'),
    kkmserver: `http://127.0.0.1:${doorPort}`,
    kkmserverPassword: readFileSync(join(secrets, 'kkmserver_user_password'), 'utf8'),
    compose,
    script: (name, ...words) => run(`infra/docker/${name}`, words),
    remove,
  };
}
