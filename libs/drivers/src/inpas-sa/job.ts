import type { TerminalAnswer, TerminalRequest } from '@kkm/core';
import { displayRefused, noSbp } from './answers';
import { encodeFields } from './fields';
import { encodeMessage } from './frames';
import type { InpasProfile } from './profile';
import { isFinancial, requestMessage } from './requests';

/** A request on its way. */
export interface Job {
  readonly request: TerminalRequest;
  readonly frame: Uint8Array;
  readonly financial: boolean;
  /** From the first sending to the end at most. */
  readonly hardMs: number;
  /**
   * - `queued`: the EOT of the request before is waited for.
   * - `sent`: no ACK yet. `running`: the terminal is at work. `storing`: the result is here, and not durable yet.
   */
  phase: 'queued' | 'sent' | 'running' | 'storing';
  sends: number;
  naks: number;
  aborted: boolean;
  /** A NAK can only be meant for this request: nothing earlier on this connection is still unanswered. */
  ownsNak: boolean;
  /** An EOT can only be meant for this request: besides, no earlier one is still to come. */
  ownsEot: boolean;
  /** A lone EOT came: the end, unless a frame follows at once (it also stands before repetitions). */
  eotSeen: boolean;
  /** The answer and the message that carried it, while they are being stored. */
  result: { readonly answer: TerminalAnswer; readonly data: Uint8Array } | null;
}

/**
 * Prepares a request, or answers it without sending anything: SBP is asked of a terminal that does not run it, or the message does not fit into one
 * frame, and registers do not send packets. Only the text of a QR can be that long.
 */
export function newJob(request: TerminalRequest, profile: InpasProfile): Job | TerminalAnswer {
  if (request.kind === 'sale' && request.sbp && profile.sbp.by !== 'terminal') return noSbp;
  const [frame, ...more] = encodeMessage(encodeFields(requestMessage(request, profile)));
  if (!frame || more.length > 0) return displayRefused;
  return {
    request,
    frame,
    financial: isFinancial(request),
    hardMs: hardMsOf(request, profile),
    phase: 'queued',
    sends: 0,
    naks: 0,
    aborted: false,
    ownsNak: true,
    ownsEot: true,
    eotSeen: false,
    result: null,
  };
}

/** A shown QR may stand for its time twice (facts, section 4). */
function hardMsOf(request: TerminalRequest, { timeouts }: InpasProfile): number {
  return request.kind === 'show-qr' ? Math.max(timeouts.hardMs, request.seconds * 2_000 + 5_000) : timeouts.hardMs;
}
