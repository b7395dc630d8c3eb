import type { KkmAnswer, KkmCaller, KkmCommand } from '@kkm/core';

/** What a client sees of a command while and after it runs. */
export interface CommandSight {
  readonly idCommand: string;
  readonly command: KkmCommand;
  /** Status 1 or 4 while it runs. */
  readonly answer: KkmAnswer;
}

/** The use cases behind the KkmServer door: what its HTTP side and its callback mode call. */
export interface CommandDesk {
  /**
   * Takes a command, or finds the one with its id, and waits for its end at most `waitMs`. The work goes on after that, and after `gone` aborts: a client that
   * disconnects changes nothing. Business errors are answers, not exceptions.
   */
  submit(caller: KkmCaller, command: KkmCommand, wait: { readonly waitMs: number; readonly gone: AbortSignal }): Promise<CommandSight>;
  /** Null: no command of the site has that id. */
  result(caller: KkmCaller, idCommand: string): Promise<CommandSight | null>;
}
