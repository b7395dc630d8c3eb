import type { LooseMembers } from '../loose-members';
import { resultOf, standingOf } from './remote-answers';
import type { RemoteStanding } from './remote-answers';
import type { RemoteAnswer, RemoteEnd, RemoteRegister } from './remote-register';

/** How long things take. */
export const remoteTimes = {
  /** Seconds that a register is told to hold an answer before it says "running". */
  holdSeconds: 30,
  /** What an answer may take beyond that, on a slow line. */
  graceMs: 10_000,
  /** A question that prints nothing. */
  lookMs: 5_000,
  /** Between two questions about a command that runs. */
  pollMs: 1_000,
  /** A command that still runs after so long is asked about again later. */
  runningMsMax: 60_000,
} as const;

/** Commands of a register elsewhere, followed to their end by its `GetRezult`. */
export class RemoteCommands {
  constructor(
    private readonly remote: RemoteRegister,
    private readonly sleep: (ms: number) => Promise<void>,
  ) {}

  /** Asks something that changes nothing. */
  async look(command: LooseMembers): Promise<RemoteEnd> {
    const end = ended(await this.remote.execute({ ...command, Timeout: remoteTimes.lookMs / 1_000 }, remoteTimes.lookMs + 1_000), standingOf);
    return end.kind === 'running' ? { kind: 'lost', error: 'касса занята' } : end;
  }

  /** Sends a command under its id and waits for its end. */
  async send(id: string, command: LooseMembers): Promise<RemoteEnd> {
    const waitMs = remoteTimes.holdSeconds * 1_000 + remoteTimes.graceMs;
    const first = await this.remote.execute({ ...command, IdCommand: id, Timeout: remoteTimes.holdSeconds }, waitMs);
    const end = ended(first, standingOf);
    return end.kind === 'running' ? this.followed(id) : end;
  }

  /** What a command that may have been sent came to. */
  async result(id: string): Promise<RemoteEnd> {
    const end = await this.asked(id);
    return end.kind === 'running' ? this.followed(id) : end;
  }

  private async followed(id: string): Promise<RemoteEnd> {
    for (let waitedMs = 0; waitedMs < remoteTimes.runningMsMax; waitedMs += remoteTimes.pollMs) {
      await this.sleep(remoteTimes.pollMs);
      const end = await this.asked(id);
      // It said "running" a moment ago: that it knows nothing now is no proof of anything.
      if (end.kind === 'unknown') return { kind: 'lost', error: 'касса забыла команду' };
      if (end.kind !== 'running') return end;
    }
    return { kind: 'lost', error: 'касса ещё выполняет команду' };
  }

  private async asked(id: string): Promise<RemoteStanding> {
    return ended(await this.remote.execute({ Command: 'GetRezult', IdCommand: id }, remoteTimes.lookMs), resultOf);
  }
}

/** An answer that did not come says nothing about the command. */
function ended(answer: RemoteAnswer, read: (body: LooseMembers) => RemoteStanding): RemoteStanding {
  return answer.kind === 'answered' ? read(answer.body) : { kind: 'lost', error: answer.error };
}
