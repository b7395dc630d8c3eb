/* One operation on a virtual terminal, from the register's frame to the last acknowledgement, with the faults it was told to show. */
import { unreachable } from '@kkm/core';
import type { Operation } from '@kkm/core';
import type { FakeBank } from '../kit/fake-bank';
import { qrPayload } from '../kit/qr-payload';
import type { CardKind, CustomerAction, Screen, TerminalEffect } from '../kit/virtual-terminal';
import type { Message } from './fields';
import { encodeFields, fieldNumbers as f, message, textOf } from './fields';
import { control, encodeFrame, encodeMessage } from './frames';
import type { QrGuest } from './terminal-guest';
import type { AnswerHead, Refusal } from './terminal-messages';
import { approvalMessage, displayMessage, refusalMessage } from './terminal-messages';
import type { TerminalLine } from './terminal-line';
import type { TerminalOrder } from './terminal-order';
import { screens } from './terminal-screen';
import type { TerminalIdentity, TerminalOperation } from './terminal-texts';

/** What an operation needs of its terminal. */
export interface WorkHost {
  readonly identity: TerminalIdentity;
  readonly bank: FakeBank;
  readonly line: TerminalLine;
  readonly guest: QrGuest;
  readonly cardWaitMs: number;
  readonly waitEveryMs: number;
  /** `YYYYMMDDhhmmss`. */
  time(): string;
  isConnected(): boolean;
  emit(effect: TerminalEffect): void;
  show(screen: Screen): void;
  /** Keeps an operation that moved money for the last receipt. */
  remember(operation: TerminalOperation): void;
  drop(): void;
  unplug(ms: number): void;
  reboot(): void;
  /** Whether this card presentation fails; counts down `read_failures(n)`. */
  takeReadFailure(): boolean;
  finished(): void;
}

const timers = ['guest', 'card-wait', 'bank', 'late', 'wait', 'display'] as const;
const waitFrame = encodeFrame(encodeFields(message([[f.operation, '21']])));
const interrupted: Refusal = { status: '53', hostCode: 'ER3', text: 'ОПЕРАЦИЯ ПРЕРВАНА^TERMINATED.JPG~' };
const timedOut: Refusal = { status: '53', hostCode: 'ER3', text: 'ВРЕМЯ ОЖИДАНИЯ ИСТЕКЛО' };
/** As clause 8 of design-money asks: no host code, no RRN, no authorisation code. */
const unread: Refusal = { status: '53', hostCode: null, text: 'ОШИБКА ЧТЕНИЯ КАРТЫ' };
const noHost: Refusal = { status: '34', hostCode: null, text: 'НЕТ СВЯЗИ С БАНКОМ' };

/** An operation in progress. */
export class TerminalWork {
  private phase: 'card' | 'qr' | 'bank' | 'late' | 'delivering' = 'bank';
  private result: Message | null = null;
  private card: CardKind = 'ok';

  constructor(
    private readonly host: WorkHost,
    private readonly order: TerminalOrder,
  ) {}

  /** Whether the result is on its way. */
  get isDelivering(): boolean {
    return this.phase === 'delivering';
  }

  /** Acknowledges the request, as far as the faults let it, and begins. */
  start(): void {
    const { host } = this;
    if (this.order.has('split_bytes')) host.line.paceMs = 1;
    if (this.order.has('drop_before_ack')) host.drop();
    else if (this.order.has('coalesce')) host.line.deliver([waitFrame], () => this.afterWait(), control.ack);
    else host.line.write(control.ack);
    if (this.order.has('drop_after_ack')) host.drop();
    const unplug = this.order.valueOf('unplug');
    if (unplug > 0) host.unplug(unplug);
    host.emit({ kind: 'set-timer', name: 'wait', ms: host.waitEveryMs });
    if (this.order.kind === 'sale' || this.order.kind === 'sbp') this.askForPayment();
    else if (this.order.kind === 'qr') this.showQr();
    else this.goToBank(this.order.kind, this.order.behaviour.delayMs);
  }

  /** Why the guest cannot do this now; null when it can. */
  refusalOf(action: CustomerAction): string | null {
    const qrShown = this.phase === 'qr' || (this.phase === 'card' && this.order.kind === 'sbp');
    if (qrShown) return action === 'tap' || action === 'insert' ? 'A QR code is shown; no card is asked for.' : null;
    if (this.phase !== 'card') return 'The terminal is busy; it asks for nothing now.';
    return action === 'scan' ? 'No QR code is shown; a card is asked for.' : null;
  }

  /** The guest does something that {@link TerminalWork.refusalOf} allows. */
  customer(action: CustomerAction, card: CardKind): void {
    this.stop('guest');
    if (this.phase === 'qr') return action === 'scan' ? this.scan() : action === 'cancel' ? this.endDisplay('1') : undefined;
    switch (action) {
      case 'tap':
      case 'insert':
        return this.present(card);
      case 'scan':
        return this.present('ok');
      case 'cancel':
        return this.refuse(interrupted);
      case 'walk_away':
        return this.refuse(timedOut);
      default:
        return unreachable(action);
    }
  }

  /** The register asks to stop: possible until the card was read. A QR goes off the screen at once. */
  abort(): void {
    if (this.phase === 'card') this.refuse(interrupted);
    else if (this.phase === 'qr') this.endDisplay('0');
  }

  /** A timer of this operation fired. */
  timer(name: string): void {
    switch (name) {
      case 'guest':
        if (this.phase === 'qr') return this.order.behaviour.auto === 'decline' ? this.endDisplay('1') : this.scan();
        if (this.order.behaviour.auto === 'approve') return this.present('ok');
        return this.order.kind === 'sbp' ? this.refuse(interrupted) : this.present('insufficient_funds');
      case 'card-wait':
        return this.refuse(timedOut);
      case 'bank':
        return this.atBank();
      case 'late':
        return this.deliver();
      case 'display':
        return this.endDisplay('0');
      case 'wait':
        return this.sayWait();
    }
  }

  /** The register has gone. The operation goes on; a result that was being delivered is lost. */
  linkCut(): void {
    if (this.phase === 'delivering') this.end();
  }

  /** Forgets the operation (reboot). */
  stopTimers(): void {
    if (this.phase === 'qr') this.host.guest.gone(this.order.qr().text);
    this.stop(...timers);
  }

  /** For a card, or by the terminal's own QR. */
  private askForPayment(): void {
    const { host, order } = this;
    this.phase = 'card';
    host.show(order.kind === 'sbp' ? screens.sbp(order.amountMinor, ownPayload(order)) : screens.card(order.amountMinor));
    host.emit({ kind: 'set-timer', name: 'card-wait', ms: host.cardWaitMs });
    if (order.behaviour.auto !== 'none') host.emit({ kind: 'set-timer', name: 'guest', ms: order.behaviour.delayMs });
  }

  private present(card: CardKind): void {
    const { host } = this;
    this.stop('guest', 'card-wait');
    if (card === 'unreadable' || host.takeReadFailure()) return this.refuse(unread);
    if (this.order.has('reboot')) return host.reboot();
    this.card = card;
    this.goToBank('sale', 0);
  }

  private goToBank(kind: Operation, delayMs: number): void {
    const { host } = this;
    this.phase = 'bank';
    host.show(screens.busy(this.order.amountMinor, kind));
    const ms = delayMs + this.order.valueOf('slow_bank');
    if (ms === 0) this.atBank();
    else host.emit({ kind: 'set-timer', name: 'bank', ms });
  }

  private atBank(): void {
    const { host, order } = this;
    if (order.kind !== 'sale' && order.kind !== 'sbp' && this.order.has('reboot')) return host.reboot();
    if (this.order.has('host_unreachable')) return this.refuse(noHost);
    const answer = order.askBank(host.bank, host.identity.terminalId, this.card);
    if (!answer.approved)
      return this.refuse(answer.hostCode === 'ER3' ? interrupted : { status: '16', hostCode: answer.hostCode, text: `${answer.text}^DECLINED.JPG~` });
    const operation = { transaction: answer.transaction, time: host.time(), ...(order.kind === 'sbp' && { sbp: true }) };
    host.remember(operation);
    if (this.order.has('foreign_sale'))
      host.remember({ transaction: host.bank.foreignSale(host.identity.terminalId, answer.transaction.amount + 1), time: host.time() });
    if (this.order.has('drop_after_approval')) host.drop();
    host.show(screens.approved(answer.transaction.amount));
    const status = this.order.has('unknown_status') ? '99' : '1';
    this.finish(approvalMessage(operation, this.head(), status));
  }

  private showQr(): void {
    const { host, order } = this;
    const { text, lines, seconds } = order.qr();
    if (order.has('unknown_status')) return this.finish(displayMessage(order.request, '99'));
    this.phase = 'qr';
    host.show(screens.qr(text, lines));
    host.guest.shown(text, order.valueOf('qr_paid_after_expiry'));
    host.emit({ kind: 'set-timer', name: 'display', ms: seconds * 1_000 });
    if (order.behaviour.auto !== 'none') host.emit({ kind: 'set-timer', name: 'guest', ms: order.behaviour.delayMs });
  }

  /** The guest pays in the bank's app. The terminal does not learn of it, and shows the code to the end of its time. */
  private scan(): void {
    const { host, order } = this;
    this.stop('guest');
    host.guest.scan(order.qr().text);
    if (order.has('reboot')) host.reboot();
  }

  /** @param result field 67: 0, or 1 when the guest pressed the red key. */
  private endDisplay(result: '0' | '1'): void {
    this.stop('guest', 'display');
    this.host.guest.gone(this.order.qr().text);
    this.host.show(screens.idle);
    this.finish(displayMessage(this.order.request, result));
  }

  private head(): AnswerHead {
    const { host, order } = this;
    return { request: order.request, identity: host.identity, time: host.time() };
  }

  private refuse(refusal: Refusal): void {
    const { host } = this;
    this.stop('guest', 'card-wait');
    host.show(screens.refused(refusal.text.replace(/\^.*$/, '')));
    this.finish(refusalMessage(refusal, this.head()));
  }

  private finish(result: Message): void {
    this.result = result;
    const lateMs = this.order.valueOf('late_result');
    this.phase = lateMs > 0 ? 'late' : 'delivering';
    this.stop('wait');
    if (lateMs > 0) this.host.emit({ kind: 'set-timer', name: 'late', ms: lateMs });
    else this.deliver();
  }

  /** Sends the result, as soon as the wait frame before it is acknowledged. */
  private deliver(): void {
    const { host } = this;
    this.phase = 'delivering';
    if (!this.result || !host.isConnected()) return this.end();
    if (host.line.busy) return;
    const frames = encodeMessage(encodeFields(this.result));
    if (this.order.has('drop_mid_result')) {
      const [first] = frames;
      if (first) host.line.write(first.subarray(0, Math.floor(first.length / 2)));
      return host.drop();
    }
    if (this.order.has('bad_crc_once')) host.line.damageNextFrame();
    host.line.deliver(frames, (delivered) => this.delivered(frames, delivered));
  }

  private delivered(frames: readonly Uint8Array[], delivered: boolean): void {
    const { host } = this;
    if (delivered && this.order.has('duplicate_result')) return host.line.deliver(frames, () => this.close());
    if (delivered) this.close();
    else this.end();
  }

  private close(): void {
    if (this.host.isConnected()) this.host.line.write(control.eot);
    this.end();
  }

  private sayWait(): void {
    const { host } = this;
    host.emit({ kind: 'set-timer', name: 'wait', ms: host.waitEveryMs });
    if (host.isConnected() && !host.line.busy) host.line.deliver([waitFrame], () => this.afterWait());
  }

  private afterWait(): void {
    if (this.phase === 'delivering' && this.host.isConnected()) this.deliver();
  }

  private end(): void {
    this.stop(...timers);
    this.host.finished();
  }

  private stop(...names: readonly string[]): void {
    for (const name of names) this.host.emit({ kind: 'clear-timer', name });
  }
}

/** What the terminal's own QR says: of the captured form, and known to no bank but its own. */
function ownPayload({ amountMinor, request }: TerminalOrder): string {
  return qrPayload(`AS10${(textOf(request, f.reference) ?? '').padStart(28, '0')}`, amountMinor);
}
