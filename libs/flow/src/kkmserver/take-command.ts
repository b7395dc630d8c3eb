import type { KkmAnswer, KkmCaller, KkmCommand, KkmWish } from '@kkm/core';
import type { AnswerCommand } from './answer-command';
import { errorAnswer, runningAnswer } from './command-answers';
import type { CommandDesk, CommandSight } from './command-desk';
import { commandFingerprint } from './command-keys';
import type { CommandRecord } from './command-store';
import { doorTexts } from './door-texts';
import type { DriveCommand } from './drive-command';
import { planCommand } from './plan-command';
import type { Plan } from './plan-command';
import type { CommandPorts } from './ports';

/** Another replica may be driving a command that a client waits for: the store is looked at so often. */
const lookEveryMs = 500;

/** Commands that change nothing: one that came without an id is answered and forgotten, or clients that look at their devices every second would fill the store. */
const reading: readonly KkmWish['kind'][] = ['List', 'GetServerData', 'TransactionDetails', 'PrintSlipOnTerminal'];

/** Takes commands: stores each once per id, has it driven, and waits for its answer. */
export class TakeCommand implements CommandDesk {
  constructor(
    private readonly ports: CommandPorts,
    private readonly uses: { readonly drive: DriveCommand; readonly answer: AnswerCommand },
  ) {}

  /** See {@link CommandDesk.submit}. */
  async submit(caller: KkmCaller, command: KkmCommand, wait: { readonly waitMs: number; readonly gone: AbortSignal }): Promise<CommandSight> {
    const fingerprint = commandFingerprint(command, this.ports.digest);
    const known = command.idCommand === null ? null : await this.ports.store.byIdCommand(caller.siteId, command.idCommand);
    if (known) return this.seenAgain(known, { command, fingerprint }, wait);
    const planned = await planCommand(caller, command, this.ports.units);
    if ('answer' in planned) return { idCommand: command.idCommand ?? '', command, answer: planned.answer };
    const record = this.recordOf(caller, command, { plan: planned.plan, fingerprint });
    if (command.idCommand === null && reading.includes(command.wish.kind)) return { idCommand: '', command, answer: await this.uses.answer.run(record) };
    const taken = await this.ports.store.take(record);
    switch (taken.kind) {
      case 'taken':
        return this.awaited(taken.record, wait);
      case 'known':
        return this.seenAgain(taken.record, { command, fingerprint }, wait);
      case 'unresolved':
        return { idCommand: record.idCommand, command, answer: errorAnswer(record.unit, doorTexts.sameBill(taken.by.idCommand)) };
    }
  }

  /** See {@link CommandDesk.result}. */
  async result(caller: KkmCaller, idCommand: string): Promise<CommandSight | null> {
    const record = await this.ports.store.byIdCommand(caller.siteId, idCommand);
    return record && sightOf(record);
  }

  private async seenAgain(
    record: CommandRecord,
    asked: { readonly command: KkmCommand; readonly fingerprint: string },
    wait: { readonly waitMs: number; readonly gone: AbortSignal },
  ): Promise<CommandSight> {
    if (record.fingerprint === asked.fingerprint) return this.awaited(record, wait);
    return { idCommand: record.idCommand, command: asked.command, answer: errorAnswer(record.unit, doorTexts.otherCommand) };
  }

  /** The work goes on whether anybody waits or not. */
  private async awaited(record: CommandRecord, { waitMs, gone }: { readonly waitMs: number; readonly gone: AbortSignal }): Promise<CommandSight> {
    const { clock, store } = this.ports;
    const untilMs = clock.wallMs() + waitMs;
    let newest = record;
    if (newest.answer === null) void this.uses.drive.run(record.id);
    while (newest.answer === null && !gone.aborted && clock.wallMs() < untilMs) {
      await this.uses.drive.untilWritten(record.id, Math.min(lookEveryMs, untilMs - clock.wallMs()));
      newest = (await store.byId(record.id)) ?? newest;
    }
    return sightOf(newest);
  }

  private recordOf(caller: KkmCaller, command: KkmCommand, { plan, fingerprint }: { readonly plan: Plan; readonly fingerprint: string }): CommandRecord {
    const id = this.ports.newId('cmd');
    const nowMs = this.ports.clock.wallMs();
    return {
      id,
      siteId: caller.siteId,
      idCommand: command.idCommand ?? id,
      fingerprint,
      command,
      ...plan,
      stage: 'taken',
      paymentId: null,
      returnAttemptId: null,
      answer: null,
      follows: false,
      refusals: 0,
      tries: 0,
      lastError: null,
      dueAtMs: nowMs,
      takenAtMs: nowMs,
      changedAtMs: nowMs,
      version: 1,
    };
  }
}

function sightOf({ idCommand, command, unit, answer }: CommandRecord): CommandSight {
  const seen: KkmAnswer = answer ?? runningAnswer(unit);
  return { idCommand, command, answer: seen };
}
