import type { BankTransaction } from '../count/facts';

/** A virtual terminal as its control API shows it. */
export interface TerminalView {
  readonly id: string;
  /** False while it is unplugged or starts. */
  readonly reachable: boolean;
  readonly screen: { readonly state: 'idle' | 'card' | 'busy' | 'approved' | 'refused' | 'qr' | 'off' };
  readonly behaviour: { readonly faults: readonly string[] };
}

/** What a terminal does next (design chapter 8). */
export interface Behaviour {
  readonly auto: 'approve' | 'decline' | 'none';
  readonly delayMs: number;
  readonly faults: readonly string[];
  readonly personality: 'plain' | 'fields';
}

/** The counter with its virtual terminals and the bank behind them. It is never struck: it stands for the world outside of KKM. */
export class Counter {
  constructor(private readonly url: string) {}

  /** All terminals. */
  async views(): Promise<readonly TerminalView[]> {
    return (await this.call<{ terminals: readonly TerminalView[] }>('GET', '/terminals')).terminals;
  }

  /** One terminal. */
  view(terminalId: string): Promise<TerminalView> {
    return this.call('GET', `/terminals/${terminalId}`);
  }

  /** Tells a terminal what to do next; faults that have not fired are replaced. */
  async behave(terminalId: string, behaviour: Behaviour): Promise<void> {
    await this.call('PUT', `/terminals/${terminalId}/behaviour`, behaviour);
  }

  /** The bank's own books. */
  async transactions(): Promise<readonly BankTransaction[]> {
    return (await this.call<{ transactions: readonly BankTransaction[] }>('GET', '/bank/transactions')).transactions;
  }

  private async call<T>(method: string, path: string, body?: unknown): Promise<T> {
    const answer = await fetch(`${this.url}${path}`, {
      method,
      ...(body === undefined ? {} : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(30_000),
    });
    if (!answer.ok) throw new Error(`The virtual terminal answered ${answer.status} to ${method} ${path}: ${await answer.text()}`);
    return (await answer.json()) as T;
  }
}
