/*
 * The terminal's side of an "SA" dialogue, with a guest before it and a fake bank behind it. It is no kinder than a real terminal (design-money, clause 28):
 * one connection, no answer to a link test during an operation, a sale that goes on when the link drops, a last receipt and a report that are slip text.
 */
import { encodeWindows1251 } from '@kkm/wire';
import { drawTroubles, seededRandom } from '../kit/characters';
import type { FakeBank } from '../kit/fake-bank';
import type { FakeSbpBank } from '../kit/fake-sbp-bank';
import type { Fault } from '../kit/faults';
import type { Behaviour, CustomerAction, Screen, TerminalEffect, TerminalInput, VirtualTerminal } from '../kit/virtual-terminal';
import { defaultBehaviour } from '../kit/virtual-terminal';
import type { Message } from './fields';
import { decodeFields, encodeFields, fieldNumbers as f, textOf } from './fields';
import { control, encodeMessage } from './frames';
import type { Token } from './scanner';
import { Scanner } from './scanner';
import type { BooksOptions } from './terminal-books';
import { TerminalBooks } from './terminal-books';
import { QrGuest } from './terminal-guest';
import { TerminalLine } from './terminal-line';
import { TerminalOrder } from './terminal-order';
import { screens } from './terminal-screen';
import type { TerminalIdentity, TerminalOperation } from './terminal-texts';
import type { WorkHost } from './terminal-work';
import { TerminalWork } from './terminal-work';

/** What a virtual "SA" terminal is made of. */
export interface InpasTerminalOptions extends BooksOptions {
  /** The bank whose QRs guests can pay when it shows them; without one a scan pays nobody. */
  readonly sbpBank?: FakeSbpBank;
  /** How long it waits for a card, milliseconds. */
  readonly cardWaitMs: number;
  /** How often it says "wait" while it works, milliseconds. */
  readonly waitEveryMs: number;
}

const bootMs = 1_500;
const resultScreenMs = 3_000;
/** Text lines and control bytes as the start-up burst of a public dump has them. */
const burst = [encodeWindows1251('UNIPOS SmartSale\r\nSTART\r\n'), control.etx, control.eot, control.eot] as const;
/** Field 25 of a sale by SBP. No public source names the real one: this is an invention of the virtual terminal, to be written into a profile that is tried on it. */
export const virtualSbpOperation = '35';
const kinds: ReadonlyMap<string, TerminalOrder['kind']> = new Map([
  ['1', 'sale'],
  [virtualSbpOperation, 'sbp'],
  ['4', 'void'],
  ['29', 'refund'],
  ['53', 'reversal'],
  ['41', 'qr'],
]);

/** Makes a virtual terminal that speaks "SA". */
export function createInpasTerminal(options: InpasTerminalOptions): VirtualTerminal {
  return new InpasTerminal(options);
}

class InpasTerminal implements VirtualTerminal, WorkHost {
  screen: Screen = screens.idle;
  behaviour: Behaviour = defaultBehaviour;
  readonly identity: TerminalIdentity;
  readonly bank: FakeBank;
  readonly cardWaitMs: number;
  readonly waitEveryMs: number;
  readonly line = new TerminalLine((effect) => this.emit(effect));
  readonly guest: QrGuest;
  private readonly scanner = new Scanner();
  private effects: TerminalEffect[] = [];
  private connected = false;
  plugged = true;
  /** Power or cable is away, for a time. */
  private away = false;
  private greets = false;
  private nakGiven = false;
  private work: TerminalWork | null = null;
  private readonly books: TerminalBooks;
  private readFailuresLeft = 0;
  private random = seededRandom(defaultBehaviour.seed);

  constructor(options: InpasTerminalOptions) {
    ({ identity: this.identity, bank: this.bank, cardWaitMs: this.cardWaitMs, waitEveryMs: this.waitEveryMs } = options);
    this.books = new TerminalBooks(options);
    this.guest = new QrGuest(this.identity.terminalId, options.sbpBank ?? null, (effect) => this.emit(effect));
  }

  get acceptsConnection(): boolean {
    return !this.connected && !this.away && this.plugged;
  }

  get isFree(): boolean {
    return this.work === null && this.screen.state !== 'off';
  }

  get awaitsAcknowledgement(): boolean {
    return this.line.busy && this.work?.isDelivering !== false;
  }

  get awaitsResultAcknowledgement(): boolean {
    return this.line.busy && this.work?.isDelivering === true;
  }

  refusalOf(action: CustomerAction): string | null {
    return this.work ? this.work.refusalOf(action) : 'The terminal is idle; it asks for nothing now.';
  }

  handle(input: TerminalInput): readonly TerminalEffect[] {
    switch (input.kind) {
      case 'connected':
        this.connect();
        break;
      case 'disconnected':
        this.disconnect();
        break;
      case 'bytes':
        for (const token of this.connected ? this.scanner.push(input.bytes) : []) this.token(token);
        break;
      case 'timer':
        this.timer(input.name);
        break;
      case 'customer':
        this.work?.customer(input.action, input.card);
        break;
      case 'attendant':
        if (this.isFree) this.books.byHand(input.action);
        break;
      case 'cable':
        this.plugged = input.plugged;
        if (!this.plugged) this.drop();
        break;
      case 'restart':
        this.reboot();
        break;
      case 'behaviour':
        this.behaviour = input.behaviour;
        this.random = seededRandom(input.behaviour.seed);
        this.readFailuresLeft = input.behaviour.faults.find((fault) => fault.name === 'read_failures')?.value ?? 0;
        break;
    }
    const { effects } = this;
    this.effects = [];
    return effects;
  }

  // What an operation needs.

  time(): string {
    return this.books.time();
  }

  isConnected(): boolean {
    return this.connected;
  }

  emit(effect: TerminalEffect): void {
    this.effects.push(effect);
  }

  show(screen: Screen): void {
    this.screen = screen;
    this.emit(
      screen.state === 'approved' || screen.state === 'refused'
        ? { kind: 'set-timer', name: 'screen', ms: resultScreenMs }
        : { kind: 'clear-timer', name: 'screen' },
    );
  }

  remember(operation: TerminalOperation): void {
    this.books.remember(operation);
  }

  drop(): void {
    if (!this.connected) return;
    this.emit({ kind: 'drop' });
    this.disconnect();
  }

  unplug(ms: number): void {
    this.away = true;
    this.drop();
    this.emit({ kind: 'set-timer', name: 'replug', ms });
  }

  reboot(): void {
    this.work?.stopTimers();
    this.work = null;
    this.greets = true;
    this.unplug(bootMs);
    this.show(screens.off);
  }

  takeReadFailure(): boolean {
    if (this.readFailuresLeft === 0) return false;
    if (!this.behaviour.sticky) this.readFailuresLeft -= 1;
    return true;
  }

  finished(): void {
    this.work = null;
    this.line.paceMs = null;
  }

  // The wire.

  private connect(): void {
    this.connected = true;
    this.scanner.reset();
    if (this.greets) this.line.write(...burst);
    this.greets = false;
  }

  private disconnect(): void {
    this.connected = false;
    this.line.cut();
    this.work?.linkCut();
  }

  private token(token: Token): void {
    if (!this.connected) return;
    switch (token.kind) {
      case 'ack':
        return this.line.acknowledged();
      case 'nak':
        return this.line.refused();
      case 'eot':
        return this.work?.abort();
      case 'damaged':
        return this.line.write(control.nak);
      case 'frame':
        return this.request(token.data);
      case 'packet':
      case 'noise':
        return;
    }
  }

  private request(data: Uint8Array): void {
    const request = decodeFields(data);
    const operation = request && textOf(request, f.operation);
    if (!request || !operation) return this.line.write(control.nak);
    const kind = kinds.get(operation);
    if (kind) return this.workRequest(request, kind);
    // While it works for a guest, or a result waits for its acknowledgement, it has no ear for anything else.
    if (this.work || this.line.busy) return;
    const reply = this.books.answerTo(request, this.behaviour.personality === 'fields');
    if (!reply) return this.line.write(control.eot);
    this.line.write(control.ack);
    this.line.deliver(encodeMessage(encodeFields(reply)), (delivered) => {
      if (delivered) this.line.write(control.eot);
    });
  }

  private workRequest(request: Message, kind: TerminalOrder['kind']): void {
    if (this.work || this.line.busy) return this.line.write(control.eot);
    if (this.fires('nak_once') && !this.nakGiven) {
      this.nakGiven = true;
      return this.line.write(control.nak);
    }
    const faults = [...this.takeFaults(), ...this.troubles(kind)];
    if (faults.some((fault) => fault.name === 'silent')) return;
    this.work = new TerminalWork(this, new TerminalOrder(kind, request, this.behaviour, faults));
    this.work.start();
  }

  private troubles(kind: TerminalOrder['kind']): readonly Fault[] {
    const { character } = this.behaviour;
    const operation = kind === 'qr' ? 'qr' : kind === 'sale' || kind === 'sbp' ? 'sale' : 'return';
    const troubles = character === null ? [] : drawTroubles(character, operation, this.random);
    if (troubles.some(({ name }) => name === 'read_failures')) this.readFailuresLeft = 1;
    return troubles;
  }

  private fires(name: Fault['name']): boolean {
    return this.behaviour.faults.some((fault) => fault.name === name);
  }

  /** The faults of the next operation; gone afterwards unless they stick. */
  private takeFaults(): readonly Fault[] {
    const { faults, sticky } = this.behaviour;
    this.nakGiven = false;
    if (!sticky) this.behaviour = { ...this.behaviour, faults: [] };
    return faults;
  }

  private timer(name: string): void {
    if (this.line.timer(name)) return;
    switch (name) {
      case 'screen':
        return this.show(screens.idle);
      case 'replug':
        this.away = false;
        if (this.screen.state === 'off') this.show(screens.idle);
        return;
    }
    if (!this.guest.timer(name)) this.work?.timer(name);
  }
}
