import type { Payment } from '@kkm/core';
import { samplePayment } from '../../testing/gateway-ports';
import { forwardedChecksConformance } from '../../testing/forwarded-checks-conformance';
import { someCheck, someReceipt } from '../../testing/kkm-checks';
import { MemoryForwardedChecks } from '../../testing/memory-forwarded-checks';
import type { LooseMembers } from '../loose-members';
import { ForwardRegister } from './forward-register';
import { slipDocuments } from './forwarded-check';
import { RemoteCommands } from './remote-commands';
import type { RemoteAnswer } from './remote-register';

const ok = (payload: LooseMembers = {}): RemoteAnswer => ({ kind: 'answered', body: { Status: 0, Error: '', ...payload } });
const no = (error: string): RemoteAnswer => ({ kind: 'answered', body: { Status: 2, Error: error } });
const never: RemoteAnswer = { kind: 'answered', body: { Command: 'GetRezult', Status: 3, Error: 'нет' } };
const lost: RemoteAnswer = { kind: 'lost', error: 'ответ кассы не получен' };
const overdue = no('Ошибка регистрации ( 61 : ККТ: Смена не открыта )');

/** A register elsewhere that answers each command by a script; what the script leaves out goes well. */
function bench(script: Readonly<Record<string, (command: LooseMembers, nth: number) => RemoteAnswer>> = {}) {
  const asked: LooseMembers[] = [];
  let nowMs = 0;
  const remote = {
    execute: (command: LooseMembers): Promise<RemoteAnswer> => {
      const name = String(command['Command']);
      const nth = asked.filter((one) => one['Command'] === name).length;
      asked.push(command);
      const usual = name === 'GetDataKKT' ? ok({ CheckNumber: 7, SessionNumber: 2, Info: { SessionState: 2 } }) : ok();
      return Promise.resolve(script[name]?.(command, nth) ?? usual);
    },
  };
  const commands = new RemoteCommands(remote, () => Promise.resolve());
  const settings = { siteId: 'club-1', registerId: 'desk-1', numDevice: 3, unitName: 'АТОЛ', onReceiptFailure: 'keep', numDeviceThere: 0 } as const;
  const register = new ForwardRegister(settings, { commands, checks: new MemoryForwardedChecks(() => nowMs), nowMs: () => nowMs });
  const count = (name: string) => asked.filter((one) => one['Command'] === name).length;
  return { register, asked, count, later: (ms: number) => (nowMs += ms) };
}

const paid = (): Payment => samplePayment({ chargedAmount: 30_150, attempts: [{ ...samplePayment().attempts[0]!, status: 'approved', slip: 'ОДОБРЕНО' }] });

describe('forwarded checks in memory', () => {
  forwardedChecksConformance(() => Promise.resolve(new MemoryForwardedChecks(() => 0)));
});

describe('a register whose receipts another one makes', () => {
  it('asks about a check before it sends it again', async () => {
    const { register, asked } = bench({ RegisterCheck: () => lost, GetRezult: () => ok({ Rezult: { Status: 0, Error: '', CheckNumber: 8 } }) });
    expect((await register.receipt(someReceipt())).kind).toBe('unknown');
    expect(await register.receipt(someReceipt())).toMatchObject({ kind: 'made', payload: { CheckNumber: 8 } });
    expect(asked.map((one) => one['Command'])).toEqual(['GetDataKKT', 'RegisterCheck', 'GetDataKKT', 'GetRezult']);
  });

  it('sends nothing while the register does not answer about an earlier command', async () => {
    const { register, count } = bench({ RegisterCheck: () => lost, GetRezult: () => lost });
    for (let tries = 0; tries < 3; tries += 1) expect((await register.receipt(someReceipt())).kind).toBe('unknown');
    expect(count('RegisterCheck')).toBe(1);
  });

  it('begins nothing with a register that cannot be reached', async () => {
    const { register, count } = bench({
      GetDataKKT: (_command, nth) => (nth === 0 ? { kind: 'unreachable', error: 'касса недоступна' } : ok({ CheckNumber: 7 })),
    });
    expect(await register.receipt(someReceipt())).toEqual({ kind: 'unknown', error: 'касса недоступна' });
    expect((await register.receipt(someReceipt())).kind).toBe('made');
    expect([count('RegisterCheck'), count('GetRezult')]).toEqual([1, 0]);
  });

  it('renews the shift once, although the answer of the second try is lost', async () => {
    const { register, count, asked } = bench({
      RegisterCheck: (_command, nth) => (nth === 0 ? overdue : lost),
      GetRezult: ({ IdCommand: id }) => (id === 'key-1' ? ok({ Rezult: { Status: 2, Error: '( 61 : ККТ )' } }) : lost),
    });
    for (let tries = 0; tries < 3; tries += 1) expect((await register.receipt(someReceipt())).kind).toBe('unknown');
    expect([count('CloseShift'), count('OpenShift'), count('RegisterCheck')]).toEqual([1, 1, 2]);
    expect(asked.filter((one) => one['Command'] === 'RegisterCheck').map((one) => one['IdCommand'])).toEqual(['key-1', 'key-1-shift']);
  });

  it('gives up a shift that cannot be renewed', async () => {
    const { register, count } = bench({ RegisterCheck: () => overdue });
    expect(await register.receipt(someReceipt())).toMatchObject({ kind: 'refused' });
    expect(count('RegisterCheck')).toBe(2);
    const stuck = bench({ GetDataKKT: () => ok({ Info: { SessionState: 3 } }) });
    expect(await stuck.register.preflight(someCheck())).toContain('24 часов');
    expect(await stuck.register.preflight(someCheck({ fiscal: false }))).toBeNull();
  });

  it('takes a log that knows nothing for proof while it is young, and not when a document since may be the check', async () => {
    const documents = { GetDataKKT: (_: LooseMembers, nth: number) => ok({ CheckNumber: nth === 0 ? 7 : 8 }), GetDataCheck: () => no('не читается') };
    const old = bench({ RegisterCheck: () => lost, GetRezult: () => never, ...documents });
    await old.register.receipt(someReceipt());
    old.later(10 * 60_000);
    expect(await old.register.receipt(someReceipt())).toMatchObject({ kind: 'unknown', error: expect.stringContaining('могла его напечатать') as string });
    expect(old.count('RegisterCheck')).toBe(1);
    const young = bench({ RegisterCheck: (_command, nth) => (nth === 0 ? lost : ok({ CheckNumber: 9 })), GetRezult: () => never, ...documents });
    await young.register.receipt(someReceipt());
    expect(await young.register.receipt(someReceipt())).toMatchObject({ kind: 'made', payload: { CheckNumber: 9 } });
  });

  it('sends an old check again when no document was made since', async () => {
    const { register, later, count } = bench({ RegisterCheck: (_command, nth) => (nth === 0 ? lost : ok({ CheckNumber: 8 })), GetRezult: () => never });
    await register.receipt(someReceipt());
    later(24 * 3_600_000);
    expect((await register.receipt(someReceipt())).kind).toBe('made');
    expect(count('RegisterCheck')).toBe(2);
  });

  it('does not send again what ran a moment ago', async () => {
    const running: RemoteAnswer = { kind: 'answered', body: { Status: 1 } };
    const { register, count } = bench({ RegisterCheck: () => running, GetRezult: (_command, nth) => (nth < 2 ? running : never) });
    expect((await register.receipt(someReceipt())).kind).toBe('unknown');
    expect(count('RegisterCheck')).toBe(1);
    const asked = bench({ RegisterCheck: () => lost, GetRezult: (_command, nth) => (nth === 0 ? running : never) });
    for (let tries = 0; tries < 2; tries += 1) expect((await asked.register.receipt(someReceipt())).kind).toBe('unknown');
    expect(asked.count('RegisterCheck')).toBe(1);
    const endless = bench({ RegisterCheck: () => running, GetRezult: () => running });
    expect((await endless.register.receipt(someReceipt())).kind).toBe('unknown');
    expect(endless.count('GetRezult')).toBe(60);
  });

  it('warns of a slip that could not be printed, and keeps the receipt', async () => {
    const check = someCheck({ asSent: { ...someCheck().asSent, PrintSlipAfterCheck: 'true' } });
    const good = bench({ RegisterCheck: () => ok({ CheckNumber: 8, Warning: 'Мало бумаги.' }) });
    expect(await good.register.receipt(someReceipt({ check, payment: paid() }))).toMatchObject({ kind: 'made', warning: 'Мало бумаги.' });
    expect(good.count('PrintDocument')).toBe(1);
    const bad = bench({ PrintDocument: () => lost });
    expect(await bad.register.receipt(someReceipt({ check, payment: paid() }))).toMatchObject({ kind: 'made', warning: 'Слип банка не напечатан.' });
  });
});

describe('the slip of a charge', () => {
  const documents = (members: object, payment: Payment | null = paid()) =>
    slipDocuments(someReceipt({ payment, check: someCheck({ asSent: { ...someCheck().asSent, ...members } }) }), 1).length;

  it('is printed after the check, and once more for the cashier, only where the check says so', () => {
    expect([documents({}), documents({ PrintSlipAfterCheck: true }), documents({ PrintSlipForCashier: true })]).toEqual([0, 1, 1]);
    expect(documents({ printslipaftercheck: 'True', PrintSlipForCashier: 1 })).toBe(2);
  });

  it('is not printed where nothing is, or nothing was charged', () => {
    expect(documents({ PrintSlipAfterCheck: true, NotPrint: true })).toBe(0);
    expect(documents({ PrintSlipAfterCheck: true }, null)).toBe(0);
  });
});
