import { createInpasTerminal, FakeBank, FakeRegister, FakeSbpBank } from '@kkm/drivers/terminals';
import { CableLine } from './lines/cable-line';
import type { Line, Place } from './lines/line';
import { TcpLine } from './lines/tcp-line';
import { PlayedTerminal } from './played-terminal';
import { SbpDesk } from './sbp/sbp-desk';
import type { SbpMerchant } from './sbp/sbp-desk';
import type { ListedTerminal } from './terminal-list';

/** Moscow's clock is three hours ahead of UTC. */
const utcOffsetMinutes = 180;

/** What the terminals on the counter have in common. */
export interface CounterOptions {
  readonly terminals: readonly ListedTerminal[];
  readonly host: string;
  readonly cardWaitMs: number;
  readonly waitEveryMs: number;
  /** Told when a cable cannot be put in again. */
  readonly onCableFailure?: (error: unknown) => void;
  /** Merchants of the SBP bank. */
  readonly merchants?: readonly SbpMerchant[];
}

/** All terminals of this process and the one bank behind them, which is an SBP bank as well. */
export class Counter {
  readonly bank: FakeBank;
  readonly sbpBank: FakeSbpBank;
  /** The SBP bank as merchants reach it. */
  readonly desk: SbpDesk;
  /** A fiscal register that stands beside the terminals. */
  readonly register: FakeRegister;
  private readonly terminals: ReadonlyMap<string, PlayedTerminal>;

  constructor(
    private readonly options: CounterOptions,
    now: () => number,
  ) {
    this.bank = new FakeBank(now);
    this.sbpBank = new FakeSbpBank(this.bank, now);
    this.desk = new SbpDesk(this.sbpBank, options.merchants ?? [], now);
    this.register = new FakeRegister(now, (ms) => new Promise((resolve) => setTimeout(resolve, ms)));
    this.terminals = new Map(options.terminals.map(({ id, place }, at) => [id, new PlayedTerminal(id, this.make(id, at + 1, now), this.line(place))]));
  }

  /** Opens every port. Throws when one is taken. */
  async listen(): Promise<void> {
    await Promise.all(this.all().map((terminal) => terminal.open()));
  }

  /** The terminal of that id. */
  find(id: string): PlayedTerminal | null {
    return this.terminals.get(id) ?? null;
  }

  /** All terminals, in the order they were listed. */
  all(): readonly PlayedTerminal[] {
    return [...this.terminals.values()];
  }

  /** Closes every port and connection. */
  async close(): Promise<void> {
    this.desk.close();
    await Promise.all(this.all().map((terminal) => terminal.close()));
  }

  private line(place: Place): Line {
    const { host, onCableFailure = () => undefined } = this.options;
    return place.kind === 'tcp' ? new TcpLine({ host, port: place.port }) : new CableLine(place.path, onCableFailure);
  }

  private make(terminalId: string, number: number, now: () => number) {
    const { cardWaitMs, waitEveryMs } = this.options;
    const identity = {
      terminalId,
      bankTerminalId: String(20_250_000 + number),
      merchantId: '111111111',
      serialNumber: `Q25${String(number).padStart(8, '0')}`,
    };
    return createInpasTerminal({ identity, bank: this.bank, sbpBank: this.sbpBank, now, cardWaitMs, waitEveryMs, utcOffsetMinutes });
  }
}
