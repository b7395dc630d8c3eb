import { newTerminal, Unavailable, unreachable, type KeptRequest, type RequestAnswer, type RequestToDo } from '@kkm/core';
import { elapsedMs, now } from './moments';
import type { Ids, RequestDesk, TerminalLinks, WorkerLedger } from './ports';
import { reachTerminal, type Reached, type ReachPorts } from './reach-terminal';
import { failed, settleTerminal } from './settle-terminal';
import { backoff } from './stop-sign';
import { answeredTest, failedTest, otherWorker, testDraft } from './test-draft';
import type { TerminalLine } from './terminal-line';
import type { TerminalLines } from './terminal-lines';

/** What {@link AnswerRequests} needs of the worker around it. */
export interface RequestPorts extends ReachPorts {
  readonly ids: Ids;
  readonly siteId: string;
  readonly desk: RequestDesk;
  readonly links: TerminalLinks;
  readonly ledger: Pick<WorkerLedger, 'baseline' | 'endBaseline'>;
  readonly lines: TerminalLines;
}

/** Requests that wait for their turn, of all terminals. What comes beyond is not taken, and its asker hears so when it expires. */
const waitingMax = 100;

/** How often the gateway is asked for a request before its turn at the terminal is given up. */
const takeTriesMax = 2;

/** For so long another worker is waited for that has the terminal, or may still be connected to it. */
const busyMs = 10_000;

/** For so long the gateway is told again and again how a request ended. It gives the request up by itself a little later. */
const tellWithinMs = 600_000;

const noAnswer = 'The terminal does not answer.';

/** One request on its way through this worker. The nonce ties what the gateway gives to this handling alone. */
interface Handling {
  /** Null for a terminal that is not saved: nobody drives it, so nobody's turn is waited for. */
  readonly line: TerminalLine | null;
  readonly requestId: string;
  readonly nonce: string;
}

/**
 * Does what terminals are asked outside of payments: link test, report, settlement. Each takes its turn between payments, never in the middle of one, and what the
 * gateway gave to one handling is done by that and by no other (ADR 0015).
 */
export class AnswerRequests {
  private readonly waiting = new Map<string, Promise<void>>();

  constructor(private readonly ports: RequestPorts) {}

  /** Takes a hint, and returns before the work: hints that concern payments must not wait behind it. */
  take({ terminalId, requestId }: { readonly terminalId: string; readonly requestId: string }): void {
    const line = this.ports.lines.find(terminalId);
    if (line) this.begin(line, requestId);
  }

  /** Takes a link test of a terminal that is not saved, unless another worker of the site is quicker. */
  takeNew(requestId: string): void {
    this.begin(null, requestId);
  }

  private begin(line: TerminalLine | null, requestId: string): void {
    const { stop, ids, watch } = this.ports;
    if (stop.raised || this.waiting.has(requestId) || this.waiting.size >= waitingMax) return;
    const work = this.handle({ line, requestId, nonce: ids.draw('nonce') })
      .catch((error: unknown) => watch.note('background work failed', { work: 'request', terminalId: nameOf(line), requestId, error }))
      .finally(() => this.waiting.delete(requestId));
    this.waiting.set(requestId, work);
  }

  /** Resolves when what was taken has ended. */
  async ended(): Promise<void> {
    await Promise.all([...this.waiting.values()]);
  }

  private async handle(handling: Handling): Promise<void> {
    const answer = await (handling.line?.exclusive(() => this.inTurn(handling)) ?? this.inTurn(handling));
    // Payments go on meanwhile.
    if (answer) await this.tell(handling, answer);
  }

  /** The terminal is this handling's alone. Null: the request is not, and there is nothing to tell. */
  private async inTurn(handling: Handling): Promise<RequestAnswer | null> {
    if (this.ports.stop.raised) return null;
    try {
      const taken = await this.ask(handling);
      return taken.kind === 'gone' ? null : await this.work(handling, taken.request);
    } catch (error) {
      if (error instanceof Unavailable) return failed('terminal_fault', `Not begun: ${error.code}.`);
      throw error;
    }
  }

  private async ask({ line, requestId, nonce }: Handling): ReturnType<RequestDesk['take']> {
    const request = { requestId, siteId: this.ports.siteId, terminalId: nameOf(line), nonce, drafts: true };
    for (let tries = 1; ; tries += 1) {
      try {
        return await this.ports.desk.take(request);
      } catch (error) {
        if (!(error instanceof Unavailable) || tries >= takeTriesMax) throw error;
      }
    }
  }

  private async work(handling: Handling, { kind, detailed, draft }: RequestToDo): Promise<RequestAnswer> {
    const { line } = handling;
    if (draft) return await testDraft(draft, { line, terminalId: nameOf(line) }, this.ports);
    if (!line) return failedTest('settings_refused', 'The terminal has no settings.');
    const reached = await this.reach(line);
    if (reached.kind !== 'ready') return notReached(reached, kind);
    switch (kind) {
      case 'link-test':
        return await this.testLink(line);
      case 'report':
        return await printReport(line, detailed);
      case 'settle':
        return await settleTerminal(line, { ...this.ports, keep: (answer) => this.keep(handling, answer) });
      default:
        return unreachable(kind);
    }
  }

  /** Another worker that has lost the terminal is given the time to leave it. */
  private async reach(line: TerminalLine): Promise<Reached> {
    const { clock, stop } = this.ports;
    const since = now(clock);
    for (;;) {
      const reached = await reachTerminal(line, this.ports);
      if (reached.kind !== 'busy' || stop.raised || elapsedMs(clock, since) >= busyMs) return reached;
      await stop.pause(clock, reached.retryAfterMs);
    }
  }

  private async testLink(line: TerminalLine): Promise<RequestAnswer> {
    const askedAt = now(this.ports.clock);
    const answer = await line.test();
    if (!answer) return failedTest('terminal_silent', 'The terminal does not answer.');
    return answeredTest(answer, Math.round(elapsedMs(this.ports.clock, askedAt)), line.serialNumber);
  }

  private async keep(handling: Handling, answer: RequestAnswer): Promise<void> {
    if (!(await this.tellOnce(handling, answer))) throw new Unavailable('gateway.unavailable');
  }

  private async tell(handling: Handling, answer: RequestAnswer): Promise<void> {
    const { clock, times, stop } = this.ports;
    const since = now(clock);
    for (let tries = 1; !(await this.tellOnce(handling, answer)); tries += 1) {
      if (stop.raised || elapsedMs(clock, since) >= tellWithinMs) return;
      await stop.pause(clock, backoff(tries, times.backoffMs, times.backoffMaxMs));
    }
  }

  /** False: the gateway did not answer. */
  private async tellOnce({ line, requestId, nonce }: Handling, answer: RequestAnswer): Promise<boolean> {
    const { desk, watch, siteId } = this.ports;
    const terminalId = nameOf(line);
    try {
      await desk.answered({ requestId, siteId, terminalId, nonce, answer });
      watch.note('request answered', { terminalId, requestId, state: answer.state });
      return true;
    } catch (error) {
      if (!(error instanceof Unavailable)) throw error;
      watch.note('request not told yet', { terminalId, requestId, state: answer.state });
      return false;
    }
  }
}

function nameOf(line: TerminalLine | null): string {
  return line?.terminalId ?? newTerminal;
}

function notReached(reached: Exclude<Reached, { readonly kind: 'ready' }>, kind: KeptRequest['kind']): RequestAnswer {
  const isTest = kind === 'link-test';
  if (reached.kind === 'busy') return isTest ? failedTest('terminal_busy', otherWorker) : failed('terminal_busy', otherWorker);
  const isRefused = reached.reason === 'terminal_fault';
  return isTest ? failedTest(isRefused ? 'settings_refused' : 'terminal_unreachable', noAnswer) : failed(reached.reason, noAnswer);
}

async function printReport(line: TerminalLine, detailed: boolean): Promise<RequestAnswer> {
  const report = await line.ask({ kind: 'report', short: !detailed });
  if (report.kind !== 'report') return failed('terminal_unreachable', 'The terminal gave no report.');
  return report.text === '' ? failed('not_supported', 'The terminal gave an empty report.') : { state: 'done', reason: null, text: report.text, link: null };
}
