import { readCommand, writeAnswer, writeRefusal, writeResult } from '@kkm/contracts';
import type { ReadCommand, WrittenAnswer } from '@kkm/contracts';
import { commandStatuses } from '@kkm/core';
import type { KkmCaller } from '@kkm/core';
import type { CommandDesk } from '@kkm/flow/kkmserver';
import type { Log } from '@kkm/messaging';
import type { CallbackBook, KeptEntry } from './callback-book';
import type { PollRemote } from './remote-server';

/** Results brought in one round; the others wait for the next. */
const perRound = 100;

/** What the callback mode is made of. */
export interface CallbackParts {
  readonly desk: CommandDesk;
  readonly book: CallbackBook;
  readonly poll: PollRemote;
  /** The site whose commands come; null while that is not clear. */
  readonly site: () => Promise<string | null>;
  /** Draws an id. */
  readonly newId: () => string;
  readonly log: Log;
}

/**
 * The reverse of the door: a remote server is polled for commands, and brought the results of earlier ones. What it sent is kept before it is begun and owed until the
 * server has taken the result, so neither a crash nor a lost answer loses one; the server may get a result twice.
 */
export class CallbackMode {
  private readonly stopping = new AbortController();
  private running: Promise<void> = Promise.resolve();

  constructor(private readonly parts: CallbackParts) {}

  /** Polls until {@link stop}, so many milliseconds apart. */
  start(everyMs: number): void {
    this.running = this.keepPolling(everyMs);
  }

  /** Ends the round at work; what it had not finished is found again. */
  async stop(): Promise<void> {
    this.stopping.abort();
    await this.running;
  }

  /** One round: brings results, takes commands. */
  async round(): Promise<void> {
    const siteId = await this.parts.site();
    if (siteId === null) return this.parts.log.warn({}, 'The callback mode has no site: name one in KKM_KKMSERVER_CALLBACK_SITE.');
    const caller: KkmCaller = { siteId, account: 'admin', mayGiveBack: true };
    const results = await this.resultsOf(caller, await this.parts.book.owed(siteId, perRound));
    const commands = await this.parts.poll([...results.values()], this.stopping.signal);
    if (results.size > 0) await this.parts.book.settled(siteId, [...results.keys()]);
    for (const sent of commands) await this.unharmed(() => this.takeUp(caller, readCommand(sent)));
  }

  private async keepPolling(everyMs: number): Promise<void> {
    while (!this.stopping.signal.aborted) {
      try {
        await this.round();
      } catch (error) {
        if (!this.stopping.signal.aborted) this.parts.log.warn({ err: error }, 'The remote server could not be polled; trying again.');
      }
      await passed(everyMs, this.stopping.signal);
    }
  }

  /** The results there are by now, by key. Submitting again finds what the first time made, also after a crash before it. */
  private async resultsOf(caller: KkmCaller, owed: readonly KeptEntry[]): Promise<ReadonlyMap<string, WrittenAnswer>> {
    const results = new Map<string, WrittenAnswer>();
    for (const entry of owed) {
      const result = entry.kind === 'reply' ? entry.reply : await this.unharmed(() => this.resultOf(caller, entry));
      if (result) results.set(entry.key, result);
    }
    return results;
  }

  /** One command that fails stops none of the others; what was kept is tried again in the next round. */
  private async unharmed<T>(work: () => Promise<T>): Promise<T | null> {
    try {
      return await work();
    } catch (error) {
      this.parts.log.error({ err: error }, 'A command of the remote server could not be handled.');
      return null;
    }
  }

  private async resultOf(caller: KkmCaller, { command }: Extract<KeptEntry, { readonly kind: 'command' }>): Promise<WrittenAnswer | null> {
    const { idCommand, answer } = await this.parts.desk.submit(caller, command, { waitMs: 0, gone: this.stopping.signal });
    if (answer.status === commandStatuses.run || answer.status === commandStatuses.notRun) return null;
    return writeAnswer({ name: command.name, idCommand: command.idCommand, keptAs: idCommand }, answer);
  }

  private async takeUp(caller: KkmCaller, read: ReadCommand): Promise<void> {
    const { book, desk, newId } = this.parts;
    switch (read.kind) {
      case 'command': {
        const command = { ...read.command, idCommand: read.command.idCommand ?? newId() };
        await book.keep(caller.siteId, command.idCommand, { kind: 'command', command });
        await desk.submit(caller, command, { waitMs: 0, gone: this.stopping.signal });
        return;
      }
      case 'result': {
        const sight = read.idCommand === null ? null : await desk.result(caller, read.idCommand);
        const found = sight && { command: { name: sight.command.name, idCommand: sight.command.idCommand, keptAs: sight.idCommand }, answer: sight.answer };
        return book.keep(caller.siteId, newId(), { kind: 'reply', reply: writeResult(read.idCommand ?? '', found) });
      }
      case 'unknown':
      case 'refused':
        return book.keep(caller.siteId, newId(), { kind: 'reply', reply: writeRefusal(read) });
    }
  }
}

async function passed(ms: number, stopping: AbortSignal): Promise<void> {
  await new Promise<void>((resolve) => {
    if (stopping.aborted) return resolve();
    const timer = setTimeout(resolve, ms);
    stopping.addEventListener('abort', () => (clearTimeout(timer), resolve()), { once: true });
  });
}
