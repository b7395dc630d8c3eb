import { unreachable } from '@kkm/core';
import type { FakeBank } from '../kit/fake-bank';
import type { AttendantAction } from '../kit/virtual-terminal';
import { terminalTimeOf } from './clock';
import type { Message } from './fields';
import { fieldNumbers as f, textOf } from './fields';
import { userCommands } from './requests';
import type { AnswerHead } from './terminal-messages';
import { lastReceiptMessage, linkMessage, reportMessage, settlementMessage } from './terminal-messages';
import type { TerminalIdentity, TerminalOperation } from './terminal-texts';
import { reportText, settlementText, shortReportText } from './terminal-texts';

/** What a terminal's memory stands on. */
export interface BooksOptions {
  readonly identity: TerminalIdentity;
  readonly bank: FakeBank;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Its clock's lead over UTC; Moscow: 180. */
  readonly utcOffsetMinutes: number;
}

/** What a virtual terminal remembers, through power cuts, and what it tells of it: link test, settlement, last receipt, report. */
export class TerminalBooks {
  private last: TerminalOperation | null = null;
  private sinceMs: number;

  constructor(private readonly options: BooksOptions) {
    this.sinceMs = options.now();
  }

  /** The terminal's clock, `YYYYMMDDhhmmss`. */
  time(): string {
    return this.timeOf(this.options.now());
  }

  /** Keeps an operation that moved money for the last receipt. */
  remember(operation: TerminalOperation): void {
    this.last = operation;
  }

  /** Answers a request that moves no money; null for one that it does not know. `withFields`: the personality that names references. */
  answerTo(request: Message, withFields: boolean): Message | null {
    const head: AnswerHead = { request, identity: this.options.identity, time: this.time() };
    const asked = commandOf(request);
    switch (asked) {
      case 'link-test':
        return linkMessage(head);
      case 'settle':
        return this.settle(head);
      case 'last-receipt':
        return lastReceiptMessage(this.last, head, withFields);
      case 'report':
        return reportMessage(reportText(this.operations(), head.identity, { since: this.timeOf(this.sinceMs), withReferences: withFields }), head);
      case 'short-report':
        return reportMessage(shortReportText(this.operations(), head.identity, head.time), head);
      case null:
        return null;
      default:
        return unreachable(asked);
    }
  }

  /** Staff uses the terminal itself; the register hears nothing of it. */
  byHand(action: AttendantAction): void {
    const { bank, identity } = this.options;
    if (action.kind === 'settle') this.closeDay();
    else this.remember({ transaction: bank.foreignSale(identity.terminalId, action.amountMinor), time: this.time() });
  }

  private settle(head: AnswerHead): Message {
    const reply = settlementMessage(settlementText(this.operations(), head.identity, head.time), head);
    this.closeDay();
    return reply;
  }

  private closeDay(): void {
    this.options.bank.settle(this.options.identity.terminalId);
    this.sinceMs = this.options.now();
  }

  private operations(): readonly TerminalOperation[] {
    const { bank, identity } = this.options;
    return bank.unsettled(identity.terminalId).map((transaction) => ({ transaction, time: this.timeOf(Date.parse(transaction.at)) }));
  }

  private timeOf(ms: number): string {
    return terminalTimeOf(ms, this.options.utcOffsetMinutes);
  }
}

function commandOf(request: Message): 'link-test' | 'settle' | 'last-receipt' | 'report' | 'short-report' | null {
  const operation = textOf(request, f.operation);
  if (operation === '26') return 'link-test';
  if (operation === '59') return 'settle';
  if (operation !== '63') return null;
  const sub = textOf(request, f.subOperation);
  if (sub === userCommands.receiptCopy) return textOf(request, f.mode) === '1' ? 'last-receipt' : null;
  if (sub === userCommands.shortReport) return 'short-report';
  return sub === userCommands.fullReport ? 'report' : null;
}
