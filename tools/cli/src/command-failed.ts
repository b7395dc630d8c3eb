/** What the exit codes of `./kkm` mean. */
export const exitCodes = { ok: 0, failed: 1, usage: 2, missing: 3 } as const;

/**
 * Ends the command with clear words and an exit code: `failed` when something went wrong, `usage` when the command line
 * or the environment is not understood, `missing` when a person has to provide something first.
 */
export class CommandFailed extends Error {
  override readonly name = 'CommandFailed';
  constructor(
    message: string,
    readonly exitCode: number = exitCodes.failed,
  ) {
    super(message);
  }
}
