import type {
  AnswerRequestRequest,
  AttemptResult,
  BaselineAnswer,
  BaselineRequest,
  Conversation,
  EndBaselineAnswer,
  EndBaselineRequest,
  HeartbeatAnswer,
  HeartbeatRequest,
  KnowledgeRequest,
  LeaseAnswer,
  LeaseRequest,
  Outcome,
  PaymentCommand,
  PermitAnswer,
  PermitRequest,
  Progress,
  QrAnswer,
  QrRequest,
  TakeRequestAnswer,
  TakeRequestRequest,
  TerminalKnowledge,
  TerminalSettings,
  TerminalStanding,
} from '@kkm/core';

/** Both clocks a worker goes by, in milliseconds, and the only way it waits. The simulation replaces all three. */
export interface Clock {
  wallMs(): number;
  /** Never goes back; says nothing about the time of day. */
  monotonicMs(): number;
  sleep(ms: number): Promise<void>;
}

/** Ids drawn from the injected randomness. */
export interface Ids {
  draw(prefix: 'nonce' | 'res'): string;
}

/** The calls to the ledger. Each throws `Unavailable` when no answer came: the call may or may not have had its effect. */
export interface WorkerLedger {
  lease(request: LeaseRequest): Promise<LeaseAnswer>;
  permit(request: PermitRequest): Promise<PermitAnswer>;
  heartbeat(request: HeartbeatRequest): Promise<HeartbeatAnswer>;
  baseline(request: BaselineRequest): Promise<BaselineAnswer>;
  /** Before a terminal is settled. */
  endBaseline(request: EndBaselineRequest): Promise<EndBaselineAnswer>;
  knowledge(request: KnowledgeRequest): Promise<TerminalKnowledge>;
  /** What to show for an attempt with a bank's QR. Takes as long as the bank, when it must be asked first. */
  showQr(request: QrRequest): Promise<QrAnswer>;
  standing(terminal: { readonly siteId: string; readonly terminalId: string }): Promise<TerminalStanding>;
}

/**
 * What the worker remembers of one attempt across a crash.
 * `begun`: bytes may have gone out; never to be sent again by anyone. `answered`: the outcome is known and not yet confirmed by the broker.
 * `in-doubt`: `unknown` is confirmed; kept so that the terminal can still be asked for this attempt.
 */
export type JournalEntry = BegunEntry | AnsweredEntry | InDoubtEntry;

/** Written and synced before the first financial byte, and again before every further ask for a card. */
export interface BegunEntry {
  readonly state: 'begun';
  readonly command: PaymentCommand;
  readonly nonce: string;
  /** How many times the terminal was, or is about to be, asked within the attempt. */
  readonly asks: number;
  readonly readFailures: number;
  /** Worker's wall clock in milliseconds when the permit was asked for. */
  readonly askedAtMs: number;
  /** Whoever begins an attempt has sent it alone. */
  readonly mayArriveForMs?: 0;
}

/** Written and synced before the terminal's last frame is acknowledged. */
export interface AnsweredEntry {
  readonly state: 'answered';
  readonly command: PaymentCommand;
  readonly nonce: string;
  readonly readFailures: number;
  readonly askedAtMs: number;
  /** Absent: 0, the attempt is this worker's own. See {@link InDoubtEntry}. */
  readonly mayArriveForMs?: number;
  readonly result: AttemptResult;
}

/** The part of {@link BegunEntry} that recovery needs once the ledger knows of the doubt. */
export interface InDoubtEntry {
  readonly state: 'in-doubt';
  readonly command: PaymentCommand;
  readonly nonce: string;
  readonly readFailures: number;
  readonly askedAtMs: number;
  /** For so long since `askedAtMs` another worker may have sent the attempt's bytes. Absent: 0, the attempt is this worker's own. */
  readonly mayArriveForMs?: number;
}

/** How many RRNs of a terminal's approvals a journal remembers, newest first. */
export const rrnsKeptMax = 200;

/** How many earlier workers a journal remembers, newest first. */
export const predecessorsKeptMax = 20;

/** The worker's small local memory. One entry per attempt: the latest written. */
export interface Journal {
  /** Writes down whose journal it is from now on; resolves when that is on the disk. Before the worker asks for its first lease. */
  enter(workerId: string): Promise<void>;
  /** The workers that entered before: all of them are dead, because two processes never have one journal open. The newest {@link predecessorsKeptMax} are known. */
  predecessors(): readonly string[];
  find(attemptId: string): JournalEntry | null;
  all(): readonly JournalEntry[];
  /** Resolves when the entry is on the disk, synced. Money depends on it. */
  write(entry: JournalEntry): Promise<void>;
  /** Removes the attempt's entry; an approval's RRN is remembered as taken. Need not be synced: what reappears is published again under the same `resultId`. */
  finish(attemptId: string, taken: { readonly terminalId: string; readonly rrn: string } | null): Promise<void>;
  /** Whether an approval with this RRN is known to belong to an attempt already; the newest {@link rrnsKeptMax} of a terminal are known. */
  isTaken(terminalId: string, rrn: string): boolean;
}

/** Opens a connection to a terminal and speaks its protocol. Throws `Unavailable('terminal.unreachable')`, or `Rejected` when the settings cannot work. */
export interface TerminalLinks {
  open(settings: TerminalSettings): Promise<Conversation>;
  /** The short form of an attempt's id that the terminal's protocol carries. */
  reference(settings: TerminalSettings, attemptId: string): string;
  /** How long the terminal waits for a card before it gives up by itself, milliseconds (design-money, clause 5). */
  cardWaitMs(settings: TerminalSettings): number;
  /** How long one display of a QR lasts, seconds: short enough for a terminal that cannot be asked to take it off. */
  qrShowSeconds(settings: TerminalSettings): number;
}

/** The terminals of a site; `terminals` is null when nothing is newer than the revision asked with. */
export interface SiteTerminals {
  readonly revision: number;
  readonly terminals: readonly TerminalSettings[] | null;
  /** Link tests of terminals that are not saved, for any worker of the site to take. */
  readonly linkTests?: readonly string[] | undefined;
}

/** Reads the equipment of a site. Throws `Unavailable` when no answer came. */
export interface Equipment {
  ofSite(request: { readonly siteId: string; readonly knownRevision: number | null; readonly linkTests: boolean }): Promise<SiteTerminals>;
}

/** Requests to terminals outside of payments, which the gateway keeps. Each call throws `Unavailable` when no answer came: it may or may not have had its effect. */
export interface RequestDesk {
  take(request: TakeRequestRequest): Promise<TakeRequestAnswer>;
  /** Harmless when repeated. */
  answered(request: AnswerRequestRequest): Promise<null>;
}

/** The two queues of a terminal: its commands, and its hints. */
export type TerminalQueue = 'commands' | 'hints';

/** Subscribes to the queues of terminals. */
export interface TerminalQueues {
  /** Resolves when subscribed; null while the queue does not exist. `cancel` lets the running handling end and acknowledges it first. */
  subscribe(terminalId: string, queue: TerminalQueue): Promise<{ cancel(): Promise<void> } | null>;
}

/** Publishes to `kkm.results`; resolves when the broker confirmed, throws `Unavailable` otherwise. */
export interface ResultPublisher {
  publish(result: AttemptResult): Promise<void>;
}

/** Publishes to `kkm.progress`, fire and forget. */
export interface ProgressPublisher {
  publish(progress: Progress): void;
}

/** The names of the spans a worker opens. */
export type SpanName = 'worker.permit' | 'worker.terminal' | 'worker.publish' | 'worker.recover';

/** Watches the worker: metrics, traces and the log stand behind it. Nothing is decided by it. */
export interface WorkerWatch {
  /** Runs `work` inside a span. */
  span<A>(name: SpanName, command: PaymentCommand, work: () => Promise<A>): Promise<A>;
  queueWaited(command: PaymentCommand, ms: number): void;
  terminalWorked(command: PaymentCommand, ms: number): void;
  readFailed(command: PaymentCommand): void;
  finished(command: PaymentCommand, outcome: Outcome): void;
  permitRefused(kind: Exclude<PermitAnswer['kind'], 'granted'> | 'no-answer'): void;
  linked(terminalId: string, linked: boolean): void;
  note(what: WorkerNote, facts: Readonly<Record<string, unknown>>): void;
}

/** What the worker decides that an operator may want to read in the log. */
export type WorkerNote =
  | 'terminal unreachable'
  | 'terminal settings refused'
  | 'journal write failed'
  | 'conversation failed'
  | 'result not published yet'
  | 'ledger does not answer'
  | 'gateway does not answer'
  | 'lease lost'
  | 'attempt not sent'
  | 'attempt in doubt'
  | 'attempt recovered'
  | 'baseline read'
  | 'baseline not read'
  | 'request answered'
  | 'request not told yet'
  | 'attempt unknown to the ledger'
  | 'background work failed';

/** What to do with a delivery; the messaging layer acts on it. `retry` is held and handled anew. */
export type Disposition = 'done' | 'retry' | { readonly park: string };
