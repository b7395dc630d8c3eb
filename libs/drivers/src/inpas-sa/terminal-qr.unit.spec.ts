import type { TerminalRequest } from '@kkm/core';
import { faults, request, terminal } from './testing/terminal-rig';

describe('a QR display', () => {
  const payload = 'https://qr.nspk.ru/AS10001?type=02&sum=15000&cur=RUB';
  const show: TerminalRequest = { kind: 'show-qr', payload, header: 'КАФЕ', footer: '150.00', seconds: 20 };

  it('shows the code, its words and nothing of the payment', () => {
    const { machine, hear, fire, bank, timers } = terminal({ delayMs: 300 });
    expect(hear(request(show))).toEqual(['06']);
    expect(machine.screen).toEqual({ state: 'qr', lines: ['ОТСКАНИРУЙТЕ QR-КОД', 'КАФЕ', '150.00'], amountMinor: null, qr: payload });
    expect(timers.get('display')).toBe(20_000);
    fire('guest');
    expect(bank.transactions()).toMatchObject([{ kind: 'sale', amount: 15_000 }]);
    expect(machine.screen.state).toBe('qr');
    const [answer] = fire('display');
    expect(answer).toBe('020d001902003431400100344301003060cd');
    expect(machine.screen.state).toBe('idle');
  });

  it('can be paid behind its end', () => {
    const { hear, fire, bank, timers } = terminal({ faults: faults('qr_paid_after_expiry(2000)') });
    hear(request(show));
    fire('guest');
    fire('display');
    expect([bank.transactions().length, timers.get('late-payment-1')]).toEqual([0, 2_000]);
    fire('late-payment-1');
    expect(bank.transactions()).toMatchObject([{ amount: 15_000 }]);
  });

  it('ends unshown when the guest cancels or the register stops it', () => {
    const cancelled = terminal({ auto: 'none' });
    cancelled.hear(request(show));
    const [answer] = cancelled.feed({ kind: 'customer', action: 'cancel', card: 'ok' });
    const stopped = terminal({ auto: 'none' });
    stopped.hear(request(show));
    expect(stopped.hear('04')).toEqual([answer]);
    expect(cancelled.bank.transactions()).toEqual([]);
  });
});
