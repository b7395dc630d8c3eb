import type { TerminalRequest } from '@kkm/core';
import { faults, request, terminal } from './testing/terminal-rig';

const shown = '020d001902003431400100344301003060cd';
/** The same with 67=1. */
const cancelledFrame = '020d0019020034314001003443010031e0c8';
const hourMs = 3_600_000;

/** A terminal that is asked to show a QR of 150.00 which the bank has made. */
function showing(behaviour: Parameters<typeof terminal>[0] = {}) {
  const rig = terminal(behaviour);
  const made = rig.sbpBank.register({ merchantId: 'M1', order: 'att_1', amountMinor: 15_000, expiresAtMs: 1_795_000_000_000 + hourMs });
  if (!made.done) throw new Error(made.code);
  const { payload, qrId } = made.value;
  const frame = request({ kind: 'show-qr', payload, header: 'КАФЕ', footer: '150.00', seconds: 20 });
  const show = (): string[] => rig.hear(frame);
  /** The display ends by itself, and the register acknowledges that. */
  const end = (): void => {
    rig.fire('display');
    rig.hear('06');
  };
  return { ...rig, payload, qrId, show, end };
}

describe('a QR display', () => {
  it('shows the code, its words and nothing of the payment', () => {
    const { machine, show, fire, bank, timers, payload } = showing({ delayMs: 300 });
    expect(show()).toEqual(['06']);
    expect(machine.screen).toEqual({ state: 'qr', lines: ['ОТСКАНИРУЙТЕ QR-КОД', 'КАФЕ', '150.00'], amountMinor: null, qr: payload });
    expect(timers.get('display')).toBe(20_000);
    fire('guest');
    expect(bank.transactions()).toMatchObject([{ kind: 'sale', channel: 'sbp', terminalId: 'pax-1', amount: 15_000, reference: 'att_1' }]);
    expect(machine.screen.state).toBe('qr');
    expect(fire('display')).toEqual([shown]);
    expect(machine.screen.state).toBe('idle');
  });

  it('is paid once, however often it is shown and scanned', () => {
    const { show, fire, end, feed, bank } = showing();
    for (let round = 0; round < 3; round += 1) {
      show();
      fire('guest');
      feed({ kind: 'customer', action: 'scan', card: 'ok' });
      end();
    }
    expect(bank.transactions()).toHaveLength(1);
  });

  it('is paid by nobody when no bank knows the code', () => {
    const { hear, fire, bank } = terminal();
    const foreign: TerminalRequest = { kind: 'show-qr', payload: 'https://qr.nspk.ru/AS10001?sum=15000', header: '', footer: '', seconds: 20 };
    hear(request(foreign));
    fire('guest');
    expect(bank.transactions()).toEqual([]);
  });

  it('is not paid when it is cancelled at the bank', () => {
    const { show, fire, bank, sbpBank, qrId } = showing();
    show();
    sbpBank.cancel(qrId);
    fire('guest');
    expect(bank.transactions()).toEqual([]);
  });

  it('ends at once when the guest cancels, and when the register takes it off', () => {
    const cancelled = showing({ auto: 'none' });
    cancelled.show();
    expect(cancelled.feed({ kind: 'customer', action: 'cancel', card: 'ok' })).toEqual([cancelledFrame]);
    const stopped = showing({ auto: 'none' });
    stopped.show();
    expect(stopped.hear('04')).toEqual([shown]);
    stopped.hear('06');
    expect([stopped.machine.isFree, stopped.machine.screen.state]).toEqual([true, 'idle']);
    const declining = showing({ auto: 'decline' });
    declining.show();
    expect(declining.fire('guest')).toEqual([cancelledFrame]);
    for (const { bank } of [cancelled, stopped, declining]) expect(bank.transactions()).toEqual([]);
  });

  it('is refused by a terminal that cannot show it', () => {
    const { show, machine } = showing({ faults: faults('unknown_status') });
    expect(show()).toHaveLength(2);
    expect(machine.screen.state).toBe('idle');
  });

  it('is not seen in the last receipt nor in the report', () => {
    const { show, fire, end, hear } = showing();
    const [before] = hear(request({ kind: 'report' })).slice(-1);
    hear('06');
    show();
    fire('guest');
    end();
    expect(hear(request({ kind: 'report' })).at(-1)).toBe(before);
    hear('06');
    expect(hear(request({ kind: 'last-result' })).at(-1)).toContain('430100' + '31');
  });
});

describe('a payment that arrives behind the end of the display', () => {
  it('is taken by the bank although the QR was cancelled', () => {
    const { show, fire, end, bank, timers, sbpBank, qrId } = showing({ auto: 'none', faults: faults('qr_paid_after_expiry(2000)') });
    show();
    end();
    expect([bank.transactions().length, timers.get('late-payment-1')]).toEqual([0, 2_000]);
    sbpBank.cancel(qrId);
    fire('late-payment-1');
    expect(bank.transactions()).toMatchObject([{ amount: 15_000 }]);
    expect(sbpBank.find(qrId)?.status).toBe('PAID');
  });

  it('waits for the end of the last display, and is the only one', () => {
    const { show, fire, end, bank, timers } = showing({ faults: faults('qr_paid_after_expiry(2000)') });
    show();
    fire('guest');
    end();
    show();
    expect(timers.has('late-payment-1')).toBe(false);
    fire('guest');
    end();
    expect([...timers.keys()].filter((name) => name.startsWith('late'))).toEqual(['late-payment-1']);
    fire('late-payment-1');
    expect(bank.transactions()).toHaveLength(1);
  });

  it('survives the terminal', () => {
    const { show, fire, bank, sbpBank, qrId, timers } = showing({ faults: faults('qr_paid_after_expiry(2000)', 'reboot') });
    show();
    fire('guest');
    expect(timers.get('late-payment-1')).toBe(2_000);
    fire('late-payment-1');
    expect([bank.transactions().length, sbpBank.find(qrId)?.status]).toEqual([1, 'PAID']);
  });
});
