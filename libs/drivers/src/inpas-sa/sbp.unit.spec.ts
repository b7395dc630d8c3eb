import type { TerminalAnswer, TerminalRequest } from '@kkm/core';
import { decodeFields, fieldNumbers as f, textOf } from './fields';
import { approval, frame, sale, Talk } from './testing/talk';

const byTerminal = { sbp: { by: 'terminal', operation: '35', entryModeQr: 'Q' } };
const bySbp: TerminalRequest = { ...sale, sbp: true };
const show: TerminalRequest = { kind: 'show-qr', payload: 'https://qr.nspk.ru/AD1', header: 'КАФЕ', footer: '150.00', seconds: 20 };

/** A display that the terminal has accepted. */
function showing(profile: unknown = {}): Talk {
  const talk = new Talk(profile);
  talk.ask(show);
  talk.hear('06');
  return talk;
}

const shown = (result: string): Uint8Array =>
  frame([
    [25, '41'],
    [64, '4'],
    [67, result],
  ]);

const ended: TerminalAnswer = { kind: 'qr-shown', ok: true, how: 'ended' };
const cancelled: TerminalAnswer = { kind: 'qr-shown', ok: false, how: 'cancelled' };
const refused: TerminalAnswer = { kind: 'qr-shown', ok: false, how: 'refused' };

describe('the end of a display', () => {
  it.each([
    ['0', ended],
    ['1', cancelled],
    ['7', refused],
    ['', refused],
  ])('with result "%s" is told apart', (result, answer) => {
    const talk = showing();
    talk.hear(shown(result));
    expect(talk.answers).toEqual([answer]);
  });

  it('is the register’s when it took the code off, whatever the terminal says', () => {
    for (const result of ['0', '1']) {
      const talk = showing();
      expect(talk.feed({ kind: 'abort' })).toEqual(['send 04']);
      talk.hear(shown(result));
      expect(talk.answers).toEqual([ended]);
    }
  });

  it('can be a lone EOT: the guest’s key, or the answer to the register’s own', () => {
    const byGuest = showing();
    byGuest.hear('04');
    expect(byGuest.fire('end')).toEqual(['answer qr-shown']);
    const byRegister = showing();
    byRegister.feed({ kind: 'abort' });
    byRegister.hear('04');
    byRegister.fire('end');
    expect([byGuest.answers, byRegister.answers]).toEqual([[cancelled], [ended]]);
  });

  it('is a refusal when no frame is understood', () => {
    const talk = new Talk();
    talk.ask(show);
    for (let nak = 0; nak < 4; nak += 1) talk.hear('15');
    expect(talk.answers).toEqual([refused]);
  });

  it('is not known when the terminal is busy or the link is cut', () => {
    const busy = new Talk();
    busy.ask(show);
    busy.hear('04');
    for (let silence = 0; silence < 3; silence += 1) busy.fire('answer');
    const cut = showing();
    cut.feed({ kind: 'closed' });
    expect([...busy.answers, ...cut.answers].map(({ kind }) => kind)).toEqual(['unknown', 'unknown']);
  });
});

describe('a sale by SBP that the terminal runs', () => {
  const codeOf = (talk: Talk): string | null => textOf(decodeFields(talk.financial[0]?.subarray(3, -2) ?? new Uint8Array()) ?? [], f.operation);

  it('goes out under the profile’s code', () => {
    const [sbp, card] = [new Talk(byTerminal), new Talk(byTerminal)];
    sbp.ask(bySbp);
    card.ask(sale);
    expect([codeOf(sbp), codeOf(card)]).toEqual(['35', '1']);
  });

  it('is not sent to a terminal that does not run it', () => {
    for (const profile of [{}, { sbp: { by: 'none' } }]) {
      const talk = new Talk(profile);
      expect(talk.ask(bySbp)).toEqual(['answer failed']);
      expect([talk.financial, talk.answers]).toMatchObject([[], [{ outcome: { kind: 'failed', reason: 'not_supported' } }]]);
    }
  });

  it('says that the guest paid by QR, in a sale of either code', () => {
    for (const [request, code] of [
      [bySbp, '35'],
      [sale, '1'],
    ] as const) {
      const talk = new Talk(byTerminal);
      talk.ask(request);
      talk.hear('06');
      talk.hear(frame(approval({ 8: 'Q', 25: code })));
      talk.feed({ kind: 'stored' });
      expect(talk.answers).toMatchObject([
        { outcome: { kind: 'approved', facts: { rrn: '856666703130', card: { maskedPan: '', scheme: null, entryMode: 'qr' } } } },
      ]);
    }
  });

  it('is not read out of a letter that the profile does not name', () => {
    const cards = [{}, { sbp: { ...byTerminal.sbp, entryModeQr: '9' } }].map((profile) => {
      const talk = Talk.running(profile);
      talk.hear(frame(approval({ 8: 'Q' })));
      talk.feed({ kind: 'stored' });
      return talk.answers.map((answer) => answer.kind === 'outcome' && answer.outcome.facts.card);
    });
    expect(cards).toEqual([[null], [null]]);
  });

  it('is money: a result of it that answers nothing is never acknowledged', () => {
    const talk = new Talk(byTerminal);
    expect(talk.hear(frame(approval({ 25: '35' })))).toEqual([]);
  });
});
