import type { TerminalRequest } from '@kkm/core';
import { concatBytes, fromHex, toHex } from '@kkm/wire';
import { FakeBank } from '../../kit/fake-bank';
import { FakeSbpBank } from '../../kit/fake-sbp-bank';
import type { Fault } from '../../kit/faults';
import { parseFault } from '../../kit/faults';
import type { Behaviour, TerminalEffect } from '../../kit/virtual-terminal';
import { defaultBehaviour } from '../../kit/virtual-terminal';
import { encodeFields } from '../fields';
import { encodeFrame } from '../frames';
import { parseInpasProfile } from '../profile';
import { requestMessage } from '../requests';
import { inpasSubject } from './subject';

/** A sale of 150.00. */
export const sale150: TerminalRequest = { kind: 'sale', reference: 'att_1', amountMinor: 15_000, currency: 'RUB' };
/** A register's frame. */
export const request = (asked: TerminalRequest): Uint8Array => encodeFrame(encodeFields(requestMessage(asked, parseInpasProfile({}))));

/** A terminal with somebody connected; what it does comes back as hex of what it sends, or `drop`. */
export function terminal(behaviour: Partial<Behaviour> = {}) {
  const bank = new FakeBank(() => 1_795_000_000_000);
  const sbpBank = new FakeSbpBank(bank, () => 1_795_000_000_000);
  const machine = inpasSubject.makeTerminal({ bank, sbpBank, now: () => 1_795_000_000_000 });
  const timers = new Map<string, number>();
  const effects = (list: readonly TerminalEffect[]): string[] =>
    list.flatMap((effect) => {
      if (effect.kind === 'set-timer') timers.set(effect.name, effect.ms);
      if (effect.kind === 'clear-timer') timers.delete(effect.name);
      return effect.kind === 'send' ? [toHex(effect.bytes)] : effect.kind === 'drop' ? ['drop'] : [];
    });
  const feed = (...inputs: Parameters<typeof machine.handle>[0][]): string[] => inputs.flatMap((input) => effects(machine.handle(input)));
  const hear = (...pieces: (Uint8Array | string)[]): string[] =>
    feed({ kind: 'bytes', bytes: concatBytes(pieces.map((piece) => (typeof piece === 'string' ? fromHex(piece) : piece))) });
  const fire = (name: string): string[] => {
    timers.delete(name);
    return feed({ kind: 'timer', name });
  };
  feed({ kind: 'behaviour', behaviour: { ...defaultBehaviour, ...behaviour } }, { kind: 'connected' });
  return { bank, sbpBank, machine, timers, feed, hear, fire };
}

/** Faults by name. */
export const faults = (...texts: string[]): Fault[] => texts.map((text) => parseFault(text)).filter((fault) => typeof fault !== 'string');
