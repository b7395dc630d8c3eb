import readQr from 'jsqr';
import { PNG } from 'pngjs';
import { sendJson } from './http-answer';

/** How a virtual terminal answers from now on (design chapter 8). */
export interface Behaviour {
  readonly auto?: 'approve' | 'decline' | 'none';
  readonly delayMs?: number;
  /** Fault names of the design with their argument: `read_failures(2)`, `silent`. */
  readonly faults?: readonly string[];
  readonly sticky?: boolean;
  readonly personality?: 'plain' | 'fields';
  /** Troubles that come by themselves, drawn from the seed. */
  readonly character?: 'good_lan' | 'flaky_usb' | 'slow_bank' | 'freezes' | 'loses_answers' | 'bad_reader';
  readonly seed?: number;
}

/** What the guest does. */
export interface GuestAction {
  readonly action: 'tap' | 'insert' | 'scan' | 'cancel' | 'walk_away';
  readonly card?: string;
}

/** What a terminal's screen shows. */
export interface ShownScreen {
  readonly state: string;
  readonly amountMinor: number | null;
  /** The text of the QR that is shown. */
  readonly qr: string | null;
}

/** One movement in the virtual bank's books. */
export interface BankTransaction {
  readonly rrn: string;
  /** Null: a QR that was not scanned from a terminal. */
  readonly terminalId: string | null;
  readonly kind: 'sale' | 'void' | 'refund' | 'reversal';
  readonly amount: number;
  readonly reversed: boolean;
  readonly foreign: boolean;
}

/** The guests, and the bank behind the terminals: what really happened, whatever KKM believes. */
export class VirtualTerminals {
  constructor(private readonly url: string) {}

  /** Changes how a terminal answers; faults not fired yet are replaced. */
  async behave(terminalId: string, behaviour: Behaviour): Promise<void> {
    const answer = await sendJson('PUT', `${this.url}/terminals/${terminalId}/behaviour`, { body: { auto: 'approve', delayMs: 0, faults: [], ...behaviour } });
    if (answer.status >= 300) throw new Error(`behaviour: ${answer.status} ${JSON.stringify(answer.body)}`);
  }

  /** Lets the guest act once the terminal's screen asks him to. */
  async guest(terminalId: string, action: GuestAction): Promise<void> {
    const answer = await sendJson('POST', `${this.url}/terminals/${terminalId}/customer`, { body: action });
    if (answer.status >= 300) throw new Error(`customer: ${answer.status} ${JSON.stringify(answer.body)}`);
  }

  /** What the guest reads on the terminal. */
  async screen(terminalId: string): Promise<ShownScreen> {
    return (await sendJson<{ screen: ShownScreen }>('GET', `${this.url}/terminals/${terminalId}`)).body.screen;
  }

  /** A guest's payment of a code that the terminal does not show any more arrives at the bank: it was on its way. */
  async payLate(payload: string): Promise<void> {
    const qrId = /AD\w+/.exec(payload)?.[0] ?? '';
    const answer = await sendJson('POST', `${this.url}/bank/sbp/qrs/${qrId}/pay`, { body: { late: true } });
    if (answer.status >= 300) throw new Error(`pay: ${answer.status} ${JSON.stringify(answer.body)}`);
  }

  /** The text of the QR in the picture that the terminal shows, as any reader of QRs sees it; null when it sees none. */
  async scannedPicture(terminalId: string): Promise<string | null> {
    const answer = await fetch(`${this.url}/terminals/${terminalId}/qr.png`, { signal: AbortSignal.timeout(10_000) });
    if (!answer.ok) throw new Error(`qr.png: ${answer.status}`);
    const { data, width, height } = PNG.sync.read(Buffer.from(await answer.arrayBuffer()));
    return readQr(Uint8ClampedArray.from(data), width, height)?.data ?? null;
  }

  /** Staff settle the terminal by hand. */
  settle(terminalId: string): Promise<void> {
    return this.attend(terminalId, 'settle');
  }

  /** Staff do something to the terminal, past the register. */
  async attend(terminalId: string, action: 'settle' | 'pull_cable' | 'plug_in' | 'restart'): Promise<void> {
    const answer = await sendJson('POST', `${this.url}/terminals/${terminalId}/attendant`, { body: { action } });
    if (answer.status >= 300) throw new Error(`attendant: ${answer.status} ${JSON.stringify(answer.body)}`);
  }

  /** The terminals that a worker is connected to. */
  async linked(): Promise<readonly string[]> {
    const { body } = await sendJson<{ terminals: { id: string; connected: boolean }[] }>('GET', `${this.url}/terminals`);
    return body.terminals.filter(({ connected }) => connected).map(({ id }) => id);
  }

  /** The bank's own books. */
  async books(): Promise<readonly BankTransaction[]> {
    return (await sendJson<{ transactions: BankTransaction[] }>('GET', `${this.url}/bank/transactions`)).body.transactions;
  }
}
