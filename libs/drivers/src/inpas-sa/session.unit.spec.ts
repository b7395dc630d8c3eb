import fc from 'fast-check';
import { fromHex } from '@kkm/wire';
import type { SessionInput } from '../kit/session';
import { allAlike, approval, frame, packets, sale, Talk, wait } from './testing/talk';

describe('a sale', () => {
  it('goes out once, is waited for, stored, acknowledged and answered, in this order', () => {
    const talk = new Talk();
    expect(talk.ask(sale)).toEqual(['send money']);
    expect(talk.hear('06')).toEqual([]);
    expect(talk.hear(wait)).toEqual(['send 06', 'heartbeat']);
    expect(talk.hear(frame(approval()))).toEqual(['store approved']);
    expect(talk.feed({ kind: 'stored' })).toEqual(['send 06', 'answer approved']);
    expect([...talk.timers]).toEqual([['end', 300]]);
    talk.hear('04');
    expect(talk.timers.size).toBe(0);
  });

  it('has every packet of its result acknowledged but the last, which waits for the storing', () => {
    const talk = Talk.running();
    const all = packets(approval());
    for (const packet of all.slice(0, -1)) expect(talk.hear(packet)).toEqual(['send 06']);
    expect(talk.hear(all.at(-1)!)).toEqual(['store approved']);
    expect(talk.hear(all.at(-1)!)).toEqual([]);
    expect(talk.feed({ kind: 'stored' })).toEqual(['send 06', 'answer approved']);
    expect(talk.hear('04', all.at(-1)!)).toEqual(['send 06']);
  });

  it('is never repeated because of silence', () => {
    const talk = new Talk();
    talk.ask(sale);
    expect(talk.timers.get('answer')).toBe(1_000);
    expect(talk.fire('answer')).toEqual(['answer unknown', 'close']);
    expect(talk.financial).toHaveLength(1);
  });

  it('is in doubt when the terminal falls silent behind the ACK, or behind a wait', () => {
    const talk = Talk.running();
    expect(talk.timers.get('answer')).toBe(5_000);
    expect(talk.fire('answer')).toEqual(['answer unknown', 'close']);
    const waited = Talk.running();
    waited.hear(wait);
    expect(waited.timers.get('answer')).toBe(60_000);
    expect(waited.fire('answer')).toEqual(['answer unknown', 'close']);
  });

  it('is in doubt at the hard limit, however often the terminal says wait', () => {
    const talk = Talk.running();
    for (let times = 0; times < 700; times += 1) talk.hear(wait);
    expect(talk.timers.get('hard')).toBe(240_000);
    expect(talk.fire('hard')).toEqual(['answer unknown', 'close']);
  });

  it('is in doubt when the link is cut, before and behind the ACK, and in the middle of the result', () => {
    const sent = new Talk();
    sent.ask(sale);
    expect(sent.feed({ kind: 'closed' })).toEqual(['answer unknown']);
    expect(Talk.running().feed({ kind: 'closed' })).toEqual(['answer unknown']);
    const cut = Talk.running();
    cut.hear(frame(approval()).subarray(0, 40));
    expect(cut.feed({ kind: 'closed' })).toEqual(['answer unknown']);
  });

  it('keeps a result whose link is cut while it is stored', () => {
    const talk = Talk.running();
    talk.hear(frame(approval()));
    expect(talk.feed({ kind: 'closed' })).toEqual([]);
    expect(talk.feed({ kind: 'stored' })).toEqual(['answer approved']);
  });

  it('is not acknowledged when it could not be stored', () => {
    const talk = Talk.running();
    talk.hear(frame(approval()));
    expect(talk.feed({ kind: 'store-failed' })).toEqual(['answer unknown', 'close']);
  });

  it('is "not sent" when the permit has run out', () => {
    const talk = new Talk();
    talk.ask(sale);
    expect(talk.feed({ kind: 'withheld' })).toEqual(['answer not-sent']);
    expect(talk.timers.size).toBe(0);
  });

  it('that was withheld leaves nothing behind: a NAK of the next one is its own', () => {
    const talk = new Talk();
    talk.ask(sale);
    talk.feed({ kind: 'withheld' });
    talk.ask(sale);
    expect(talk.hear('15')).toEqual(['send money']);
  });

  it('is "not sent" on a link that has gone', () => {
    const talk = new Talk();
    talk.feed({ kind: 'closed' });
    expect(talk.ask(sale)).toEqual(['answer not-sent']);
  });
});

describe('a settlement', () => {
  it('is stored before it is acknowledged: its report is gone from the terminal', () => {
    const talk = new Talk();
    expect(talk.ask({ kind: 'settle' })).toEqual(['send frame']);
    expect(
      talk.hear(
        '06',
        frame([
          [25, '59'],
          [39, '1'],
          [90, '0xDF^^sums~'],
        ]),
      ),
    ).toEqual(['store settled']);
    expect(talk.feed({ kind: 'stored' })).toEqual(['send 06', 'answer settled']);
    expect(talk.answers).toEqual([{ kind: 'settled', ok: true, text: 'sums' }]);
  });
});

describe('a refusal', () => {
  it('by NAK lets the same frame go again, three times, and then says that the terminal is busy', () => {
    const talk = new Talk();
    talk.ask(sale);
    for (let times = 0; times < 3; times += 1) expect(talk.hear('15')).toEqual(['send money']);
    expect(talk.hear('15')).toEqual(['answer failed', 'close']);
    expect(talk.financial).toHaveLength(4);
    expect(allAlike(talk.financial)).toBe(true);
    expect(talk.answers).toMatchObject([{ outcome: { reason: 'terminal_busy' }, readFailure: false }]);
  });

  it('by NAK behind the ACK means nothing', () => {
    expect(Talk.running().hear('15')).toEqual([]);
  });

  it('by EOT in place of the ACK says that the terminal is busy, unless an ACK follows at once', () => {
    const talk = new Talk();
    talk.ask(sale);
    expect(talk.hear('04')).toEqual([]);
    expect(talk.fire('end')).toEqual(['answer failed', 'close']);
    expect(talk.answers).toMatchObject([{ outcome: { reason: 'terminal_busy' } }]);
    const accepted = new Talk();
    accepted.ask(sale);
    accepted.hear('04 06');
    expect(accepted.timers.has('end')).toBe(false);
    expect(accepted.hear(frame(approval()))).toEqual(['store approved']);
  });

  it('by EOT that may belong to the request before proves nothing', () => {
    const talk = Talk.running();
    talk.hear(frame(approval()));
    talk.feed({ kind: 'stored' });
    expect(talk.ask({ ...sale, reference: 'att_2' })).toEqual([]);
    expect(talk.fire('end')).toEqual(['send money']);
    talk.hear('04');
    expect(talk.fire('end')).toEqual([]);
    expect(talk.fire('answer')).toEqual(['answer unknown', 'close']);
  });

  it('by NAK is believed also where terminals never end with EOT; the next request goes at once there', () => {
    const talk = Talk.running();
    talk.hear(frame(approval()));
    talk.feed({ kind: 'stored' });
    talk.fire('end');
    expect(talk.ask({ ...sale, reference: 'att_2' })).toEqual(['send money']);
    expect(talk.hear('15')).toEqual(['send money']);
  });

  it('by NAK that may belong to an earlier frame lets nothing go again', () => {
    const talk = new Talk();
    talk.ask({ kind: 'link-test' });
    talk.fire('answer');
    talk.hear(
      '06',
      frame([
        [25, '26'],
        [39, '1'],
      ]),
      '04',
    );
    talk.ask(sale);
    expect(talk.hear('15')).toEqual([]);
    expect(talk.fire('answer')).toEqual(['answer unknown', 'close']);
    expect(talk.financial).toHaveLength(1);
  });

  it('is not read out of the burst of a terminal that starts', () => {
    const talk = new Talk();
    talk.ask(sale);
    talk.hear('554e49504f530d0a 03 04 04');
    expect(talk.fire('end')).toEqual([]);
    expect(talk.fire('answer')).toEqual(['answer unknown', 'close']);
  });
});

describe('EOT behind the ACK', () => {
  it('without a result leaves the sale in doubt', () => {
    const talk = Talk.running();
    expect(talk.hear('04')).toEqual([]);
    expect(talk.fire('end')).toEqual(['answer unknown', 'close']);
  });

  it('before a repeated frame means nothing', () => {
    const talk = Talk.running();
    talk.hear('04', frame(approval()));
    expect(talk.timers.has('end')).toBe(false);
    expect(talk.feed({ kind: 'stored' })).toEqual(['send 06', 'answer approved']);
  });

  it('while the result is stored means nothing', () => {
    const talk = Talk.running();
    talk.hear(frame(approval()));
    expect(talk.hear('04', frame(approval()))).toEqual([]);
    expect(talk.feed({ kind: 'stored' })).toEqual(['send 06', 'answer approved']);
  });

  it('lets the next request go when it ends the one before', () => {
    const talk = Talk.running();
    talk.hear(frame(approval()));
    talk.feed({ kind: 'stored' });
    expect(talk.ask({ kind: 'link-test' })).toEqual([]);
    expect(talk.hear('04')).toEqual(['send frame']);
  });
});

describe('a session', () => {
  const inputs: fc.Arbitrary<SessionInput> = fc.oneof(
    fc.uint8Array({ maxLength: 700 }).map((bytes): SessionInput => ({ kind: 'bytes', bytes })),
    fc.constantFrom('06', '15', '04', '03', '0601', '0205001902003231a5c2', '0604').map((hex): SessionInput => ({ kind: 'bytes', bytes: fromHex(hex) })),
    fc.constantFrom('answer', 'gap', 'end', 'hard', 'nothing').map((name): SessionInput => ({ kind: 'timer', name })),
    fc.constantFrom<SessionInput>({ kind: 'abort' }, { kind: 'stored' }, { kind: 'store-failed' }, { kind: 'closed' }),
  );

  it('takes anything without throwing, answers once at most, and repeats a sale for a NAK only', () => {
    fc.assert(
      fc.property(fc.array(inputs, { maxLength: 40 }), (script) => {
        const talk = new Talk();
        talk.ask(sale);
        const heard = script.map((input) => talk.feed(input));
        const naks = script.filter((input) => input.kind === 'bytes' && input.bytes.includes(0x15)).length;
        expect(talk.answers.length).toBeLessThanOrEqual(1);
        expect(talk.financial.length).toBeLessThanOrEqual(1 + Math.min(3, naks * 700));
        if (naks === 0) expect(talk.financial).toHaveLength(1);
        expect(heard.flat().filter((word) => word.startsWith('store'))).toEqual([]);
      }),
    );
  });
});
