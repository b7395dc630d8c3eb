import { Unavailable } from '@kkm/core';
import type { AnswerRequestRequest, KeptRequest, LinkDraft, RequestAnswer, RequestToDo, TakeRequestAnswer, TakeRequestRequest } from '@kkm/core';
import type { RequestDesk } from '../worker/ports';

/** The gateway's requests in memory: each is given to one handling, and its first answer stands. */
export class FakeDesk implements RequestDesk {
  down = false;
  /** The next calls of `take` have their effect, and their answer is lost. */
  loseTaken = 0;
  readonly answers = new Map<string, RequestAnswer>();
  private readonly asked = new Map<string, RequestToDo>();
  private readonly takers = new Map<string, string>();

  /** Asks something of a terminal. */
  ask(requestId: string, kind: KeptRequest['kind'], detailed = false): void {
    this.asked.set(requestId, { kind, detailed });
  }

  /** Asks for a link test of settings that are not saved. */
  askDraft(requestId: string, draft: LinkDraft): void {
    this.asked.set(requestId, { kind: 'link-test', detailed: false, draft });
  }

  async take({ requestId, nonce }: TakeRequestRequest): Promise<TakeRequestAnswer> {
    await this.reached();
    const request = this.asked.get(requestId);
    const taker = this.takers.get(requestId) ?? nonce;
    if (!request || taker !== nonce || this.answers.has(requestId)) return { kind: 'gone' };
    this.takers.set(requestId, nonce);
    this.loseTaken -= 1;
    if (this.loseTaken >= 0) throw new Unavailable('gateway.unavailable');
    return { kind: 'yours', request };
  }

  async answered({ requestId, nonce, answer }: AnswerRequestRequest): Promise<null> {
    await this.reached();
    if (this.takers.get(requestId) === nonce && !this.answers.has(requestId)) this.answers.set(requestId, answer);
    return null;
  }

  private async reached(): Promise<void> {
    await Promise.resolve();
    if (this.down) throw new Unavailable('gateway.unavailable');
  }
}
