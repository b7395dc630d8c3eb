import { Rejected, Unavailable } from '@kkm/core';
import type { KeptRequest, TerminalSettings } from '@kkm/core';
import type { TerminalAsk, TerminalRequests as Requests } from '@kkm/flow/gateway';
import { doorTexts } from '@kkm/flow/kkmserver';
import type { TerminalAnswer, TerminalRequests } from '@kkm/flow/kkmserver';

/** So long one look waits for a terminal's answer; the request goes on, and the next look finds it by its key. */
const waitMs = 30_000;

/** What requests of commands are made with. */
export interface DeskTerminalPorts {
  readonly requests: Pick<Requests, 'run'>;
  /** The terminals of a site as they are set now. */
  readonly terminalsOf: (siteId: string) => Promise<readonly Pick<TerminalSettings, 'terminalId' | 'name' | 'enabled'>[]>;
}

/** Settlements and reports of terminals as commands of the KkmServer door ask for them. */
export function deskTerminals({ requests, terminalsOf }: DeskTerminalPorts): TerminalRequests {
  const ask = async (asked: Pick<TerminalAsk, 'siteId' | 'terminalId' | 'kind' | 'detailed'> & { readonly key: string }): Promise<TerminalAnswer> =>
    answerOf(await requests.run({ ...asked, key: `kkmserver:${asked.key}`, by: 'KkmServer', waitMs }));
  return {
    settle: (asked) => ask({ ...asked, kind: 'settle' }),
    report: (asked) => ask({ ...asked, kind: 'report' }),
    settleSite: async ({ siteId, key }) => {
      const terminals = (await terminalsOf(siteId)).filter(({ enabled }) => enabled);
      const faults = await Promise.all(
        terminals.map((terminal) =>
          faultOf(terminal.name, () => ask({ siteId, terminalId: terminal.terminalId, kind: 'settle', key: `${key}:${terminal.terminalId}` })),
        ),
      );
      return faults.filter((fault) => fault !== null);
    },
  };
}

/** Why a terminal of many was not settled; null when it was. It must not keep the others from it. */
async function faultOf(name: string, settle: () => Promise<TerminalAnswer>): Promise<string | null> {
  try {
    const answer = await settle();
    return answer.ok ? null : doorTexts.notSettled(name, doorTexts.terminalRefused(answer.reason));
  } catch (error) {
    if (error instanceof Rejected || error instanceof Unavailable) return doorTexts.notSettled(name, doorTexts.cause(error));
    throw error;
  }
}

/** @throws Unavailable while it has not ended. */
function answerOf({ state, reason, text }: KeptRequest): TerminalAnswer {
  switch (state) {
    case 'asked':
    case 'running':
      throw new Unavailable('terminal.silent');
    case 'done':
      return { ok: true, slip: text, reason: null };
    case 'failed':
    case 'unknown':
      return { ok: false, slip: null, reason };
  }
}
