/*
 * The cash register's side of an "SA" dialogue: the state machine of the facts, section 9, as a pure function of what happens.
 * A sale frame is never repeated because of silence. The frame that carries money is acknowledged only after its content is stored.
 */
import type { TerminalAnswer, TerminalRequest } from '@kkm/core';
import type { Session, SessionEffect, SessionInput } from '../kit/session';
import { answerOf, displayAnswer, refusal, refusalOf } from './answers';
import { Effects } from './effects';
import type { Message } from './fields';
import { control } from './frames';
import type { Job } from './job';
import { newJob } from './job';
import type { LinkEvent } from './link';
import { Link } from './link';
import type { InpasProfile } from './profile';
import { recognise } from './recognise';
import { Relay } from './relay';

/** How often a frame is sent again because the terminal refused it by NAK. */
const naksMax = 3;

/** Makes the session for one fresh connection. */
export function createInpasSession(profile: InpasProfile): Session {
  return new InpasSession(profile);
}

class InpasSession implements Session {
  private readonly effects = new Effects();
  private readonly link: Link;
  private job: Job | null = null;
  private closed = false;
  /** Frames sent on this connection that neither ACK nor NAK answered yet. */
  private unanswered = 0;
  /** A result was acknowledged; the EOT that may follow it has not come. Some terminals never send it. */
  private eotOwed = false;
  /** It is waited for, before the next request goes. */
  private awaitingEot = false;
  private readonly relay = new Relay(this.effects);
  /** The last result that was stored and acknowledged, for its repetitions. */
  private settled: Uint8Array | null = null;

  constructor(private readonly profile: InpasProfile) {
    this.link = new Link(this.effects, profile.timeouts.gapMs);
  }

  handle(input: SessionInput): readonly SessionEffect[] {
    switch (input.kind) {
      case 'request':
        this.begin(input.request);
        break;
      case 'bytes':
        this.receive(input.bytes);
        break;
      case 'timer':
        this.timer(input.name);
        break;
      case 'withheld':
        this.unanswered -= 1;
        this.finish({ kind: 'not-sent' });
        break;
      case 'stored':
        this.stored();
        break;
      case 'store-failed':
        this.giveUp('the result could not be stored');
        break;
      case 'abort':
        this.abort();
        break;
      case 'closed':
        this.linkCut();
        break;
    }
    return this.effects.drain();
  }

  // What the asker wants.

  private begin(request: TerminalRequest): void {
    if (this.closed) return this.effects.answer({ kind: 'not-sent' });
    const job = newJob(request, this.profile);
    if ('kind' in job) return this.effects.answer(job);
    this.job = job;
    if (!this.awaitingEot) this.firstSend(job);
  }

  private firstSend(job: Job): void {
    job.ownsNak = this.unanswered === 0;
    job.ownsEot = job.ownsNak && !this.eotOwed;
    job.phase = 'sent';
    this.effects.start('hard', job.hardMs);
    this.send(job);
  }

  private send(job: Job): void {
    job.sends += 1;
    this.unanswered += 1;
    this.effects.send(job.frame, job.financial);
    this.effects.start('answer', this.profile.timeouts.ackMs);
  }

  private abort(): void {
    const { job } = this;
    if (!job || job.phase === 'storing') return;
    if (job.phase === 'queued') return this.finish({ kind: 'not-sent' });
    if (this.profile.abort === 'none' || job.aborted) return;
    job.aborted = true;
    if (job.phase === 'running') this.effects.control(control.eot);
  }

  // What arrives.

  private receive(bytes: Uint8Array): void {
    if (this.closed) return;
    this.link.receive(
      bytes,
      () => this.job?.phase === 'storing',
      (event) => this.event(event),
    );
    if (this.link.midFrame) this.alive(); // Silence is counted from the last byte.
  }

  private event(event: LinkEvent): void {
    if (this.closed) return;
    switch (event.kind) {
      case 'ack':
        return this.acknowledged();
      case 'nak':
        return this.refused();
      case 'eot':
        return this.ended();
      case 'message':
        return this.message(event.data);
      case 'part':
        return this.alive();
      case 'noise':
        // The terminal restarts: the EOTs of its burst mean nothing.
        if (this.job) this.job.ownsEot = this.job.ownsNak = false;
        return;
    }
  }

  private acknowledged(): void {
    this.unanswered = Math.max(0, this.unanswered - 1);
    const { job } = this;
    if (job?.phase !== 'sent') return;
    job.phase = 'running';
    this.cancelEot(job);
    this.effects.start('answer', this.profile.timeouts.firstAnswerMs);
    if (job.aborted) this.effects.control(control.eot);
  }

  private refused(): void {
    this.unanswered = Math.max(0, this.unanswered - 1);
    const { job } = this;
    if (job?.phase === 'running') {
      if (this.relay.repeat()) this.unanswered += 1;
      return;
    }
    if (job?.phase !== 'sent' || !job.ownsNak) return;
    job.naks += 1;
    // NAK says that the frame was not understood: nothing was done, and the same frame may go again.
    if (job.naks <= naksMax) return this.send(job);
    this.stop(refusalOf(job.request) ?? { kind: 'unknown', why: 'the terminal refuses every frame' });
  }

  private ended(): void {
    this.eotOwed = false;
    if (this.awaitingEot) {
      this.effects.stop('end');
      return this.goOn();
    }
    const { job } = this;
    if (!job || job.phase === 'storing') return; // It ends the request before, or stands before the repetition of the result.
    job.eotSeen = true;
    this.effects.start('end', this.profile.timeouts.endMs);
  }

  /** A whole message with a good CRC: what it is decides whether it may be acknowledged now. */
  private message(data: Uint8Array): void {
    const { profile, settled } = this;
    const job = this.job?.phase === 'queued' ? null : this.job;
    const recognised = recognise(data, { profile, settled, request: job?.request ?? null, accepted: job !== null && job.phase !== 'sent' });
    if (recognised.kind === 'stray-money') return this.strayMoney(recognised.operation);
    // A result that comes again while it is stored gets its acknowledgement when that is done.
    if (recognised.kind === 'answer') return job && !job.result ? this.result(recognised.fields, data, job) : undefined;
    this.effects.control(control.ack);
    if (recognised.kind === 'wait' || recognised.kind === 'relay') this.alive();
    if (recognised.kind === 'wait' && job && !job.result) this.effects.heartbeat();
    if (recognised.kind === 'relay') {
      this.unanswered += 1;
      this.relay.refuse(recognised.reply);
    }
  }

  /** The terminal is at work: the idle time begins anew. It is no acknowledgement; only an ACK is. */
  private alive(): void {
    const { job } = this;
    if (job?.phase !== 'sent' && job?.phase !== 'running') return;
    this.cancelEot(job);
    this.effects.start('answer', job.phase === 'sent' ? this.profile.timeouts.ackMs : this.profile.timeouts.idleMs);
  }

  private result(fields: Message, data: Uint8Array, job: Job): void {
    const answer = answerOf(fields, { request: job.request, aborted: job.aborted, profile: this.profile });
    if (!job.financial && job.request.kind !== 'settle') return this.conclude(answer);
    job.phase = 'storing';
    job.result = { answer, data };
    this.stopTimers();
    this.effects.store(answer);
  }

  private stored(): void {
    const result = this.job?.result;
    if (!result) return;
    this.settled = result.data;
    this.conclude(result.answer);
  }

  private conclude(answer: TerminalAnswer): void {
    if (this.closed) return this.finish(answer);
    this.effects.control(control.ack);
    this.finish(answer);
    this.eotOwed = this.awaitingEot = true;
    this.effects.start('end', this.profile.timeouts.endMs);
  }

  /** The request before has ended, as far as can be known: the next one may go. */
  private goOn(): void {
    this.awaitingEot = false;
    if (this.job?.phase === 'queued') this.firstSend(this.job);
  }

  /** A result that belongs to nobody here. It is not acknowledged: nothing here can keep it. */
  private strayMoney(operation: string): void {
    this.effects.log('A result arrived that answers nothing asked here; it is not acknowledged.', { operation });
    const phase = this.job?.phase;
    if (phase === 'sent' || phase === 'running') this.giveUp('a result of another operation arrived');
  }

  // Times and ends.

  private timer(name: string): void {
    if (this.link.timer(name)) return;
    if (name === 'hard') return this.giveUp('the terminal did not finish in time');
    if (name === 'end') return this.endElapsed();
    const { job } = this;
    if (job?.phase !== 'sent' && job?.phase !== 'running') return;
    if (job.phase === 'sent' && !job.financial && job.sends < this.profile.timeouts.sendsMax) return this.send(job);
    this.giveUp(job.phase === 'sent' ? 'no acknowledgement came' : 'the terminal fell silent');
  }

  private endElapsed(): void {
    if (this.awaitingEot) return this.goOn(); // It did not come; should it come now, it proves nothing.
    const { job } = this;
    if (!job?.eotSeen) return;
    job.eotSeen = false;
    if (job.phase === 'running' && job.request.kind === 'show-qr') return this.finish(displayAnswer(null, job.aborted));
    if (job.phase === 'running') return this.giveUp('the terminal ended without a result');
    if (job.phase === 'sent' && job.ownsEot && job.financial) this.stop(refusal);
  }

  private cancelEot(job: Job): void {
    if (!job.eotSeen) return;
    job.eotSeen = false;
    this.effects.stop('end');
  }

  private linkCut(): void {
    if (this.closed) return;
    this.closed = true;
    const phase = this.job?.phase;
    if (phase === undefined || phase === 'storing') return; // The result is known; only its acknowledgement is lost.
    this.finish(phase === 'queued' ? { kind: 'not-sent' } : { kind: 'unknown', why: 'the link was cut' });
  }

  /** The bytes are out and no answer can be believed: nothing that comes later on this connection may be taken for another's answer. */
  private giveUp(why: string): void {
    if (this.job) this.stop({ kind: 'unknown', why });
  }

  private stop(answer: TerminalAnswer): void {
    this.finish(answer);
    this.closed = true;
    this.effects.close();
  }

  private finish(answer: TerminalAnswer): void {
    this.stopTimers();
    this.job = null;
    this.relay.forget();
    this.effects.answer(answer);
  }

  private stopTimers(): void {
    this.effects.stop('hard', 'answer');
    if (!this.awaitingEot) this.effects.stop('end');
  }
}
