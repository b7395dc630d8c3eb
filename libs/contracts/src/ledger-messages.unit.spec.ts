import { noBankFacts } from '@kkm/core';
import type { AttemptResult } from '@kkm/core';
import { attemptResult } from './ledger-messages';

const result: AttemptResult = {
  resultId: 'res_1',
  attemptId: 'att_1',
  paymentId: 'pay_1',
  siteId: 'club-1',
  terminalId: 'pax-1',
  workerId: 'worker_1',
  nonce: 'nonce_1',
  outcome: { kind: 'approved', chargedMinor: 15_000, facts: noBankFacts },
  readFailures: 0,
  source: 'recovery',
  at: '2026-11-26T12:00:00.000Z',
};
const piece = { kind: 'report', asked: 'the report', said: 'EMPTY', rrn: null, at: result.at };

describe('a result', () => {
  it('needs no evidence, as before there was any', () => {
    expect(attemptResult.parse(result)).toEqual(result);
  });

  it('brings evidence in a form that may be kept', () => {
    const told = { ...piece, said: `PAN 4111111111111111 ${'x'.repeat(5_000)}` };
    const [kept] = attemptResult.parse({ ...result, evidence: [told] }).evidence ?? [];
    expect(kept?.said).toMatch(/^PAN \*{12}1111 x+… \[cut\]$/);
    expect(kept?.said).toHaveLength(4_000);
  });

  it('is never refused over its evidence: what is malformed or too much is left out', () => {
    const evidence = [piece, { ...piece, kind: 'rumour' }, 'nonsense', ...Array.from({ length: 20 }, () => piece)];
    expect(attemptResult.parse({ ...result, evidence }).evidence).toEqual(Array.from({ length: 16 }, () => piece));
    expect(attemptResult.parse({ ...result, evidence: 'nonsense' }).evidence).toEqual([]);
  });

  it('holds no half of a sign where a text is cut', () => {
    const facts = { ...noBankFacts, message: '💳'.repeat(300).slice(1) };
    expect(attemptResult.parse({ ...result, outcome: { ...result.outcome, facts } }).outcome.facts.message).not.toMatch(/\p{Cs}/u);
  });
});
