import { unreachable, type ControlHint, type PaymentCommand } from '@kkm/core';
import { AnswerRequests } from './answer-requests';
import { DeliverResults } from './deliver-results';
import { DriveAttempt } from './drive-attempt';
import { Drives } from './drives';
import { FollowSettings } from './follow-settings';
import { HearHints } from './hear-hints';
import { KeepLeases } from './keep-leases';
import { KeepLinks } from './keep-links';
import type {
  Clock,
  Disposition,
  Equipment,
  Ids,
  Journal,
  ProgressPublisher,
  RequestDesk,
  ResultPublisher,
  TerminalLinks,
  TerminalQueues,
  WorkerLedger,
  WorkerWatch,
} from './ports';
import { RecoverAttempt } from './recover-attempt';
import { ResumeJournal } from './resume-journal';
import { ShareTerminals } from './share-terminals';
import { StopSign } from './stop-sign';
import { TerminalLines } from './terminal-lines';
import type { WorkerTimes } from './worker-times';

/** Everything a worker touches; the app gives adapters, tests and the simulation give fakes. */
export interface WorkerPorts {
  readonly workerId: string;
  readonly siteId: string;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly ledger: WorkerLedger;
  readonly equipment: Equipment;
  readonly journal: Journal;
  readonly links: TerminalLinks;
  readonly queues: TerminalQueues;
  readonly results: ResultPublisher;
  readonly requests: RequestDesk;
  readonly progress: ProgressPublisher;
  readonly watch: WorkerWatch;
  readonly times: WorkerTimes;
}

/** One worker of a site: takes deliveries and hints, and keeps leases, links, settings and shares in order by itself. */
export class Worker {
  readonly lines: TerminalLines;
  private readonly stop = new StopSign();
  /** Ends the loops; raised after the drain, so that leases are renewed while the last payments end. */
  private readonly end = new StopSign();
  private readonly drives = new Drives();
  private readonly drive: DriveAttempt;
  private readonly resume: ResumeJournal;
  private readonly settings: FollowSettings;
  private readonly leases: KeepLeases;
  private readonly links: KeepLinks;
  private readonly shares: ShareTerminals;
  private readonly hints: HearHints;
  private readonly requests: AnswerRequests;
  private loops: readonly Promise<void>[] = [];

  constructor(private readonly ports: WorkerPorts) {
    this.lines = new TerminalLines(ports);
    const shared = { ...ports, stop: this.stop, drives: this.drives, lines: this.lines };
    const deliver = new DeliverResults(shared);
    const recover = new RecoverAttempt({ ...shared, deliver });
    this.drive = new DriveAttempt({ ...shared, deliver, recover });
    this.resume = new ResumeJournal({ ...shared, deliver, recover });
    this.settings = new FollowSettings({ ...shared, takeTests: (requestIds) => requestIds.forEach((id) => this.requests.takeNew(id)) });
    this.leases = new KeepLeases(shared);
    this.shares = new ShareTerminals(shared);
    this.hints = new HearHints(shared);
    this.requests = new AnswerRequests({ ...shared, desk: ports.requests });
    this.links = new KeepLinks({ ...shared, owns: (terminalId) => this.shares.owns(terminalId) });
  }

  /** What the worker depends on, and whether it heard of it lately. */
  get health(): { readonly ledger: boolean; readonly equipment: boolean } {
    return { ledger: this.leases.heard, equipment: this.settings.known };
  }

  /** How many terminals' commands this worker is subscribed to. */
  get subscribed(): number {
    return this.shares.subscribed;
  }

  /** Publishes what an earlier process left, then joins its peers and takes its share of the terminals. */
  async start(): Promise<void> {
    const { times, journal, workerId } = this.ports;
    await journal.enter(workerId);
    await this.resume.publishLeftovers();
    await this.leases.beat({ leaving: false });
    await this.settings.look();
    this.shares.reconcile(this.leases.workerIds);
    this.loops = [
      this.every(times.heartbeatMs, 'heartbeat', async () => {
        await this.leases.beat({ leaving: this.stop.raised });
        this.shares.reconcile(this.leases.workerIds);
      }),
      this.every(times.heartbeatMs, 'hints', () => this.hints.look()),
      this.every(times.settingsMs, 'settings', () => this.lookAtSettings()),
      this.every(times.upkeepMs, 'links', () => Promise.resolve(this.links.look())),
      this.every(times.upkeepMs, 'recovery', () => this.resume.look()),
    ];
  }

  /** Handles one delivery of a command, read from the queue of `terminalId`. */
  async handle(terminalId: string, command: PaymentCommand): Promise<Disposition> {
    if (!this.isMine(command) || command.terminalId !== terminalId) return { park: 'the command is for another terminal' };
    const line = this.lines.find(terminalId);
    return line ? await this.drive.handle(line, command) : 'retry';
  }

  /** Takes a hint of the control queue; what it says is only believed as far as asking. */
  async hint(hint: ControlHint): Promise<void> {
    switch (hint.kind) {
      case 'cancel':
        return this.drives.find(hint.attemptId)?.requestCancel();
      case 'qr-changed':
        return this.drives.find(hint.attemptId)?.showAnew();
      case 'recover':
        return this.isMine(hint.command) ? this.resume.take(hint.command) : undefined;
      case 'request':
        return hint.siteId === this.ports.siteId ? this.requests.take(hint) : undefined;
      case 'settings-changed':
        return await this.lookAtSettings();
      default:
        return unreachable(hint);
    }
  }

  /** Says that it leaves, lets what runs end, gives its queues back, ends its connections, and says that it holds nothing. What waits goes back to the queue. */
  async leave(): Promise<void> {
    this.stop.raise();
    await this.leases.beat({ leaving: true });
    await this.shares.leaveAll();
    await this.requests.ended();
    this.end.raise();
    await Promise.all(this.loops);
    await this.hints.leaveAll();
    for (const line of this.lines.all()) line.release();
    if (this.leases.heard) await this.leases.beat({ leaving: true });
  }

  private isMine({ siteId }: PaymentCommand): boolean {
    return siteId === this.ports.siteId;
  }

  private async lookAtSettings(): Promise<void> {
    await this.settings.look();
    this.shares.reconcile(this.leases.workerIds);
  }

  /** Repeats `work` with a pause between, until the end. One that fails is noted and tried again at its next turn. */
  private async every(ms: number, work: string, turn: () => Promise<void>): Promise<void> {
    for (;;) {
      await this.end.pause(this.ports.clock, ms);
      if (this.end.raised) return;
      await turn().catch((error: unknown) => this.ports.watch.note('background work failed', { work, error }));
    }
  }
}
