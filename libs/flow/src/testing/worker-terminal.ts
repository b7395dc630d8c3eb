import { noBankFacts, Unavailable, unreachable } from '@kkm/core';
import type { Conversation, ConversationHooks, Operation, Outcome, TerminalAnswer, TerminalRecord, TerminalRequest, TerminalSettings } from '@kkm/core';
import type { Clock, TerminalLinks } from '../worker/ports';
import { FakeDay, isStored, outcome, unread, type SaleScript } from './terminal-scripts';

type FinancialRequest = Extract<TerminalRequest, { kind: Operation }>;

/** How often a waiting fake terminal says that it is still working, and looks whether it is to stop. */
const heartbeatMs = 500;

/** A bank terminal in memory with its bank's book. Speaks no protocol: it stands behind the driver's interface. */
export class FakeTerminal implements TerminalLinks {
  reachable = true;
  /** Whether records carry our reference. */
  keepsReference = true;
  /** Answers to sales, one after the other; `approve` when none is left. */
  readonly script: SaleScript[] = [];
  /** References of the sale frames whose bytes arrived. */
  readonly sales: string[] = [];
  /** Voids, refunds and reversals whose bytes arrived. */
  readonly returns: Exclude<FinancialRequest, { kind: 'sale' }>[] = [];
  /** What the bank booked. */
  readonly charges: TerminalRecord[] = [];
  opened = 0;
  linkTests = 0;
  aborts = 0;
  /** How many results were acknowledged: their `store` had resolved. */
  acknowledged = 0;
  delayMs = 0;
  /** How long one display of a QR lasts. */
  showSeconds = 20;
  /** Codes that were shown, in order. */
  readonly shown: string[] = [];
  /** What is on the screen now. */
  screen: string | null = null;
  /** How displays end, in order; with none left each runs to the end of its time. */
  readonly displays: ('cancel-key' | 'refused' | 'cut')[] = [];
  /** How long a connection takes to end once it is closed; another one is refused meanwhile. */
  endsAfterMs = 0;
  /** Whether a second connection is refused, as most terminals do; else it cuts the first. */
  takesOne = false;
  /** Connections that were refused because an earlier one had not ended. */
  refused = 0;
  readonly bankTerminalId = '00266286';
  /** Begin of the reported period. */
  since = '20261123080000';
  readonly day = new FakeDay();
  private rrn = 828_913_349_373;
  private current: FakeConversation | null = null;

  constructor(readonly clock: Clock) {}

  async open(_settings: TerminalSettings): Promise<Conversation> {
    await Promise.resolve();
    if (!this.reachable) throw new Unavailable('terminal.unreachable');
    if (this.current?.isEnding || (this.takesOne && this.current?.isOpen)) {
      this.refused += 1;
      throw new Unavailable('terminal.unreachable');
    }
    this.opened += 1;
    this.current?.close();
    this.current = new FakeConversation(this);
    return this.current;
  }

  reference(_settings: TerminalSettings, attemptId: string): string {
    return `ref-${attemptId}`;
  }

  qrShowSeconds(): number {
    return this.showSeconds;
  }

  cardWaitMs(): number {
    return 30_000;
  }

  /** What the report shows. */
  get report(): readonly TerminalRecord[] {
    return this.day.report(this.charges);
  }

  /** Empties the report. */
  closeDay(): void {
    this.day.close(this.charges);
    this.since = this.time();
  }

  /** Cuts the connection. */
  unplug(): void {
    this.reachable = false;
    this.current?.close();
  }

  /** Books an operation; somebody else's when `reference` is not ours. */
  book(amountMinor: number, reference: string | null, operation: Operation = 'sale'): TerminalRecord {
    this.rrn += 1;
    const rrn = String(this.rrn);
    const terminalTime = this.time();
    const facts = {
      ...noBankFacts,
      rrn,
      authorisationCode: '247629',
      bankTerminalId: this.bankTerminalId,
      message: 'ОДОБРЕНО',
      hostResponseCode: '00',
      terminalTime,
    };
    const record: TerminalRecord = {
      operation,
      amountMinor,
      rrn,
      authorisationCode: '247629',
      bankTerminalId: this.bankTerminalId,
      reference: this.keepsReference ? reference : null,
      terminalTime,
      approved: true,
      facts,
    };
    this.charges.push(record);
    return record;
  }

  /** The terminal's own clock: another time zone, and wrong by some minutes. */
  time(): string {
    return new Date(this.clock.wallMs() + 3 * 3_600_000 + 420_000).toISOString().replace(/[-:T]/g, '').slice(0, 14);
  }
}

class FakeConversation implements Conversation {
  readonly closed: Promise<void>;
  isEnding = false;
  private isClosed = false;
  get isOpen(): boolean {
    return !this.isClosed;
  }
  private stopAsked = false;
  private end: () => void = () => undefined;

  constructor(private readonly terminal: FakeTerminal) {
    this.closed = new Promise((resolve) => {
      this.end = resolve;
    });
  }

  close(): void {
    if (this.isClosed) return;
    this.isClosed = true;
    const { clock, endsAfterMs } = this.terminal;
    if (endsAfterMs === 0) return this.end();
    this.isEnding = true;
    void clock.sleep(endsAfterMs).then(() => {
      this.isEnding = false;
      this.end();
    });
  }

  abort(): void {
    this.terminal.aborts += 1;
    this.stopAsked = true;
  }

  async run(request: TerminalRequest, hooks: ConversationHooks): Promise<TerminalAnswer> {
    await Promise.resolve();
    if (this.isClosed) return { kind: 'not-sent' };
    const { terminal } = this;
    switch (request.kind) {
      case 'sale':
      case 'void':
      case 'refund':
      case 'reversal':
        return await this.money(request, hooks);
      case 'link-test':
        terminal.linkTests += 1;
        return { kind: 'link', ok: true, bankTerminalId: terminal.bankTerminalId, message: null, terminalTime: terminal.time() };
      case 'last-result':
        return { kind: 'last-result', found: terminal.charges.at(-1) ?? null, raw: null };
      case 'report':
        terminal.day.reports += 1;
        if (request.short || terminal.day.reportless) return { kind: 'report', text: `sums of ${terminal.report.length}`, ...unread };
        return {
          kind: 'report',
          text: `report of ${terminal.report.length}`,
          operations: [...terminal.report],
          since: terminal.since,
          bankTerminalId: terminal.bankTerminalId,
          serialNumber: 'Q2500000001',
        };
      case 'show-qr':
        return await this.show(request, hooks);
      case 'settle':
        return await this.settle(hooks);
      default:
        return unreachable(request);
    }
  }

  private async settle(hooks: ConversationHooks): Promise<TerminalAnswer> {
    const { terminal } = this;
    const script = terminal.day.script.shift() ?? 'settle';
    if (script === 'refuse') return { kind: 'settled', ok: false, text: 'НЕТ СВЯЗИ' };
    const text = `settled ${terminal.report.length}`;
    if (script !== 'cut-before') terminal.closeDay();
    const answer: TerminalAnswer = { kind: 'settled', ok: true, text };
    const kept = script === 'settle' && (await isStored(hooks, answer));
    if (!kept) {
      this.close();
      if (script === 'unplug-after') terminal.reachable = false;
      return { kind: 'unknown', why: 'the link was cut, or the answer not stored' };
    }
    terminal.acknowledged += 1;
    return answer;
  }

  private async show({ payload, seconds }: Extract<TerminalRequest, { kind: 'show-qr' }>, hooks: ConversationHooks): Promise<TerminalAnswer> {
    const { terminal } = this;
    const script = terminal.displays.shift() ?? null;
    if (script === 'refused') return { kind: 'qr-shown', ok: false, how: 'refused' };
    this.stopAsked = false;
    terminal.shown.push(payload);
    terminal.screen = payload;
    const untilMs = terminal.clock.monotonicMs() + (script === null ? seconds * 1_000 : heartbeatMs);
    while (!this.stopAsked && !this.isClosed && terminal.clock.monotonicMs() < untilMs) {
      await terminal.clock.sleep(heartbeatMs);
      hooks.onHeartbeat();
    }
    terminal.screen = null;
    if (script === 'cut') this.close();
    if (this.isClosed) return { kind: 'unknown', why: 'the link was cut' };
    return script === 'cancel-key' ? { kind: 'qr-shown', ok: false, how: 'cancelled' } : { kind: 'qr-shown', ok: true, how: 'ended' };
  }

  private async money(request: FinancialRequest, hooks: ConversationHooks): Promise<TerminalAnswer> {
    const { terminal } = this;
    const script = terminal.script.shift() ?? 'approve';
    if (script === 'closed') this.close();
    if (this.isClosed || !hooks.mayStillSend()) return { kind: 'not-sent' };
    if (request.kind === 'sale') terminal.sales.push(request.reference);
    else terminal.returns.push(request);
    hooks.onSent();
    this.stopAsked = false;
    if (terminal.delayMs > 0) await terminal.clock.sleep(terminal.delayMs);
    const answer = await this.follow(script, request, hooks);
    if (answer.kind !== 'outcome' || answer.outcome.kind === 'unknown') return answer;
    await hooks.store(answer);
    terminal.acknowledged += 1;
    return answer;
  }

  private async follow(script: SaleScript, request: FinancialRequest, hooks: ConversationHooks): Promise<TerminalAnswer> {
    const approve = (): Outcome => {
      const { amountMinor, facts } = this.terminal.book(request.amountMinor, this.terminal.reference({} as TerminalSettings, request.reference), request.kind);
      return { kind: 'approved', chargedMinor: amountMinor ?? 0, facts };
    };
    switch (script) {
      case 'approve':
        return outcome(approve());
      case 'decline':
        return outcome({ kind: 'declined', reason: 'insufficient_funds', facts: noBankFacts });
      case 'cancel':
        return outcome({ kind: 'cancelled', reason: 'customer_cancelled', facts: noBankFacts });
      case 'read-failure':
        return {
          kind: 'outcome',
          readFailure: true,
          outcome: { kind: 'failed', reason: 'card_read_error', facts: { ...noBankFacts, message: 'ОШИБКА ЧТЕНИЯ КАРТЫ' } },
        };
      case 'unlisted':
        return outcome({ kind: 'unknown', reason: 'unrecognised', facts: noBankFacts });
      case 'silent':
        this.close();
        return { kind: 'unknown', why: 'the terminal fell silent' };
      case 'cut-after-approval':
      case 'unplug-after-approval':
        approve();
        this.close();
        this.terminal.reachable = script === 'cut-after-approval';
        return { kind: 'unknown', why: 'the link was cut' };
      case 'foreign':
        return { kind: 'qr-shown', ok: true };
      case 'wait-for-cancel':
      case 'approve-despite-cancel':
        return await this.waitForCancel(script, approve, hooks);
      case 'contradiction':
        return { kind: 'outcome', readFailure: true, outcome: approve() };
      case 'denial':
      case 'closed':
        return { kind: 'not-sent' };
    }
  }

  private async waitForCancel(script: SaleScript, approve: () => Outcome, hooks: ConversationHooks): Promise<TerminalAnswer> {
    while (!this.stopAsked) {
      await this.terminal.clock.sleep(heartbeatMs);
      hooks.onHeartbeat();
    }
    return outcome(script === 'wait-for-cancel' ? { kind: 'cancelled', reason: 'customer_cancelled', facts: noBankFacts } : approve());
  }
}
