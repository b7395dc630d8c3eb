import { Rejected, Unavailable, type Conversation, type LinkDraft, type LinkProblem, type OutcomeReason, type RequestAnswer } from '@kkm/core';
import { elapsedMs, now } from './moments';
import type { Clock, TerminalLinks } from './ports';
import { failed } from './settle-terminal';
import { endWaitMs, harmless, type LinkAnswer, type TerminalLine } from './terminal-line';
import type { TerminalLines } from './terminal-lines';

/** What {@link testDraft} needs of the worker around it. */
export interface DraftPorts {
  readonly siteId: string;
  readonly clock: Clock;
  readonly links: TerminalLinks;
  readonly lines: TerminalLines;
}

/** Whose draft it is: a saved terminal's, with its line to oneself, or null. */
interface DraftOf {
  readonly line: TerminalLine | null;
  readonly terminalId: string;
}

/**
 * Tests settings that are not saved, on a connection of its own that ends with the test. Sends a link test and nothing else. A terminal takes one connection, and a draft may
 * lead to the saved terminal itself by another name of its address. So it is tested only with the lease, which keeps a payment of another worker away, and after the terminal's
 * own connection has ended, which upkeep opens again. Another terminal of the site is left alone.
 */
export async function testDraft(draft: LinkDraft, { line, terminalId }: DraftOf, ports: DraftPorts): Promise<RequestAnswer> {
  const { lines, links, siteId } = ports;
  const others = lines.all().filter((other) => other !== line && isSameAddress(other.settings.transport, draft.transport));
  if (others.length > 0) return failedTest('terminal_busy', `Terminal ${others[0]?.terminalId ?? ''} has this address.`);
  if (line && !(await isLeft(line))) return failedTest('terminal_busy', otherWorker);
  let connection: Conversation;
  try {
    connection = await links.open({ ...draft, terminalId, siteId, name: terminalId, readAttemptsMax: 1, enabled: true, revision: 0 });
  } catch (error) {
    if (error instanceof Unavailable) return failedTest('terminal_unreachable', error.detail ?? 'The terminal cannot be reached.');
    if (error instanceof Rejected) return failedTest('settings_refused', error.detail ?? error.code);
    throw error;
  }
  try {
    return await tested(connection, ports.clock);
  } finally {
    connection.close();
    await Promise.race([connection.closed, ports.clock.sleep(endWaitMs)]);
  }
}

/** Said of a terminal whose lease another worker has. */
export const otherWorker = 'Another worker has the terminal.';

/** What a link test that was answered says. */
export function answeredTest(answer: LinkAnswer, tookMs: number, serialNumber: string | null): RequestAnswer {
  const { bankTerminalId, terminalTime = null, host = null } = answer;
  const link = { tookMs, bankTerminalId, serialNumber, terminalTime, host };
  const text = answer.message ?? `The terminal answered in ${tookMs} ms.`;
  if (answer.ok) return { state: 'done', reason: null, text, link, problem: null };
  return { ...failedTest(host === 'unreachable' ? 'host_unreachable' : 'terminal_fault', text), link };
}

const reasons: Readonly<Record<LinkProblem, OutcomeReason>> = {
  no_worker: 'terminal_unreachable',
  terminal_unreachable: 'terminal_unreachable',
  terminal_silent: 'terminal_unreachable',
  terminal_busy: 'terminal_busy',
  host_unreachable: 'terminal_fault',
  settings_refused: 'terminal_fault',
  terminal_fault: 'terminal_fault',
};

/** A link test that failed, and why. */
export function failedTest(problem: LinkProblem, text: string): RequestAnswer {
  return { ...failed(reasons[problem], text), problem };
}

async function tested(connection: Conversation, clock: Clock): Promise<RequestAnswer> {
  const askedAt = now(clock);
  const answer = await connection.run({ kind: 'link-test' }, harmless);
  if (answer.kind !== 'link') return failedTest('terminal_silent', 'The terminal does not answer a link test.');
  return answeredTest(answer, Math.round(elapsedMs(clock, askedAt)), null);
}

/** Ends the saved terminal's own connection. False: another worker may be connected, and may be paid at. */
async function isLeft(line: TerminalLine): Promise<boolean> {
  if (!line.holdsLease() && (await line.takeLease()).kind === 'busy') return false;
  await line.leave();
  return true;
}

/** Whether two transports lead to the same place, as far as their settings say. */
function isSameAddress(one: LinkDraft['transport'], other: LinkDraft['transport']): boolean {
  if (one.kind === 'serial') return other.kind === 'serial' && one.path === other.path;
  return other.kind === 'tcp' && one.host.toLowerCase() === other.host.toLowerCase() && one.port === other.port;
}
