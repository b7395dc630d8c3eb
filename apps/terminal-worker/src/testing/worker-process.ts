import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

const root = join(__dirname, '../../../..');

/** A worker as a process of its own, started from source. */
export class WorkerProcess {
  readonly lines: string[] = [];

  private constructor(private readonly child: ChildProcess) {
    const keep = (chunk: Buffer): void => void this.lines.push(...chunk.toString('utf8').split('\n').filter(Boolean));
    child.stdout?.on('data', keep);
    child.stderr?.on('data', keep);
  }

  /** Starts one with a site and a broker, nothing more but where to keep its journal. */
  static start(settings: {
    readonly amqpUrl: string;
    readonly siteId: string;
    readonly journalDir: string;
    readonly env?: Readonly<Record<string, string>>;
  }): WorkerProcess {
    const env = {
      PATH: process.env['PATH'] ?? '',
      SWC_NODE_PROJECT: join(root, 'tsconfig.base.json'),
      KKM_AMQP_URL: settings.amqpUrl,
      KKM_SITE_ID: settings.siteId,
      KKM_JOURNAL_DIR: settings.journalDir,
      KKM_HTTP_PORT: '0',
      ...settings.env,
    };
    const child = spawn(process.execPath, ['-r', '@swc-node/register', join(root, 'apps/terminal-worker/src/main.ts')], {
      cwd: root,
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    return new WorkerProcess(child);
  }

  get pid(): number {
    return this.child.pid ?? 0;
  }

  get log(): string {
    return this.lines.join('\n');
  }

  /** Where its health is asked; null until it started. */
  get url(): string | null {
    return /"url":"(http[^"]+)"/.exec(this.log)?.[1] ?? null;
  }

  /** Kills it without a word, as a power cut does. */
  async kill(): Promise<void> {
    await this.end('SIGKILL');
  }

  /** Asks it to leave; resolves with its exit code. */
  async stop(): Promise<number | null> {
    return await this.end('SIGTERM');
  }

  private async end(signal: NodeJS.Signals): Promise<number | null> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return this.child.exitCode;
    const exited = once(this.child, 'exit');
    this.child.kill(signal);
    await exited;
    return this.child.exitCode;
  }
}
