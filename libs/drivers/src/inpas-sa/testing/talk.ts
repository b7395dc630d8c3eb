import type { TerminalAnswer, TerminalRequest } from '@kkm/core';
import { concatBytes, equalBytes, fromHex, toHex } from '@kkm/wire';
import type { Session, SessionEffect, SessionInput } from '../../kit/session';
import { encodeFields, message } from '../fields';
import { encodeFrame, encodePackets } from '../frames';
import { parseInpasProfile } from '../profile';
import { terminalReference } from '../reference';
import { createInpasSession } from '../session';

/** The attempt that the tests' sale belongs to. */
export const attemptId = 'att_1';

/** A sale of 100.00. */
export const sale = { kind: 'sale', reference: attemptId, amountMinor: 10_000, currency: 'RUB' } as const satisfies TerminalRequest;

/** Fields of its approval; replaced by `changes`, left out where null. */
export function approval(changes: Readonly<Record<number, string | null>> = {}): readonly (readonly [number, string])[] {
  const told: Readonly<Record<number, string | null>> = {
    0: '10000',
    4: '643',
    13: '769537',
    14: '856666703130',
    15: '00',
    21: '20260115120000',
    25: '1',
    26: terminalReference(attemptId),
    39: '1',
    ...changes,
  };
  return Object.entries(told).flatMap(([number, text]) => (text === null ? [] : [[Number(number), text] as const]));
}

/** Fields of the answer to an unread card. */
export const unread = approval({ 13: null, 14: null, 15: null, 19: 'ОШИБКА ЧТЕНИЯ КАРТЫ', 39: '53' });

/** One STX frame with these fields. */
export function frame(fields: readonly (readonly [number, string])[]): Uint8Array {
  return encodeFrame(encodeFields(message(fields)));
}

/** The same fields as packets of at most 40 bytes. */
export function packets(fields: readonly (readonly [number, string])[]): readonly Uint8Array[] {
  return encodePackets(encodeFields(message(fields)), 40);
}

/** The wait frame. */
export const wait = frame([[25, '21']]);

/** Speaks with a session in words: what it does comes back as a list such as `['send 06', 'heartbeat']`. Timers are told by {@link Talk.timers} only. */
export class Talk {
  /** Timers that run, with their milliseconds. */
  readonly timers = new Map<string, number>();
  /** Every answer given. */
  readonly answers: TerminalAnswer[] = [];
  /** Financial frames sent. */
  readonly financial: Uint8Array[] = [];
  private readonly session: Session;

  constructor(profile: unknown = {}) {
    this.session = createInpasSession(parseInpasProfile(profile));
  }

  /** Feeds an input. */
  feed(input: SessionInput): readonly string[] {
    return this.session.handle(input).flatMap((effect) => this.note(effect));
  }

  /** Asks for something. */
  ask(request: TerminalRequest): readonly string[] {
    return this.feed({ kind: 'request', request });
  }

  /** Bytes from the terminal; text is hex. */
  hear(...pieces: readonly (Uint8Array | string)[]): readonly string[] {
    return this.feed({ kind: 'bytes', bytes: concatBytes(pieces.map((piece) => (typeof piece === 'string' ? fromHex(piece) : piece))) });
  }

  /** A running timer fires. */
  fire(name: string): readonly string[] {
    if (!this.timers.delete(name)) throw new RangeError(`The timer ${name} does not run.`);
    return this.feed({ kind: 'timer', name });
  }

  /** A sale that the terminal has acknowledged. */
  static running(profile: unknown = {}): Talk {
    const talk = new Talk(profile);
    talk.ask(sale);
    talk.hear('06');
    return talk;
  }

  /** A sale that was approved, stored, acknowledged and ended by EOT. */
  static afterSale(): Talk {
    const talk = Talk.running();
    talk.hear(frame(approval()));
    talk.feed({ kind: 'stored' });
    talk.hear('04');
    return talk;
  }

  private note(effect: SessionEffect): readonly string[] {
    switch (effect.kind) {
      case 'send':
        if (effect.financial) this.financial.push(effect.bytes);
        return [effect.financial ? 'send money' : effect.bytes.length === 1 ? `send ${toHex(effect.bytes)}` : 'send frame'];
      case 'set-timer':
        this.timers.set(effect.name, effect.ms);
        return [];
      case 'clear-timer':
        this.timers.delete(effect.name);
        return [];
      case 'answer':
        this.answers.push(effect.answer);
        return [`answer ${said(effect.answer)}`];
      case 'store':
        return [`store ${said(effect.answer)}`];
      case 'heartbeat':
      case 'close':
        return [effect.kind];
      case 'log':
        return [];
    }
  }
}

function said(answer: TerminalAnswer): string {
  return answer.kind === 'outcome' ? answer.outcome.kind : answer.kind;
}

/** Whether every financial frame is the same. */
export function allAlike(frames: readonly Uint8Array[]): boolean {
  return frames.every((other) => equalBytes(other, frames[0] ?? other));
}
