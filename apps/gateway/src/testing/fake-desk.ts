import { commandStatuses } from '@kkm/core';
import type { KkmAnswer, KkmCaller, KkmCommand } from '@kkm/core';
import type { CommandDesk, CommandSight } from '@kkm/flow/kkmserver';

/** A submission as the desk got it. */
export interface Submission {
  readonly caller: KkmCaller;
  readonly command: KkmCommand;
  readonly waitMs: number;
  readonly gone: AbortSignal;
}

const plain: KkmAnswer = { status: commandStatuses.ok, error: '', message: null, warning: null, numDevice: null, unitName: null, payload: {} };

/** A desk that a test steers: commands end at once unless they are held, and may fail. */
export class FakeDesk implements CommandDesk {
  readonly submissions: Submission[] = [];
  /** The answer to every command that ends. */
  answer: KkmAnswer = plain;
  /** While true, commands run on. */
  held = false;
  /** Thrown by every call. */
  failure: Error | null = null;
  private readonly known = new Map<string, CommandSight>();
  private readonly ends = new Set<() => void>();

  async submit(caller: KkmCaller, command: KkmCommand, { waitMs, gone }: { readonly waitMs: number; readonly gone: AbortSignal }): Promise<CommandSight> {
    this.submissions.push({ caller, command, waitMs, gone });
    if (this.failure) throw this.failure;
    const idCommand = command.idCommand ?? `made-${this.submissions.length}`;
    const running: CommandSight = { idCommand, command, answer: { ...plain, status: commandStatuses.run } };
    const key = `${caller.siteId} ${idCommand}`;
    const earlier = this.known.get(key);
    if (earlier && earlier.answer.status !== commandStatuses.run) return earlier;
    this.known.set(key, running);
    if (this.held) await this.released(waitMs, gone);
    const sight = this.held ? running : { ...running, answer: this.answer };
    this.known.set(key, sight);
    return sight;
  }

  result(caller: KkmCaller, idCommand: string): Promise<CommandSight | null> {
    if (this.failure) return Promise.reject(this.failure);
    return Promise.resolve(this.known.get(`${caller.siteId} ${idCommand}`) ?? null);
  }

  /** Lets every held command end, and those that come. */
  release(): void {
    this.held = false;
    for (const end of this.ends) end();
  }

  private async released(waitMs: number, gone: AbortSignal): Promise<void> {
    await new Promise<void>((resolve) => {
      const end = (): void => {
        clearTimeout(timer);
        this.ends.delete(end);
        resolve();
      };
      const timer = setTimeout(end, waitMs);
      this.ends.add(end);
      gone.addEventListener('abort', end, { once: true });
      if (gone.aborted) end();
    });
  }
}
