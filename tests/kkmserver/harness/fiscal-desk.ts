import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';

/** A command as it came to the register. */
type Command = Readonly<Record<string, unknown>>;

/**
 * What the register does with the next checks. `hold`: it keeps them waiting and answers nothing. `lose`: it prints them, and the answer is lost. `refuse`: it prints none, for that reason.
 */
export type RegisterMood = { readonly kind: 'print' | 'hold' | 'lose' } | { readonly kind: 'refuse'; readonly error: string };

/** A register that speaks KkmServer's language and prints on nothing: what checks are forwarded to. */
export class FiscalDesk {
  private mood: RegisterMood = { kind: 'print' };
  private readonly printed = new Map<string, Command>();
  private readonly waiting: Command[] = [];
  private server: Server | null = null;
  private port = 0;

  /** Starts to listen; again at the same address after {@link stop}. */
  async start(): Promise<void> {
    const server = createServer((request, response) => {
      json(request).then(
        (command) => this.take(command as Command, request, response),
        () => response.writeHead(400).end(),
      );
    });
    await new Promise<void>((listening) => server.listen(this.port, '127.0.0.1', listening));
    this.port = (server.address() as AddressInfo).port;
    this.server = server;
  }

  /** Where it takes commands. */
  get url(): string {
    return `http://127.0.0.1:${this.port}/Execute`;
  }

  /** Changes what it does from now on. */
  behave(mood: RegisterMood): void {
    this.mood = mood;
  }

  /** How often a check over that sum was printed, and how often one waits that was neither printed nor refused. */
  checksOver(roubles: number): { readonly printed: number; readonly held: number } {
    const over = (checks: readonly Command[]): number => checks.filter(({ ElectronicPayment: sum }) => Number(sum) === roubles).length;
    return { printed: over([...this.printed.values()]), held: over(this.waiting) };
  }

  /** Pulls its plug: whoever waits gets no answer. */
  async stop(): Promise<void> {
    const { server } = this;
    this.server = null;
    if (!server) return;
    server.closeAllConnections();
    await new Promise((closed) => server.close(closed));
  }

  private take(command: Command, request: IncomingMessage, response: ServerResponse): void {
    const id = String(command['IdCommand'] ?? '');
    const answer = (members: Command): void => {
      response.writeHead(200, { 'content-type': 'application/json; charset=utf-8' });
      response.end(JSON.stringify({ ...members, Command: command['Command'], IdCommand: id, NumDevice: 1, UnitName: 'fiscal' }));
    };
    switch (command['Command']) {
      case 'RegisterCheck':
        return this.register(command, { answer, drop: () => request.socket.destroy() });
      case 'GetRezult': {
        const check = this.printed.get(id);
        return answer(check ? { Status: 0, Error: '', Rezult: { ...this.receiptOf(id), Command: 'RegisterCheck', IdCommand: id } } : unknownId);
      }
      case 'GetDataKKT':
        return answer({
          CheckNumber: this.printed.size,
          SessionNumber: 1,
          LineLength: 48,
          Info: { SessionState: 2, OnOff: true, Active: true },
          Status: 0,
          Error: '',
        });
      default:
        return answer({ Status: 0, Error: '' });
    }
  }

  private register(check: Command, ways: { readonly answer: (members: Command) => void; readonly drop: () => void }): void {
    const id = String(check['IdCommand'] ?? '');
    if (this.printed.has(id)) return ways.answer(this.receiptOf(id));
    switch (this.mood.kind) {
      case 'hold':
        this.waiting.push(check);
        return;
      case 'refuse':
        return ways.answer({ Status: 2, Error: this.mood.error });
      case 'lose':
        this.printed.set(id, check);
        return ways.drop();
      case 'print':
        this.printed.set(id, check);
        return ways.answer(this.receiptOf(id));
    }
  }

  private receiptOf(id: string): Command {
    const number = [...this.printed.keys()].indexOf(id) + 1;
    const sum = Number(this.printed.get(id)?.['ElectronicPayment'] ?? 0);
    const qr = `t=20261127T0930&s=${sum.toFixed(2)}&fn=9999078900001234&i=${number}&fp=1234567890&n=1`;
    return { CheckNumber: number, SessionNumber: 1, SessionCheckNumber: number, QRCode: qr, ElectronicPayment: sum, Status: 0, Error: '' };
  }
}

const unknownId: Command = { Status: 3, Error: 'Команда не найдена', Rezult: { Status: 3, Error: 'Команда не найдена' } };
