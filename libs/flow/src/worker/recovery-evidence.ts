import { unreachable, type Evidence, type TerminalAnswer } from '@kkm/core';
import type { Judgement } from './judge-doubt';
import type { LinkAnswer } from './terminal-line';

/** The terminal answered a link test: it is idle. */
export function linkEvidence({ bankTerminalId, message, terminalTime }: LinkAnswer, at: string): Evidence {
  const said = [`terminal ${bankTerminalId ?? 'without an id'} answers`, terminalTime && `its clock ${terminalTime}`, message].filter(Boolean).join(', ');
  return { kind: 'link-test', asked: 'Does the terminal answer?', said, rrn: null, at };
}

/** What the terminal printed last. */
export function receiptEvidence(answer: TerminalAnswer, at: string): Evidence {
  const found = answer.kind === 'last-result' ? answer.found : null;
  const said = answer.kind === 'last-result' ? (found?.facts.slip ?? answer.raw ?? 'no last operation') : `no answer (${answer.kind})`;
  return { kind: 'last-result', asked: 'What was the last operation?', said, rrn: found?.rrn ?? null, at };
}

/** What the terminal's report shows, and what was made of it. */
export function reportEvidence(answer: TerminalAnswer, at: string, judgement: Judgement): Evidence {
  const said = answer.kind === 'report' ? answer.text : `no answer (${answer.kind})`;
  const rrn = judgement.kind === 'ours' ? judgement.record.rrn : null;
  return { kind: 'report', asked: 'Which operations were made?', said: `${verdictOf(judgement)}\n${said}`, rrn, at };
}

function verdictOf(judgement: Judgement): string {
  switch (judgement.kind) {
    case 'ours':
      return 'The operation of this attempt is there.';
    case 'not-charged':
      return 'The report reaches back past the permit and holds no operation that is not known: nothing was charged.';
    case 'open':
      return `Not settled: ${judgement.why}.`;
    default:
      return unreachable(judgement);
  }
}
