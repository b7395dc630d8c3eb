import { approval, frame, sale, Talk, unread, wait } from './testing/talk';

describe('what belongs to others', () => {
  it.each([
    ['a result with another reference', approval({ 26: '123456789' })],
    ['a result of a refund', approval({ 25: '29' })],
  ])('%s is neither adopted nor acknowledged', (_what, fields) => {
    expect(Talk.running().hear(frame(fields))).toEqual(['answer unknown', 'close']);
  });

  it('a result without a reference is not adopted before the ACK', () => {
    const talk = new Talk();
    talk.ask(sale);
    expect(talk.hear(frame(approval({ 26: '-1' })))).toEqual(['answer unknown', 'close']);
    const named = new Talk();
    named.ask(sale);
    expect(named.hear(frame(approval()))).toEqual(['store approved']);
  });

  it('a result that nobody asked for is not acknowledged', () => {
    expect(new Talk().hear(frame(approval()))).toEqual([]);
  });

  it('frames that move no money are acknowledged and forgotten, idle or not', () => {
    const vending = frame([
      [0, '500'],
      [4, '643'],
      [86, '201000'],
    ]);
    const settled = frame([
      [25, '59'],
      [39, '1'],
    ]);
    for (const talk of [new Talk(), Talk.running()])
      expect(talk.hear(vending, settled, wait).filter((word) => word !== 'heartbeat')).toEqual(['send 06', 'send 06', 'send 06']);
  });

  it('a wait frame in idle is no heartbeat', () => {
    expect(new Talk().hear(wait)).toEqual(['send 06']);
  });

  it('a repeated result is acknowledged, and not taken for the next sale', () => {
    const talk = Talk.afterSale();
    expect(talk.hear('04', frame(approval()))).toEqual(['send 06']);
    const unnamed = Talk.running();
    unnamed.hear(frame(approval({ 26: '-1' })));
    unnamed.feed({ kind: 'stored' });
    unnamed.hear('04');
    unnamed.ask(sale);
    unnamed.hear('06');
    expect(unnamed.hear(frame(approval({ 26: '-1', 0: '00010000' })))).toEqual(['send 06']);
    expect(unnamed.hear(frame(approval({ 26: '-1', 14: '856666703131' })))).toEqual(['store approved']);
  });

  it('an unread card in the same second as the last one is an answer of its own, once the terminal accepted the sale', () => {
    const talk = Talk.running();
    talk.hear(frame(unread));
    talk.feed({ kind: 'stored' });
    expect(talk.hear('04', frame(unread))).toEqual(['send 06']);
    talk.ask(sale);
    expect(talk.hear(frame(unread))).toEqual(['send 06']);
    talk.hear('06');
    expect(talk.hear(frame(unread))).toEqual(['store failed']);
    expect(talk.financial).toHaveLength(2);
  });
});

describe('a network relay', () => {
  const open = frame([
    [25, '63'],
    [64, '1'],
    [65, '16'],
    [70, '91.107.65.66;1979;'],
  ]);

  it('is refused, and the refusal repeated when it was not understood', () => {
    const talk = Talk.running();
    expect(talk.hear(open)).toEqual(['send 06', 'send frame']);
    for (let times = 0; times < 3; times += 1) expect(talk.hear('15')).toEqual(['send frame']);
    expect(talk.hear('15')).toEqual([]);
    expect(talk.hear('06', frame(approval()))).toEqual(['store approved']);
  });
});

describe('frames on their way', () => {
  it('are refused when damaged, and taken when they come again', () => {
    const talk = Talk.running();
    const damaged = frame(approval());
    damaged[10] = (damaged[10] ?? 0) ^ 1;
    expect(talk.hear(damaged)).toEqual(['send 15']);
    expect(talk.hear(frame(approval()))).toEqual(['store approved']);
  });

  it('are forgotten when they stand still for a second', () => {
    const talk = Talk.running();
    talk.hear(frame(approval()).subarray(0, 30));
    expect(talk.timers.get('gap')).toBe(1_000);
    expect(talk.fire('gap')).toEqual([]);
    expect(talk.hear(frame(approval()))).toEqual(['store approved']);
    expect(talk.timers.has('gap')).toBe(false);
  });

  it('keep the terminal alive while they move', () => {
    const talk = Talk.running();
    talk.hear(frame(approval()).subarray(0, 30));
    expect(talk.timers.get('answer')).toBe(60_000);
  });
});

describe('a link test', () => {
  it('is repeated on silence, and then given up', () => {
    const talk = new Talk();
    expect(talk.ask({ kind: 'link-test' })).toEqual(['send frame']);
    expect(talk.fire('answer')).toEqual(['send frame']);
    expect(talk.fire('answer')).toEqual(['send frame']);
    expect(talk.fire('answer')).toEqual(['answer unknown', 'close']);
  });

  it('is acknowledged at once, and tells terminal and clock', () => {
    const talk = new Talk();
    talk.ask({ kind: 'link-test' });
    expect(
      talk.hear(
        '06',
        frame([
          [19, 'ОДОБРЕНО^APPROVED.JPG~'],
          [21, '20260115120000'],
          [25, '26'],
          [27, '00060056'],
          [39, '1'],
        ]),
      ),
    ).toEqual(['send 06', 'answer link']);
    expect(talk.answers).toEqual([
      { kind: 'link', ok: true, host: 'reached', bankTerminalId: '00060056', message: 'ОДОБРЕНО', terminalTime: '20260115120000' },
    ]);
  });

  it('tells that the terminal has no host', () => {
    const talk = new Talk();
    talk.ask({ kind: 'link-test' });
    talk.hear(
      '06',
      frame([
        [25, '26'],
        [39, '34'],
      ]),
    );
    expect(talk.answers).toMatchObject([{ kind: 'link', ok: false }]);
  });
});

describe('a wish to stop', () => {
  it('is sent once, behind the ACK, and the answer decides', () => {
    const talk = new Talk();
    talk.ask(sale);
    expect(talk.feed({ kind: 'abort' })).toEqual([]);
    expect(talk.hear('06')).toEqual(['send 04']);
    expect(talk.feed({ kind: 'abort' })).toEqual([]);
    talk.hear(frame(approval({ 13: null, 14: null, 15: 'ER3', 39: '53' })));
    talk.feed({ kind: 'stored' });
    expect(talk.answers).toMatchObject([{ outcome: { kind: 'cancelled', reason: 'cashier_cancelled' } }]);
  });

  it('is kept from terminals that do not know it', () => {
    expect(Talk.running({ abort: 'none' }).feed({ kind: 'abort' })).toEqual([]);
  });

  it('takes back a request that is not sent yet', () => {
    const talk = Talk.running();
    talk.hear(frame(approval()));
    talk.feed({ kind: 'stored' });
    talk.ask({ ...sale, reference: 'att_2' });
    expect(talk.feed({ kind: 'abort' })).toEqual(['answer not-sent']);
    expect(talk.financial).toHaveLength(1);
    talk.ask(sale);
    expect(talk.hear('04')).toEqual(['send money']);
  });

  it('comes too late for a result that is being stored', () => {
    const talk = Talk.running();
    talk.hear(frame(approval()));
    expect(talk.feed({ kind: 'abort' })).toEqual([]);
  });
});

describe('a QR display', () => {
  const show = (payload: string) => ({ kind: 'show-qr', payload, header: 'КАФЕ', footer: '150.00', seconds: 200 }) as const;

  it('may take twice its time', () => {
    const talk = new Talk();
    expect(talk.ask(show('https://qr.nspk.ru/AS10'))).toEqual(['send frame']);
    expect(talk.timers.get('hard')).toBe(405_000);
    expect(
      talk.hear(
        '06',
        frame([
          [25, '41'],
          [64, '4'],
          [67, '0'],
        ]),
      ),
    ).toEqual(['send 06', 'answer qr-shown']);
    expect(talk.answers).toEqual([{ kind: 'qr-shown', ok: true, how: 'ended' }]);
  });

  it('is refused when its text does not fit into one frame', () => {
    const talk = new Talk();
    expect(talk.ask(show('x'.repeat(500)))).toEqual(['answer qr-shown']);
    expect(talk.answers).toEqual([{ kind: 'qr-shown', ok: false, how: 'refused' }]);
  });
});
