import { doorText, readCommand, writeAnswer, writeRefusal, writeResult, writeUncertain } from '@kkm/contracts';
import type { DoorText, ReadCommand, WrittenAnswer } from '@kkm/contracts';
import { KnownError } from '@kkm/core';
import type { KkmCaller } from '@kkm/core';
import type { CommandDesk } from '@kkm/flow/kkmserver';
import type { Log } from '@kkm/messaging';

/** A request whose sender was let in. */
export interface Execution {
  readonly bytes: Uint8Array;
  readonly caller: KkmCaller;
  /** Whether its path asks for an answer at once. */
  readonly atOnce: boolean;
  /** Aborts when nobody waits for the answer any more. */
  readonly gone: AbortSignal;
}

/** An answer with its HTTP status. `command` is one of KKM's own names, for counting. */
export interface Executed {
  readonly httpStatus: 200 | 501 | 503;
  readonly command: string;
  readonly body: WrittenAnswer;
}

/** Reads commands, has them done and writes their answers. Whatever comes in, an answer in the API's own form goes out. */
export class Execute {
  /** @param around.stopping aborts when the door closes: who waits is answered with what is known. */
  constructor(
    private readonly desk: CommandDesk,
    private readonly around: { readonly log: Log; readonly stopping: AbortSignal },
  ) {}

  /** Never rejects. */
  async run(execution: Execution): Promise<Executed> {
    const body = parsed(execution.bytes);
    if (body.kind === 'fault') return { httpStatus: 200, command: 'unread', body: writeRefusal({ name: '', idCommand: '', error: doorText(body.text) }) };
    const read = readCommand(body.value);
    try {
      return await this.perform(read, execution);
    } catch (error) {
      return this.uncertain(read, error);
    }
  }

  private async perform(read: ReadCommand, { caller, atOnce, gone }: Execution): Promise<Executed> {
    switch (read.kind) {
      case 'command': {
        const { command } = read;
        const sight = await this.desk.submit(caller, command, {
          waitMs: atOnce ? 0 : read.waitMs,
          gone: AbortSignal.any([gone, this.around.stopping]),
        });
        const answered = { name: command.name, idCommand: command.idCommand, keptAs: sight.idCommand };
        return { httpStatus: 200, command: command.name, body: writeAnswer(answered, sight.answer) };
      }
      case 'result': {
        const sight = read.idCommand === null ? null : await this.desk.result(caller, read.idCommand);
        const found = sight && { command: { name: sight.command.name, idCommand: sight.command.idCommand, keptAs: sight.idCommand }, answer: sight.answer };
        return { httpStatus: 200, command: 'GetRezult', body: writeResult(read.idCommand ?? '', found) };
      }
      case 'unknown':
        return { httpStatus: 501, command: 'unknown', body: writeRefusal(read) };
      case 'refused':
        return { httpStatus: 200, command: 'refused', body: writeRefusal(read) };
    }
  }

  /** Something failed after the command was handed over: it may be stored, and a guest may be paying. That is no error of the command. */
  private uncertain(read: ReadCommand, error: unknown): Executed {
    const [name, idCommand] =
      read.kind === 'command'
        ? [read.command.name, read.command.idCommand]
        : read.kind === 'result'
          ? ['GetRezult', read.idCommand]
          : [read.name, read.idCommand];
    const code = error instanceof KnownError ? error.code : 'internal';
    this.around.log.error({ err: error, code, command: name, idCommand }, 'A KkmServer command could not be answered.');
    return { httpStatus: 503, command: name, body: writeUncertain({ name, idCommand: idCommand ?? '', error: doorText('outcomeUnknown') }) };
  }
}

type Parsed = { readonly kind: 'value'; readonly value: unknown } | { readonly kind: 'fault'; readonly text: DoorText };

/** JSON in UTF-8, with or without a byte order mark, whatever its Content-Type. */
function parsed(bytes: Uint8Array): Parsed {
  if (bytes.length === 0) return { kind: 'fault', text: 'bodyEmpty' };
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return { kind: 'fault', text: 'bodyNotUtf8' };
  }
  try {
    return { kind: 'value', value: JSON.parse(text) as unknown };
  } catch {
    return { kind: 'fault', text: 'bodyNotJson' };
  }
}
