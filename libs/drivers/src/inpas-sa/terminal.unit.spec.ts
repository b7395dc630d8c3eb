import type { TerminalRequest } from '@kkm/core';
import { decodeWindows1251, fromHex } from '@kkm/wire';
import { defaultBehaviour } from '../kit/virtual-terminal';
import { encodeFrame } from './frames';
import { faults, request, sale150 as sale, terminal } from './testing/terminal-rig';

const printed = (hex: string): string => decodeWindows1251(fromHex(hex));

describe('a virtual terminal', () => {
  it('shows in Russian what a guest is asked for, and then the result', () => {
    const { machine, hear, fire, timers } = terminal({ delayMs: 300 });
    expect(machine.screen).toMatchObject({ state: 'idle', lines: ['ДОБРО ПОЖАЛОВАТЬ'] });
    expect(hear(request(sale))).toEqual(['06']);
    expect(machine.screen).toEqual({ state: 'card', lines: ['ОПЛАТА', '150.00 ₽', 'ПРИЛОЖИТЕ ИЛИ ВСТАВЬТЕ КАРТУ'], amountMinor: 15_000, qr: null });
    expect(timers.get('guest')).toBe(300);
    fire('guest');
    expect(machine.screen).toMatchObject({ state: 'approved', lines: ['ОДОБРЕНО', '150.00 ₽'] });
    fire('screen');
    expect(machine.screen.state).toBe('idle');
  });

  it('takes one connection', () => {
    const { machine, feed } = terminal();
    expect(machine.acceptsConnection).toBe(false);
    feed({ kind: 'disconnected' });
    expect(machine.acceptsConnection).toBe(true);
  });

  it('has no ear for a link test or a settlement during a sale, and refuses a second sale by EOT', () => {
    const { hear } = terminal({ auto: 'none' });
    hear(request(sale));
    expect([hear(request({ kind: 'link-test' })), hear(request({ kind: 'settle' })), hear(request(sale))]).toEqual([[], [], ['04']]);
  });

  it('prints the sums alone when a short report is asked for, and settles nothing by it', () => {
    const { hear, bank } = terminal();
    bank.foreignSale('pax-1', 12_300);
    const short = hear(request({ kind: 'report', short: true })).join('');
    const full = hear('06', request({ kind: 'report' })).join('');
    expect([printed(short).includes('КРАТКИЙ ОТЧЕТ'), printed(full).includes('ПОЛНЫЙ ОТЧЕТ')]).toEqual([true, true]);
    expect(printed(short)).not.toContain('ИТОГО ОПЕРАЦИЙ');
  });

  it('goes on with a sale when the link drops, and keeps the receipt', () => {
    const { bank, feed, hear, fire } = terminal();
    hear(request(sale));
    feed({ kind: 'disconnected' });
    expect(fire('guest')).toEqual([]);
    expect(bank.transactions()).toHaveLength(1);
    feed({ kind: 'connected' });
    const [ack, receipt] = hear(request({ kind: 'last-result' }));
    expect([ack, receipt?.slice(0, 2)]).toEqual(['06', '01']);
  });

  it('waits for a card no longer than its time, and says so', () => {
    const { machine, hear, fire, timers } = terminal({ auto: 'none' });
    hear(request(sale));
    expect(timers.get('card-wait')).toBe(60_000);
    fire('card-wait');
    expect(machine.screen).toMatchObject({ state: 'refused', lines: ['ВРЕМЯ ОЖИДАНИЯ ИСТЕКЛО'] });
  });

  it('stops for the register while it waits for a card, and no longer afterwards', () => {
    const { machine, hear } = terminal({ auto: 'none' });
    hear(request(sale), '04');
    expect(machine.screen.lines).toEqual(['ОПЕРАЦИЯ ПРЕРВАНА']);
    const late = terminal({ faults: faults('slow_bank(5000)') });
    late.hear(request(sale));
    late.fire('guest');
    late.hear('04');
    expect(late.machine.screen.state).toBe('busy');
  });

  it('says wait while it works, one at a time', () => {
    const { hear, fire } = terminal({ auto: 'none' });
    hear(request(sale));
    expect(fire('wait')).toEqual(['0205001902003231a5c2']);
    expect(fire('wait')).toEqual([]);
    hear('06');
    expect(fire('wait')).toEqual(['0205001902003231a5c2']);
  });

  it('sends an unacknowledged result again behind an EOT, twice, and then gives up', () => {
    const { hear, fire } = terminal({ auto: 'decline' });
    hear(request(sale));
    const [result] = fire('guest');
    expect([fire('resend'), fire('resend'), fire('resend')]).toEqual([[`04${result}`], [`04${result}`], []]);
    expect(hear(request({ kind: 'link-test' }))[0]).toBe('06');
  });

  it('refuses what it cannot read by NAK and what it does not know by EOT', () => {
    const { hear } = terminal();
    const damaged = request(sale);
    damaged[5] = 0xff;
    expect(hear(damaged)).toEqual(['15']);
    expect(hear(encodeFrame(new Uint8Array(0)))).toEqual(['15']);
    expect(hear(encodeFrame(fromHex('1902003939')))).toEqual(['04']);
  });
});

describe('the guest', () => {
  it('can do only what the screen asks for', () => {
    const { machine, hear } = terminal({ auto: 'none' });
    expect(machine.refusalOf('tap')).toContain('idle');
    hear(request(sale));
    expect([machine.refusalOf('tap'), machine.refusalOf('cancel'), machine.refusalOf('walk_away')]).toEqual([null, null, null]);
    expect(machine.refusalOf('scan')).toContain('No QR code');
  });

  it.each([
    ['tap', 'ok', 'approved'],
    ['insert', 'blocked', 'refused'],
    ['tap', 'unreadable', 'refused'],
    ['cancel', 'ok', 'refused'],
    ['walk_away', 'ok', 'refused'],
  ] as const)('%s with a card that is %s ends %s', (action, card, state) => {
    const { machine, hear, feed, bank } = terminal({ auto: 'none' });
    hear(request(sale));
    feed({ kind: 'customer', action, card });
    expect(machine.screen.state).toBe(state);
    expect(bank.transactions()).toHaveLength(state === 'approved' ? 1 : 0);
  });
});

describe('faults', () => {
  it('never fire on a link test', () => {
    const { machine, hear } = terminal({ faults: faults('silent', 'drop_before_ack') });
    expect(hear(request({ kind: 'link-test' }))[0]).toBe('06');
    expect(machine.behaviour.faults).toHaveLength(2);
  });

  it('fire once, unless they stick', () => {
    for (const sticky of [false, true]) {
      const { hear } = terminal({ sticky, faults: faults('silent') });
      expect([hear(request(sale)), hear(request(sale))]).toEqual([[], sticky ? [] : ['06']]);
    }
  });

  it('are replaced before they fire, and leave a running operation alone', () => {
    const { machine, hear, feed, fire, bank } = terminal({ auto: 'none', faults: faults('silent') });
    feed({ kind: 'behaviour', behaviour: { ...defaultBehaviour, auto: 'none', faults: faults('host_unreachable') } });
    expect(hear(request(sale))).toEqual(['06']);
    feed({ kind: 'behaviour', behaviour: { ...defaultBehaviour, faults: faults('silent') } });
    feed({ kind: 'customer', action: 'tap', card: 'ok' });
    expect(machine.screen.lines).toEqual(['НЕТ СВЯЗИ С БАНКОМ']);
    expect(bank.transactions()).toEqual([]);
    expect(fire('guest')).toEqual([]);
  });

  it('span the next n sales for unread cards', () => {
    const { machine, hear, fire } = terminal({ faults: faults('read_failures(2)') });
    const seen: string[] = [];
    for (let times = 0; times < 3; times += 1) {
      hear(request(sale));
      fire('guest');
      seen.push(machine.screen.lines[0] ?? '');
      for (let frames = 0; frames < 5; frames += 1) hear('06');
    }
    expect(seen).toEqual(['ОШИБКА ЧТЕНИЯ КАРТЫ', 'ОШИБКА ЧТЕНИЯ КАРТЫ', 'ОДОБРЕНО']);
  });

  it.each([
    ['drop_before_ack', ['drop'], 1],
    ['drop_after_ack', ['06', 'drop'], 1],
    ['unplug(500)', ['06', 'drop'], 1],
    ['silent', [], 0],
    ['coalesce', ['060205001902003231a5c2'], 1],
  ])('%s', (fault, heard, booked) => {
    const { hear, fire, bank } = terminal({ faults: faults(fault) });
    expect(hear(request(sale))).toEqual(heard);
    fire('guest');
    expect(bank.transactions()).toHaveLength(booked);
  });

  it('nak_once takes the repetition, with the other faults', () => {
    const { hear } = terminal({ sticky: true, faults: faults('nak_once', 'drop_after_ack') });
    expect([hear(request(sale)), hear(request(sale))]).toEqual([['15'], ['06', 'drop']]);
  });

  it('reboot loses the operation, keeps the register out for a while, and greets it with a burst', () => {
    const { machine, hear, fire, feed, bank } = terminal({ faults: faults('reboot') });
    hear(request(sale));
    expect(fire('guest')).toEqual(['drop']);
    expect([machine.screen.state, machine.acceptsConnection]).toEqual(['off', false]);
    fire('replug');
    expect([machine.screen.state, machine.acceptsConnection, bank.transactions()]).toEqual(['idle', true, []]);
    expect(feed({ kind: 'connected' })[0]).toMatch(/0d0a030404$/);
    feed({ kind: 'disconnected' });
    expect(feed({ kind: 'connected' })).toEqual([]);
  });

  it('foreign_sale is booked right behind ours, one unit dearer, and is the last receipt', () => {
    const { hear, fire, bank } = terminal({ faults: faults('foreign_sale') });
    hear(request(sale));
    fire('guest');
    expect(bank.transactions().map(({ amount, foreign }) => [amount, foreign])).toEqual([
      [15_000, false],
      [15_001, true],
    ]);
  });
});

describe('other operations', () => {
  const original = (rrn: string) => ({ rrn, authorisationCode: null });

  it('void, refund and reversal move money back by the rules of the bank', () => {
    const { hear, fire, bank } = terminal({ delayMs: 10 });
    const ask = (asked: TerminalRequest): void => {
      hear(request(asked));
      fire(asked.kind === 'sale' ? 'guest' : 'bank');
      for (let frames = 0; frames < 5; frames += 1) hear('06');
    };
    const money = { reference: 'att_2', amountMinor: 15_000, currency: 'RUB' } as const;
    ask(sale);
    ask({ kind: 'void', ...money, original: original(bank.transactions()[0]?.rrn ?? '') });
    ask(sale);
    ask({ kind: 'refund', ...money, amountMinor: 1_000, original: original(bank.transactions()[2]?.rrn ?? '') });
    ask(sale);
    ask({ kind: 'reversal', ...money });
    expect(bank.transactions().map(({ kind, amount, reversed }) => [kind, amount, reversed])).toEqual([
      ['sale', 15_000, true],
      ['void', 15_000, false],
      ['sale', 15_000, false],
      ['refund', 1_000, false],
      ['sale', 15_000, true],
      ['reversal', 15_000, false],
    ]);
  });

  it('an auto-reversal can answer ER3 and do nothing', () => {
    const { machine, hear, fire, bank } = terminal({ reversal: 'er3', delayMs: 10 });
    hear(request(sale));
    fire('guest');
    for (let frames = 0; frames < 5; frames += 1) hear('06');
    hear(request({ kind: 'reversal', reference: 'att_2', amountMinor: 15_000, currency: 'RUB' }));
    fire('bank');
    expect(machine.screen.lines).toEqual(['ОПЕРАЦИЯ ПРЕРВАНА']);
    expect(bank.transactions()).toHaveLength(1);
  });
});
