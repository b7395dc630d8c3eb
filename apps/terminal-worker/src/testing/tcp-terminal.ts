import { createInpasTerminal, defaultBehaviour, FakeBank } from '@kkm/drivers/terminals';
import type { Behaviour, BankTransaction, CustomerAction, TerminalEffect, TerminalInput, VirtualTerminal } from '@kkm/drivers/terminals';
import type { Transport } from '@kkm/core';
import { connectTcp, listenTcp } from '@kkm/transports';

/** A virtual PAX Q25 behind a real TCP port, for tests: one connection at a time, the guest approves at once unless told otherwise. */
export class TcpTerminal {
  /** Every chunk of bytes that arrived, as hex. */
  readonly received: string[] = [];
  connections = 0;
  private readonly machine: VirtualTerminal;
  private readonly bank = new FakeBank(() => Date.now());
  private readonly timers = new Map<string, NodeJS.Timeout>();
  private transport: Transport | null = null;
  private open = true;
  private readonly serving: Promise<void>;

  constructor(readonly port: number) {
    const identity = { terminalId: 'pax-1', bankTerminalId: '00266286', merchantId: '111111111', serialNumber: '1234567890' };
    this.machine = createInpasTerminal({ identity, bank: this.bank, now: () => Date.now(), cardWaitMs: 60_000, waitEveryMs: 300, utcOffsetMinutes: 180 });
    this.behave({ delayMs: 0 });
    this.serving = this.serve();
  }

  behave(change: Partial<Behaviour>): void {
    this.feed({ kind: 'behaviour', behaviour: { ...defaultBehaviour, delayMs: 0, ...change } });
  }

  customer(action: CustomerAction): void {
    this.feed({ kind: 'customer', action, card: 'ok' });
  }

  /** What moved money. */
  get transactions(): readonly BankTransaction[] {
    return this.bank.transactions();
  }

  /** What its screen shows. */
  get state(): string {
    return this.machine.screen.state;
  }

  async close(): Promise<void> {
    this.open = false;
    this.transport?.close();
    for (const timer of this.timers.values()) clearTimeout(timer);
    // The last listener waits for a connection; this one sets it free.
    await connectTcp({ host: '127.0.0.1', port: this.port, timeoutMs: 1_000 }).then(
      (transport) => transport.close(),
      () => undefined,
    );
    await this.serving;
  }

  private async serve(): Promise<void> {
    while (this.open) {
      const transport = await listenTcp({ host: '127.0.0.1', port: this.port, timeoutMs: 600_000 });
      if (this.open) await this.converse(transport);
      else transport.close();
    }
  }

  private async converse(transport: Transport): Promise<void> {
    this.transport = transport;
    this.connections += 1;
    this.feed({ kind: 'connected' });
    transport.onData((bytes) => {
      this.received.push(Buffer.from(bytes).toString('hex'));
      this.feed({ kind: 'bytes', bytes });
    });
    await new Promise<void>((resolve) => transport.onClose(() => resolve()));
    this.transport = null;
    this.feed({ kind: 'disconnected' });
  }

  private feed(input: TerminalInput): void {
    for (const effect of this.machine.handle(input)) this.perform(effect);
  }

  private perform(effect: TerminalEffect): void {
    switch (effect.kind) {
      case 'send':
        this.transport?.write(effect.bytes);
        return;
      case 'drop':
        this.transport?.close();
        return;
      case 'set-timer':
        clearTimeout(this.timers.get(effect.name));
        this.timers.set(
          effect.name,
          setTimeout(() => this.feed({ kind: 'timer', name: effect.name }), effect.ms),
        );
        return;
      case 'clear-timer':
        clearTimeout(this.timers.get(effect.name));
        this.timers.delete(effect.name);
    }
  }
}
