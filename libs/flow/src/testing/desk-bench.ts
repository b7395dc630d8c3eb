import { newId } from '@kkm/core';
import type { ChargeReference, CheckDocument, KkmAnswer, KkmCaller, KkmCommand, KkmWish } from '@kkm/core';
import { AnswerCommand } from '../kkmserver/answer-command';
import type { CommandSight } from '../kkmserver/command-desk';
import { DriveAbandoned } from '../kkmserver/drive-abandoned';
import { DriveCommand } from '../kkmserver/drive-command';
import { FindOriginal } from '../kkmserver/find-original';
import { FollowPayment } from '../kkmserver/follow-payment';
import type { CommandPorts, TerminalAnswer } from '../kkmserver/ports';
import { SagaSteps } from '../kkmserver/saga-steps';
import { TakeCommand } from '../kkmserver/take-command';
import { DeskLedger } from './desk-ledger';
import { DeskUnits } from './desk-register';
import { someCheck } from './kkm-checks';
import { MemoryCommandStore } from './memory-command-store';
import { VirtualClock } from './worker-clock';

/** Where a replica dies: at its nth call of a port, before the call has its effect or after. */
export interface Death {
  readonly call: number;
  readonly at: 'before' | 'after';
}

/** A caller who may do everything. */
export const someCaller: KkmCaller = { siteId: 'club-1', account: 'user', mayGiveBack: true };

/** One gateway of several over the same store and ledger. Once dead it never goes on: its calls are answered no more, as after SIGKILL. */
export class DeskReplica {
  readonly desk: TakeCommand;
  readonly drive: DriveCommand;
  readonly follow: FollowPayment;
  readonly abandoned: DriveAbandoned;
  /** Calls of ports so far. */
  calls = 0;
  isDead = false;

  constructor(
    ports: CommandPorts,
    driver: string,
    private readonly death: Death | null,
  ) {
    const own: CommandPorts = {
      ...ports,
      store: this.mortal(ports.store),
      units: this.mortal(ports.units),
      payments: this.mortal(ports.payments),
      terminals: this.mortal(ports.terminals),
    };
    const original = new FindOriginal(own);
    const answer = new AnswerCommand(own, original);
    this.drive = new DriveCommand(own, new SagaSteps(own, { answer, original }), driver);
    this.desk = new TakeCommand(own, { drive: this.drive, answer });
    this.follow = new FollowPayment(own, this.drive);
    this.abandoned = new DriveAbandoned(own, this.drive);
  }

  private mortal<P extends object>(port: P): P {
    const call = async (work: () => unknown): Promise<unknown> => {
      if (this.isDead) return new Promise(() => undefined);
      this.calls += 1;
      const isLast = this.calls === this.death?.call;
      this.isDead = isLast && this.death.at === 'before';
      if (this.isDead) return new Promise(() => undefined);
      const answer = await work();
      if (!isLast && !this.isDead) return answer;
      this.isDead = true;
      return new Promise(() => undefined);
    };
    return new Proxy(port, {
      get: (target, name) => {
        const member: unknown = Reflect.get(target, name);
        return typeof member === 'function' ? (...given: unknown[]) => call(() => (member as (...all: unknown[]) => unknown).apply(target, given)) : member;
      },
    });
  }
}

/** Terminals of a test that settle and report at once. */
class DeskTerminals {
  answer: TerminalAnswer = { state: 'done', slip: 'СВЕРКА\nИТОГОВ', reason: null };
  siteFaults: readonly string[] = [];
  readonly settled: string[] = [];

  async settle({ terminalId, key }: { readonly terminalId: string; readonly key: string }): Promise<TerminalAnswer> {
    this.settled.push(`${terminalId} ${key}`);
    return this.answer;
  }

  async report(): Promise<TerminalAnswer> {
    return this.answer;
  }

  async settleSite({ siteId, key }: { readonly siteId: string; readonly key: string }): Promise<readonly string[]> {
    this.settled.push(`${siteId} ${key}`);
    return this.siteFaults;
  }
}

/** A club with a desk: commands go in, a test plays terminal and register, and looks at answers, receipts and money. */
export class DeskBench {
  readonly clock = new VirtualClock();
  readonly ledger = new DeskLedger(this.clock);
  readonly units = new DeskUnits();
  readonly terminals = new DeskTerminals();
  readonly store = new MemoryCommandStore(() => this.clock.wallMs());
  readonly log: string[] = [];
  private ids = 0;
  private replicas = 0;

  replica(death: Death | null = null): DeskReplica {
    this.replicas += 1;
    const note = (fields: object, message: string): void => void this.log.push(`${message} ${JSON.stringify(fields, readable)}`);
    const ports: CommandPorts = {
      store: this.store,
      units: this.units,
      equipment: this.ledger.ports.equipment,
      payments: this.ledger.payments(),
      findCharge: this.ledger.findCharge,
      terminals: this.terminals,
      serverData: () => Promise.resolve({ ServerName: 'KKM' }),
      digest: shortDigest,
      newId: (prefix) => newId(prefix, this.clock.wallMs(), (bytes) => new Uint8Array(bytes).fill((this.ids += 1))),
      clock: this.clock,
      log: { info: note, warn: note, error: note },
    };
    return new DeskReplica(ports, `gateway-${this.replicas}`, death);
  }

  /** Sends a command and lets the clock run until it is answered, at most `waitMs`. */
  async send(replica: DeskReplica, command: KkmCommand, { waitMs = 0, caller = someCaller } = {}): Promise<KkmAnswer> {
    return (await this.clock.until(replica.desk.submit(caller, command, { waitMs, gone: new AbortController().signal }))).answer;
  }

  /** Sends a command, lets the terminal approve what it is asked for, and gives the answer that is kept. */
  async done(replica: DeskReplica, command: KkmCommand): Promise<KkmAnswer | undefined> {
    await this.send(replica, command);
    await this.clock.advance(100);
    if (this.ledger.queue.length > 0) await this.ledger.approve();
    await this.pass(replica, 10_000);
    return (await this.result(replica, command.idCommand ?? ''))?.answer;
  }

  /** What `GetRezult` would be answered. */
  async result(replica: DeskReplica, idCommand: string): Promise<CommandSight | null> {
    return replica.desk.result(someCaller, idCommand);
  }

  /** Lets time pass; every so often the replica looks for what nobody drives. */
  async pass(replica: DeskReplica, ms: number, stepMs = 1_000): Promise<void> {
    for (let left = ms; left > 0; left -= stepMs) {
      void replica.abandoned.look();
      await this.clock.advance(Math.min(stepMs, left));
    }
  }
}

/** Short enough for keys; texts of tests do not collide by chance. */
function shortDigest(text: string): string {
  let hash = 7;
  for (const letter of text) hash = (hash * 31 + (letter.codePointAt(0) ?? 0)) % 9_007_199_254_740;
  return `digest-${hash}-${text.length}`;
}

function readable(_name: string, value: unknown): unknown {
  return value instanceof Error ? String(value) : value;
}

/** A command with a wish, to the register unless said otherwise. */
export function kkmCommand(wish: KkmWish, { idCommand = 'id-1' as string | null, numDevice = 1 } = {}): KkmCommand {
  const name = wish.kind === 'RegisterTask' ? wish.task.kind : wish.kind;
  return { name, idCommand, unit: { numDevice, innKkm: null, kktNumber: null, idDevice: null }, cashier: { name: null, vatin: null }, wish };
}

/** A check of 150.00 paid electronically. */
export function checkCommand(more: Partial<CheckDocument> = {}, idCommand = 'id-1'): KkmCommand {
  const sums = { cash: 0, electronic: 15_000, advance: 0, credit: 0, provision: 0 };
  return kkmCommand({ kind: 'RegisterCheck', check: someCheck({ sums, ...more }) }, { idCommand });
}

/** A payment of 150.00 at the terminal, or as said. */
export function payCommand(amount = 15_000, receiptNumber: string | null = null, idCommand = 'id-1'): KkmCommand {
  return kkmCommand({ kind: 'PayByPaymentCard', amount, receiptNumber }, { idCommand, numDevice: 2 });
}

/** The charge that an answer's `UniversalID` names. */
export function namedBy(answer: KkmAnswer | undefined): ChargeReference {
  const text = String(answer?.payload['UniversalID']);
  const [, rrn = null] = /RRN:([^;]*)/.exec(text) ?? [];
  const [, authorisationCode = null] = /AC:([^;]*)/.exec(text) ?? [];
  return { rrn, authorisationCode };
}
