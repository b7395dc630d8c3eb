import {
  check,
  Unavailable,
  type Conversation,
  type ConversationHooks,
  type LeaseAnswer,
  type TerminalAnswer,
  type TerminalRequest,
  type TerminalSettings,
} from '@kkm/core';
import { elapsedMs, now, type Moment } from './moments';
import type { Clock, Journal, TerminalLinks, WorkerLedger, WorkerWatch } from './ports';
import type { WorkerTimes } from './worker-times';

/** What a line needs of the worker around it. */
export interface LinePorts {
  readonly workerId: string;
  readonly clock: Clock;
  readonly ledger: Pick<WorkerLedger, 'lease'>;
  readonly journal: Pick<Journal, 'predecessors'>;
  readonly links: TerminalLinks;
  readonly watch: Pick<WorkerWatch, 'linked' | 'note'>;
  readonly times: WorkerTimes;
}

/** A terminal's answer to a link test. */
export type LinkAnswer = Extract<TerminalAnswer, { kind: 'link' }>;

/** A connection that does not end within this time is waited for no longer: the terminal may be gone. */
export const endWaitMs = 1_000;

/** Hooks of a request that moves no money. */
export const harmless: ConversationHooks = {
  mayStillSend: () => true,
  onSent: () => undefined,
  onHeartbeat: () => undefined,
  store: () => Promise.resolve(),
};

/**
 * This worker's side of one terminal: its lease, its one connection, and the rule that one thing happens there at a time.
 * The connection is kept between payments, and only while the lease is held (design-money, clause 2).
 */
export class TerminalLine {
  private lease: { readonly askedAt: Moment; readonly leaseMs: number } | null = null;
  private connection: Conversation | null = null;
  /** The connection on which money was last asked for. */
  private spent: Conversation | null = null;
  /** The end of the connection that was left last, until it has come: a terminal that takes one at a time refuses another so long. */
  private ending: Promise<void> | null = null;
  private provedAt: Moment | null = null;
  private tail: Promise<unknown> = Promise.resolve();
  private waiting = 0;
  /** A request runs that a guest or the bank takes part in. */
  private occupied = false;
  private baselined = false;
  private unreadable = false;
  private baselineNext: { readonly since: Moment; readonly ms: number } | null = null;
  private serial: string | null = null;
  private told: TerminalSettings;

  constructor(
    settings: TerminalSettings,
    private readonly ports: LinePorts,
  ) {
    this.told = settings;
  }

  get settings(): TerminalSettings {
    return this.told;
  }

  get terminalId(): string {
    return this.told.terminalId;
  }

  get connected(): boolean {
    return this.connection !== null;
  }

  get idle(): boolean {
    return this.waiting === 0;
  }

  /** Does `work` after everything that was asked for earlier; two handlings never drive a terminal at once, not even in one process. */
  exclusive<A>(work: () => Promise<A>): Promise<A> {
    this.waiting += 1;
    const turn = this.tail.then(work).finally(() => {
      this.waiting -= 1;
    });
    this.tail = turn.catch(() => undefined);
    return turn;
  }

  /** Takes effect when nothing runs at the terminal; a new address, driver or profile ends the connection. */
  configure(settings: TerminalSettings): Promise<void> {
    return this.exclusive(() => {
      const reconnect = connectionKey(settings) !== connectionKey(this.told);
      this.told = settings;
      if (reconnect) this.disconnect();
      return Promise.resolve();
    });
  }

  /** Whether the ledger lets this worker connect here, by both clocks. */
  holdsLease(): boolean {
    return this.lease !== null && elapsedMs(this.ports.clock, this.lease.askedAt) < this.lease.leaseMs;
  }

  /** Asks the ledger for the terminal; for `upkeep` when nobody waits. A lease that had lapsed proves nothing about the old connection, so that ends. */
  async takeLease({ upkeep = false }: { readonly upkeep?: boolean } = {}): Promise<LeaseAnswer> {
    const askedAt = now(this.ports.clock);
    if (!this.holdsLease()) this.disconnect();
    const { workerId, journal, ledger } = this.ports;
    const answer = await ledger.lease({ workerId, siteId: this.told.siteId, terminalId: this.terminalId, predecessors: journal.predecessors(), upkeep });
    if (answer.kind === 'leased') {
      this.lease = { askedAt, leaseMs: answer.leaseMs };
      if (answer.baselined && !this.baselined) this.noteBaseline('kept');
      // Another worker has settled here since.
      if (answer.baselined === false) this.forgetBaseline();
    }
    return answer;
  }

  /** A heartbeat that named this terminal was answered; the lease counts from when it was sent. */
  renewLease(askedAt: Moment, leaseMs: number): void {
    if (this.lease) this.lease = { askedAt, leaseMs };
  }

  /** Another worker may connect now: leave, unless a guest or the bank is waited for here. A link test or a report is not heard to its end: it can take long. */
  loseLease(): void {
    if (this.lease === null) return;
    this.lease = null;
    this.ports.watch.note('lease lost', { terminalId: this.terminalId });
    if (!this.occupied) this.disconnect();
  }

  /** Leaves the terminal to others. */
  release(): void {
    this.lease = null;
    this.disconnect();
  }

  /** Whether the terminal was heard on the present connection a moment ago. */
  linkIsFresh(): boolean {
    return this.connection !== null && this.provedAt !== null && elapsedMs(this.ports.clock, this.provedAt) < this.ports.times.linkFreshMs;
  }

  /** Milliseconds since the terminal was last heard; null when never on this connection. */
  quietMs(): number | null {
    return this.provedAt === null ? null : elapsedMs(this.ports.clock, this.provedAt);
  }

  /** Whether the terminal's report must be recorded before a payment: the ledger has none, and it is not known that the terminal gives none. */
  get baselineIsMissing(): boolean {
    return !this.baselined && !this.unreadable;
  }

  /** Whether the terminal's report should be read for the ledger: it has none, or an old one, and the last try was a while ago. */
  get baselineIsDue(): boolean {
    return this.baselineNext === null || elapsedMs(this.ports.clock, this.baselineNext.since) >= this.baselineNext.ms;
  }

  /** The ledger has a report now; or an attempt is unfinished here, and it is tried again soon; or the terminal gives none that can be read. */
  noteBaseline(came: 'kept' | 'busy' | 'unreadable'): void {
    const { clock, times } = this.ports;
    this.baselined ||= came === 'kept';
    this.unreadable = came === 'unreadable';
    this.baselineNext = { since: now(clock), ms: came === 'busy' ? times.baselineRetryMs : times.baselineMs };
  }

  /** The terminal's own serial number, by the newest report that was read; null when none was. */
  get serialNumber(): string | null {
    return this.serial;
  }

  /** A report told it. */
  noteSerialNumber(serialNumber: string): void {
    this.serial = serialNumber;
  }

  /** The ledger has no report of this terminal any more. */
  forgetBaseline(): void {
    if (this.baselined) this.baselineNext = null;
    this.baselined = false;
  }

  /** Opens the connection if there is none. Throws what {@link TerminalLinks.open} throws. */
  async connect(): Promise<void> {
    check(this.holdsLease(), 'only the holder of the lease connects to a terminal');
    if (this.connection) return;
    await this.untilEnded();
    const connection = await this.ports.links.open(this.told);
    if (!this.holdsLease()) {
      // Lost meanwhile: whoever has it now would be refused.
      connection.close();
      throw new Unavailable('terminal.unreachable', { detail: 'the lease was lost while connecting' });
    }
    this.connection = connection;
    this.provedAt = null;
    this.ports.watch.linked(this.terminalId, true);
    void connection.closed.then(() => this.forget(connection));
  }

  /** Ends the connection; the next {@link connect} opens another. */
  disconnect(): void {
    const { connection } = this;
    if (!connection) return;
    this.forget(connection);
    const ending = connection.closed.then(() => {
      if (this.ending === ending) this.ending = null;
    });
    this.ending = ending;
    connection.close();
  }

  /** Ends the connection, and waits a moment until it has ended. */
  async leave(): Promise<void> {
    this.disconnect();
    await this.untilEnded();
  }

  /** Ends the connection if money was asked for on it: nothing of that may arrive any more. One that was opened since is kept. */
  disconnectSpent(): void {
    if (this.connection === this.spent) this.disconnect();
  }

  /** Asks whether the terminal answers. Any answer will do: a terminal without its bank says so itself when it is asked to charge. */
  async test(): Promise<LinkAnswer | null> {
    const answer = await this.ask({ kind: 'link-test' });
    return answer.kind === 'link' ? answer : null;
  }

  /** Runs a request that moves no money. */
  ask(request: HarmlessRequest): Promise<TerminalAnswer> {
    return this.run(request, harmless);
  }

  /** Runs a request on the present connection; there it is `not-sent` when the connection is gone. */
  async run(request: TerminalRequest, hooks: ConversationHooks): Promise<TerminalAnswer> {
    const { connection } = this;
    if (!connection) return { kind: 'not-sent' };
    if (!isHarmless(request)) this.spent = connection;
    this.occupied = isForGuest(request);
    const answer = await connection.run(request, hooks).finally(() => {
      this.occupied = false;
    });
    if (answer.kind !== 'unknown' && answer.kind !== 'not-sent' && this.connection === connection) this.provedAt = now(this.ports.clock);
    return answer;
  }

  /** The attempt's id as this terminal's protocol carries it. */
  referenceOf(attemptId: string): string {
    return this.ports.links.reference(this.told, attemptId);
  }

  /** How long this terminal waits for a card before it gives up by itself, milliseconds. */
  cardWaitMs(): number {
    return this.ports.links.cardWaitMs(this.told);
  }

  /** How long one display of a QR lasts on this terminal, seconds. */
  qrShowSeconds(): number {
    return this.ports.links.qrShowSeconds(this.told);
  }

  /** Asks the running operation to stop. */
  abort(): void {
    this.connection?.abort();
  }

  private async untilEnded(): Promise<void> {
    if (this.ending) await Promise.race([this.ending, this.ports.clock.sleep(endWaitMs)]);
  }

  private forget(connection: Conversation): void {
    if (this.connection !== connection) return;
    this.connection = null;
    this.provedAt = null;
    this.ports.watch.linked(this.terminalId, false);
  }
}

/** A request that moves no money and asks nothing of anybody. */
type HarmlessRequest = Extract<TerminalRequest, { kind: 'link-test' | 'last-result' | 'report' }>;

/** A QR that is shown moves no money through the terminal. */
function isHarmless({ kind }: TerminalRequest): boolean {
  return kind === 'link-test' || kind === 'last-result' || kind === 'report' || kind === 'show-qr';
}

/** A request whose answer is waited for whoever has the lease: it moves money, or a guest looks at it. */
function isForGuest({ kind }: TerminalRequest): boolean {
  return kind !== 'link-test' && kind !== 'last-result' && kind !== 'report';
}

/** What a connection depends on; a change of anything else keeps it. */
function connectionKey({ driver, transport, profile }: TerminalSettings): string {
  return JSON.stringify([driver, transport, profile]);
}
