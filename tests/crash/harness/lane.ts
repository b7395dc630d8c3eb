import { mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { armedText } from '@kkm/crash-points';
import type { CrashPoint } from '@kkm/crash-points';
import { rankWorkers } from '@kkm/flow/worker';
import type { ServiceProcess } from '@kkm/stack';
import { eventually, pause } from '@kkm/testkit';
import { TestKkm } from '../../e2e/harness/test-kkm';
import { answers, profile } from './answers';
import { LedgerBooks } from './ledger-books';
import { SbpBankServer, sbpContract } from './sbp-bank';

/** A dead worker is forgotten after this. */
const memberMs = 2_500;

/** Times of the matrix; those of production would make it last for hours. */
const environment = {
  KKM_LEASE_MS: '2000',
  KKM_SEND_WITHIN_MS: '4000',
  KKM_HEARTBEAT_MS: '500',
  KKM_MEMBER_MS: String(memberMs),
  KKM_RECOVER_MS: '200',
  KKM_RECOVER_FIRST_MS: '200',
  // Every payment tests its link, so that each of them passes that point.
  KKM_LINK_FRESH_MS: '0',
  KKM_VT_CARD_WAIT_MS: String(profile.cardWaitMs),
  KKM_VT_WAIT_EVERY_MS: '300',
  KKM_PRIVATE_BANKS: 'allowed',
};

/** Without a further arrival for so long, whoever is held has waited enough. */
const patienceMs = 4_000;

/** A point that nobody reaches within this time is not reached. */
const reachedWithinMs = 25_000;

/** Terminals of one worker, and the worker. */
export interface Owner {
  readonly worker: ServiceProcess;
  readonly terminalIds: readonly string[];
}

/** A whole KKM whose processes are killed one after the other. Lanes run side by side and know nothing of each other. */
export class Lane {
  private readonly stuck = new Set<string>();

  private constructor(
    readonly kkm: TestKkm,
    readonly books: LedgerBooks,
    readonly bank: SbpBankServer,
    private readonly folder: string,
  ) {}

  /** Starts one with so many workers. */
  static async start(name: string, workers: number): Promise<Lane> {
    const folder = mkdtempSync(join(tmpdir(), 'kkm-crash-'));
    const kkm = await TestKkm.start(`crash-${name}`, {
      workers,
      // Of two workers one owns at least half.
      terminals: workers === 1 ? 7 : 13,
      environment,
      // A process of a lane lives for seconds; reading the source maps of a thousand files is a sixth of its work.
      nodeOptions: ['--no-enable-source-maps'],
      // The id of a worker shows in its log.
      environmentOf: (service) => ({ KKM_CRASH_PATH: join(folder, service), KKM_LOG_LEVEL: service.startsWith('worker') ? 'debug' : 'warn' }),
      ways: { broker: (_service, amqpUrl) => Promise.resolve(amqpUrl), terminal: (terminal) => Promise.resolve({ ...terminal, profile }) },
    });
    const bank = await SbpBankServer.start();
    const account = { body: { bank: 'raiffeisen', baseUrl: bank.url, ...sbpContract } };
    const { status, body } = await kkm.call('PUT', `/v1/sites/${kkm.stack.siteId}/sbp-account`, account);
    if (status !== 200) throw new Error(`sbp-account: ${status} ${JSON.stringify(body)}`);
    return new Lane(kkm, await LedgerBooks.open(kkm.stack.place.databaseUrl), bank, folder);
  }

  get services(): readonly ServiceProcess[] {
    const { gateway, ledger, workers } = this.kkm.stack;
    return [gateway, ledger, ...workers];
  }

  /** Waits until every terminal is leased and connected to the worker that should have it. Then: who has which of the terminals that are free. */
  async settled(): Promise<readonly Owner[]> {
    return await eventually(() => this.owners(), 30_000, 100);
  }

  /** Too few terminals are left for a whole round. */
  get isWorn(): boolean {
    return this.stuck.size > 0 && this.kkm.stack.terminals.length - this.stuck.size < answers.length * this.kkm.stack.workers.length + 1;
  }

  /** Leaves a terminal out from now on: something is unfinished there. */
  setAside(terminalId: string): void {
    this.stuck.add(terminalId);
  }

  /** Lets the service die where the name says, when so many have arrived there. */
  arm(service: ServiceProcess, point: CrashPoint, arrivals: number): void {
    const file = this.fileOf(service);
    writeFileSync(`${file}.new`, armedText(point, arrivals));
    renameSync(`${file}.new`, file); // Whole or not at all.
  }

  /** Waits for its death; when not all arrive it is helped. Returns how many had arrived. */
  async death(service: ServiceProcess, arrivals: number): Promise<number> {
    const begun = Date.now();
    let missing = arrivals;
    let lastArrival = begun;
    while (service.ended() === null) {
      const now = this.missingAt(service) ?? missing;
      if (now < missing) lastArrival = Date.now();
      missing = Math.min(missing, now);
      const waited = missing < arrivals ? Date.now() - lastArrival > patienceMs : Date.now() - begun > reachedWithinMs;
      if (waited) {
        rmSync(this.fileOf(service), { force: true });
        await service.stop('SIGKILL');
        return arrivals - missing;
      }
      await pause(20);
    }
    return arrivals;
  }

  /** Starts what is dead, without waiting for it. */
  start(...services: readonly ServiceProcess[]): void {
    for (const service of services) if (service.ended() !== null) service.start();
  }

  /** Starts what is dead and waits until it works. */
  async revive(...services: readonly ServiceProcess[]): Promise<void> {
    this.start(...services);
    await Promise.all(services.map((service) => service.ready(60_000)));
  }

  /** Waits until no worker's journal holds anything. */
  async journalsEmpty(withinMs: number): Promise<void> {
    await eventually(async () => {
      for (const worker of this.kkm.stack.workers) {
        const metrics = await (await fetch(`${worker.url}/metrics`, { signal: AbortSignal.timeout(2_000) })).text();
        const [, entries] = /^kkm_journal_entries(?:\{[^}]*\})? (\d+)/m.exec(metrics) ?? [];
        if (entries !== '0') throw new Error(`The journal of ${worker.name} holds ${entries ?? 'who knows how many'} entries.`);
      }
    }, withinMs);
  }

  /** Stops and removes everything. */
  async remove(): Promise<void> {
    await this.books.close();
    await this.kkm.remove();
    await this.bank.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }

  private async owners(): Promise<readonly Owner[]> {
    const { workers, terminals, siteId } = this.kkm.stack;
    const ids = workers.map(idOf);
    const members = await this.books.members(siteId, memberMs);
    if (members.length !== ids.length || !members.every((id) => ids.includes(id))) throw new Error('A dead worker still counts.');
    const holders = await this.books.leases(siteId);
    const linked = await this.kkm.terminals.linked();
    const astray = terminals.filter(({ id }) => holders.get(id) !== rankWorkers(id, ids)[0] || !linked.includes(id));
    if (astray.length > 0) throw new Error(`${astray.map(({ id }) => id).join(', ')} are still to be taken over.`);
    return workers.map((worker, index) => {
      const held = terminals.filter(({ id }) => holders.get(id) === ids[index] && !this.stuck.has(id));
      return { worker, terminalIds: held.map(({ id }) => id) };
    });
  }

  private fileOf(service: ServiceProcess): string {
    return join(this.folder, service.name);
  }

  /** How many have not arrived yet; null while that cannot be read. */
  private missingAt(service: ServiceProcess): number | null {
    try {
      const [, count = ''] = readFileSync(this.fileOf(service), 'utf8').split(' ');
      return count === '' ? null : Number(count);
    } catch {
      return null;
    }
  }
}

/** The id that a worker drew when it started last. */
function idOf(worker: ServiceProcess): string {
  return [...readFileSync(worker.logFile, 'utf8').matchAll(/"workerId":"([^"]+)"/g)].at(-1)?.[1] ?? '';
}
