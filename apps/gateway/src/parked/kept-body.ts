import { isUtf8 } from 'node:buffer';
import type { NotReplayable, ParkedBodyForm } from '@kkm/core';
import { bodyBytesMax } from '@kkm/messaging';
import { redact } from '@kkm/observability';

/** What is kept of a body, fit to be stored and shown. */
export interface KeptBody {
  readonly body: string;
  readonly form: ParkedBodyForm;
  /** What is kept is not all of it. */
  readonly isCut: boolean;
  /** The JSON that is kept; undefined where it is none. */
  readonly json: unknown;
  readonly obstacle: Extract<NotReplayable, 'not_json' | 'too_large' | 'redacted'> | null;
}

/** So much is kept of what no handler can read: enough to see what it is. */
export const unreadableBytesMax = 16 * 1024;

/** A number that lies across the cut would be shown in part: so much more is looked at. */
const lookAhead = 1024;

/** Takes card numbers and secrets out of a body. JSON is kept whole, because it can be sent again if nothing had to be taken out. Never throws. */
export function keptBody(content: Buffer): KeptBody {
  const isTooLarge = content.length > bodyBytesMax;
  const json = isTooLarge ? undefined : jsonIn(content);
  if (json === undefined) return keptUnread(content, isTooLarge ? 'too_large' : 'not_json');
  const shown = redact(json);
  return { body: JSON.stringify(shown), form: 'json', isCut: false, json: shown, obstacle: isSame(shown, json) ? null : 'redacted' };
}

function keptUnread(content: Buffer, obstacle: 'not_json' | 'too_large'): KeptBody {
  const isCut = content.length > unreadableBytesMax;
  const looked = content.subarray(0, unreadableBytesMax + lookAhead);
  const text = textIn(looked, isCut);
  // Without zeros, which no database takes as text: between the digits of a number they would hide it.
  const sent = (text ?? looked.toString('latin1')).replaceAll('\0', '');
  const shown = String(redact(sent));
  const kept = { isCut, json: undefined, obstacle };
  if (text !== null) return { ...kept, body: shown.slice(0, unreadableBytesMax), form: 'text' };
  // Base 64 would hide a card number from nobody.
  if (shown !== sent) return { ...kept, body: '', form: 'base64', isCut: true };
  return { ...kept, body: content.subarray(0, unreadableBytesMax).toString('base64'), form: 'base64' };
}

/** Text in UTF-8, or null. A character across the cut is left out. */
function textIn(bytes: Buffer, isCut: boolean): string | null {
  for (let cut = 0; cut <= (isCut ? 3 : 0); cut += 1) {
    const whole = bytes.subarray(0, bytes.length - cut);
    if (isUtf8(whole)) return whole.toString('utf8');
  }
  return null;
}

function jsonIn(content: Buffer): unknown {
  if (!isUtf8(content)) return undefined;
  try {
    return JSON.parse(content.toString('utf8'));
  } catch {
    return undefined; // The sender's fault; it is kept as the text it is.
  }
}

/** Whether nothing was taken out. Goes only as deep as what is kept, which has a bound; what was sent has none. */
function isSame(kept: unknown, sent: unknown): boolean {
  if (typeof kept !== 'object' || kept === null || typeof sent !== 'object' || sent === null) return Object.is(kept, sent);
  const [ours, theirs] = [Object.entries(kept), Object.entries(sent)];
  return ours.length === theirs.length && ours.every(([name, member], at) => theirs[at]?.[0] === name && isSame(member, theirs[at][1]));
}
