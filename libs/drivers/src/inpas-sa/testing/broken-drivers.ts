/* Drivers that are broken on purpose, each in one way that would cost money. The conformance suite must catch every one. */
import type { TerminalAnswer } from '@kkm/core';
import { noBankFacts } from '@kkm/core';
import type { Driver } from '../../kit/driver';
import { pump } from '../../kit/pump';
import type { Session, SessionEffect, SessionInput } from '../../kit/session';
import { inpasSaDriver } from '../driver';
import { control } from '../frames';
import type { InpasProfile } from '../profile';
import { parseInpasProfile } from '../profile';
import { createInpasSession } from '../session';

/** What is wrong with a driver, and the driver. */
export interface BrokenDriver {
  readonly fault: string;
  readonly driver: Driver;
}

function broken(fault: string, build: (profile: InpasProfile) => Session): BrokenDriver {
  const driver: Driver = {
    ...inpasSaDriver,
    converse: ({ transport, profile, timers, log }) => pump({ transport, timers, log, session: build(parseInpasProfile(profile)) }),
  };
  return { fault, driver };
}

/** A good session whose effects are twisted one by one. */
function twisted(fault: string, twist: (effect: SessionEffect) => readonly SessionEffect[]): BrokenDriver {
  return broken(fault, (profile) => {
    const good = createInpasSession(profile);
    return { handle: (input) => good.handle(input).flatMap(twist) };
  });
}

/** A good session whose answers are twisted, where they are stored and where they are given. */
function lying(fault: string, lie: (answer: TerminalAnswer) => TerminalAnswer): BrokenDriver {
  const lies = new WeakMap<TerminalAnswer, TerminalAnswer>();
  const told = (answer: TerminalAnswer): TerminalAnswer => {
    const known = lies.get(answer) ?? lie(answer);
    lies.set(answer, known);
    return known;
  };
  return twisted(fault, (effect) => [effect.kind === 'answer' || effect.kind === 'store' ? { ...effect, answer: told(effect.answer) } : effect]);
}

function repeatsOnSilence(profile: InpasProfile): Session {
  const good = createInpasSession(profile);
  let frame: SessionEffect | null = null;
  let repeated = false;
  return {
    handle: (input: SessionInput) => {
      if (input.kind === 'timer' && input.name === 'answer' && frame && !repeated) {
        repeated = true;
        return [frame, { kind: 'set-timer', name: 'answer', ms: profile.timeouts.ackMs }];
      }
      const effects = good.handle(input);
      frame = effects.find((effect) => effect.kind === 'send' && effect.financial) ?? frame;
      return effects;
    },
  };
}

/** Shows a QR to the end of its time, whoever asks to take it off. */
function neverStops(profile: InpasProfile): Session {
  const good = createInpasSession(profile);
  let showing = false;
  return {
    handle: (input) => {
      if (input.kind === 'request') showing = input.request.kind === 'show-qr';
      return input.kind === 'abort' && showing ? [] : good.handle(input);
    },
  };
}

/** Forgets what happened on the connection with every request. */
function forgetful(profile: InpasProfile): Session {
  let good = createInpasSession(profile);
  return {
    handle: (input) => {
      if (input.kind === 'request') good = createInpasSession(profile);
      return good.handle(input);
    },
  };
}

const declined: TerminalAnswer = { kind: 'outcome', outcome: { kind: 'declined', reason: 'do_not_honour', facts: noBankFacts }, readFailure: false };

/** All of them. */
export const brokenDrivers: readonly BrokenDriver[] = [
  broken('repeats a sale on silence', repeatsOnSilence),
  broken('takes a repeated result for the next sale', forgetful),
  twisted('acknowledges before it stores', (effect) =>
    effect.kind === 'store' ? [{ kind: 'send', bytes: Uint8Array.of(control.ack), financial: false }, effect] : [effect],
  ),
  twisted('does not ask whether it may send', (effect) => [effect.kind === 'send' ? { ...effect, financial: false } : effect]),
  twisted('stays open after an unknown answer', (effect) => (effect.kind === 'close' ? [] : [effect])),
  lying('calls a timeout a decline', (answer) => (answer.kind === 'unknown' ? declined : answer)),
  lying('calls an unlisted status a decline', (answer) => (answer.kind === 'outcome' && answer.outcome.kind === 'unknown' ? declined : answer)),
  lying('takes a cancel for an unread card', (answer) =>
    answer.kind === 'outcome' && answer.outcome.kind === 'cancelled' ? { ...answer, readFailure: true } : answer,
  ),
  lying('believes the amount asked for', (answer) =>
    answer.kind === 'outcome' && answer.outcome.kind === 'approved' ? { ...answer, outcome: { ...answer.outcome, chargedMinor: 15_000 } } : answer,
  ),
  broken('does not take a QR off the screen', neverStops),
  broken('sends a sale by SBP as a card sale', (profile) => {
    const good = createInpasSession(profile);
    return {
      handle: (input) =>
        good.handle(input.kind === 'request' && input.request.kind === 'sale' ? { ...input, request: { ...input.request, sbp: false } } : input),
    };
  }),
  lying('takes every display for shown', (answer) => (answer.kind === 'qr-shown' ? { kind: 'qr-shown', ok: true, how: 'ended' } : answer)),
  lying('takes a cut display for a cancelled one', (answer) => (answer.kind === 'unknown' ? { kind: 'qr-shown', ok: false, how: 'cancelled' } : answer)),
  lying('takes a settled report for unread', (answer) => (answer.kind === 'report' ? { ...answer, operations: null } : answer)),
];
