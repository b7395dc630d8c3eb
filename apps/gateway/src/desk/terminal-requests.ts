import { reasonTexts, Rejected, Unavailable } from '@kkm/core';
import type { KeptRequest, OutcomeReason } from '@kkm/core';
import type { TerminalAsk, TerminalRequests as Asking } from '@kkm/flow/gateway';
import type { TerminalAnswer, TerminalRequests } from '@kkm/flow/kkmserver';

/** For so long a command waits at a time; then it is driven on later, under the same key. Longer than a worker may take to take a request. */
const waitMs = 60_000;

/** A terminal of a site, as far as the close of the day concerns it. */
interface SiteTerminal {
  readonly terminalId: string;
  readonly name: string;
  readonly enabled: boolean;
}

/** What terminals are asked by commands of the KkmServer door. `terminalsOf` reads a site's terminals as they are set now. */
export function deskTerminalRequests(asking: Pick<Asking, 'run'>, terminalsOf: (siteId: string) => Promise<readonly SiteTerminal[]>): TerminalRequests {
  const ask = async (asked: Omit<TerminalAsk, 'by' | 'waitMs'>): Promise<TerminalAnswer> => {
    try {
      return answerFrom(await asking.run({ ...asked, by: 'KkmServer', waitMs }));
    } catch (error) {
      // An attempt is unfinished at the terminal: nothing was asked of it.
      if (error instanceof Rejected && busyCodes.includes(error.code)) return notDone('failed', 'terminal_busy');
      throw error;
    }
  };
  const settle: TerminalRequests['settle'] = (asked) => ask({ ...asked, kind: 'settle' });
  return {
    settle,
    report: (asked) => ask({ ...asked, kind: 'report' }),
    settleSite: async ({ siteId, key }) => {
      const enabled = (await terminalsOf(siteId)).filter((terminal) => terminal.enabled);
      const faults = enabled.map(async ({ terminalId, name }) => {
        const { state, reason } = await settle({ siteId, terminalId, key: `${key}/${terminalId}` });
        if (state === 'done') return [];
        const why = state === 'unknown' ? 'прошла ли сверка, неизвестно: посмотрите отчёт терминала' : reasonTexts[reason ?? 'unrecognised'].ru;
        return [`${name}: ${why}.`];
      });
      return (await Promise.all(faults)).flat();
    },
  };
}

const busyCodes: readonly string[] = ['terminal.in_doubt', 'equipment.terminal_busy'];

function notDone(state: 'failed' | 'unknown', reason: OutcomeReason): TerminalAnswer {
  return { state, slip: null, reason };
}

/** What came of it. @throws Unavailable while the terminal is at it. */
function answerFrom({ state, text, reason }: KeptRequest): TerminalAnswer {
  if (state === 'asked' || state === 'running') throw new Unavailable('terminal.silent', { detail: 'The terminal has not answered yet.' });
  return state === 'done' ? { state, slip: text, reason: null } : notDone(state, reason ?? 'unrecognised');
}
