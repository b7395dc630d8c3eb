import type { KkmAnswer, Payment, RegisterTask } from '@kkm/core';
import { samplePayment } from '../../testing/gateway-ports';
import { someCheck, someKkmCommand, someReceipt } from '../../testing/kkm-checks';
import { MemoryVirtualBooks } from '../../testing/memory-virtual-books';
import { virtualBooksConformance } from '../../testing/virtual-books-conformance';
import type { ReceiptRequest } from '../fiscal-register';
import { VirtualRegister } from './virtual-register';

const hour = 3_600_000;

function bench() {
  const books = new MemoryVirtualBooks();
  let nowMs = Date.parse('2026-11-27T10:00:00Z');
  const settings = { siteId: 'club-1', registerId: 'desk-1', numDevice: 3, unitName: 'baz', enabled: true, onReceiptFailure: 'keep' } as const;
  const register = new VirtualRegister(settings, { books, nowMs: () => nowMs, local: (ms) => new Date(ms).toISOString().slice(0, 19) });
  let keys = 0;
  const task = (asked: RegisterTask, key = `task-${++keys}`): Promise<KkmAnswer> => register.task({ key, task: asked, command: someKkmCommand, asSent: {} });
  const receipt = async (more: Partial<ReceiptRequest> = {}) => {
    const outcome = await register.receipt(someReceipt({ key: `check-${++keys}`, ...more }));
    if (outcome.kind !== 'made') throw new Error(outcome.error);
    return outcome.payload;
  };
  return { register, task, receipt, later: (ms: number) => (nowMs += ms) };
}

const info = (answer: KkmAnswer) => answer.payload['Info'] as Record<string, unknown>;
const charged = (chargedAmount: number, attempts: Payment['attempts'] = []): Payment => samplePayment({ chargedAmount, attempts });

describe('virtual registers in memory', () => {
  virtualBooksConformance(() => Promise.resolve(new MemoryVirtualBooks()));
});

describe('a virtual register', () => {
  it('opens and closes shifts, and refuses both out of turn with the recorded words', async () => {
    const { task } = bench();
    const noShift = 'Ошибка регистрации ( 61 : ККТ: Смена не открыта или смена превысила 24 часа – операция невозможна )';
    for (const kind of ['CloseShift', 'ZReport'] as const) expect(await task({ kind })).toMatchObject({ status: 2, error: noShift, payload: {} });
    for (const kind of ['DepositingCash', 'PaymentCash'] as const) expect(await task({ kind, amount: 101 })).toMatchObject({ status: 2, error: noShift });
    const opened = await task({ kind: 'OpenShift' });
    expect(opened).toMatchObject({ status: 0, error: '', numDevice: 3, unitName: 'baz', payload: { CheckNumber: 1, SessionNumber: 1 } });
    expect(opened.warning).toContain('НЕ ФИСКАЛЬНЫЙ ДОКУМЕНТ');
    expect(await task({ kind: 'OpenShift' })).toMatchObject({
      status: 2,
      error: 'Ошибка регистрации ( 60 : ККТ: Смена открыта – операция невозможна )',
      payload: {},
    });
    expect((await task({ kind: 'CloseShift' })).payload).toEqual({ CheckNumber: 2, SessionNumber: 1 });
    await task({ kind: 'OpenShift' });
    expect((await task({ kind: 'ZReport' })).payload).toEqual({ CheckNumber: 4, SessionNumber: 2 });
  });

  it('gives the stored answer under the same key', async () => {
    const { task, register } = bench();
    const first = await task({ kind: 'OpenShift' }, 'same');
    expect(await task({ kind: 'OpenShift' }, 'same')).toEqual(first);
    const made = await register.receipt(someReceipt());
    expect(await register.receipt(someReceipt())).toEqual(made);
    expect((await task({ kind: 'GetDataKKT' })).payload).toMatchObject({ CheckNumber: 2, SessionNumber: 1 });
  });

  it('numbers a check, opening a shift for it, and answers with what was taken', async () => {
    const { receipt } = bench();
    expect(await receipt()).toEqual({
      CheckNumber: 2,
      SessionNumber: 1,
      SessionCheckNumber: 1,
      LineLength: 48,
      QRCode: 't=20261127T100000&s=301.50&fn=0&i=2&fp=0&n=1',
      Cash: 0,
      ElectronicPayment: 301.5,
      AdvancePayment: 0,
      Credit: 0,
      CashProvision: 0,
    });
    expect(await receipt()).toMatchObject({ CheckNumber: 3, SessionNumber: 1, SessionCheckNumber: 2 });
  });

  it('says of every receipt that it is not fiscal', async () => {
    const { register, task } = bench();
    expect(await register.receipt(someReceipt())).toMatchObject({ kind: 'made', warning: expect.stringContaining('НЕ ФИСКАЛЬНЫЙ') as string });
    const { payload, warning } = await task({ kind: 'GetDataCheck', fiscalNumber: 0, copies: 0 });
    expect(warning).toContain('НЕ ФИСКАЛЬНЫЙ');
    expect(String(payload['Slip']).match(/НЕ ФИСКАЛЬНЫЙ ДОКУМЕНТ/g)).toHaveLength(2);
    expect(info(await task({ kind: 'GetDataKKT' }))).toMatchObject({ FN_IsFiscal: false });
  });

  it('ends a shift of more than a day before a check instead of failing it', async () => {
    const { receipt, task, later } = bench();
    await receipt();
    later(24 * hour);
    expect(info(await task({ kind: 'GetDataKKT' }))['SessionState']).toBe(2);
    expect(await receipt()).toMatchObject({ CheckNumber: 3, SessionNumber: 1, SessionCheckNumber: 2 });
    later(1);
    expect(info(await task({ kind: 'GetDataKKT' }))['SessionState']).toBe(3);
    expect(await task({ kind: 'DepositingCash', amount: 100 })).toMatchObject({ status: 2 });
    expect(await receipt()).toMatchObject({ CheckNumber: 6, SessionNumber: 2, SessionCheckNumber: 1 });
  });

  it('keeps the drawer: cash of checks less the change, put in, taken out, and never below nothing', async () => {
    const { receipt, task } = bench();
    await receipt({ check: someCheck({ sums: { cash: 50_000, electronic: 0, advance: 0, credit: 0, provision: 0 } }) });
    const balance = async () => info(await task({ kind: 'GetDataKKT' }))['BalanceCash'];
    expect(await balance()).toBe(301.5);
    await task({ kind: 'DepositingCash', amount: 101 });
    await task({ kind: 'PaymentCash', amount: 51 });
    expect(await balance()).toBe(302);
    await receipt({ check: someCheck({ type: 1, sums: { cash: 30_150, electronic: 0, advance: 0, credit: 0, provision: 0 } }) });
    expect(await balance()).toBe(0.5);
    expect(await task({ kind: 'PaymentCash', amount: 51 })).toMatchObject({ status: 2, error: expect.stringContaining('недостаточно') as string });
    expect(await balance()).toBe(0.5);
  });

  it('counts by type of receipt and payment, for all time and for the shift', async () => {
    const { receipt, task } = bench();
    await receipt();
    await task({ kind: 'CloseShift' });
    await receipt({ check: someCheck({ goods: [{ name: 'x', quantity: 1, price: 12_000, amount: 12_000, tax: 20 }], sums: someCheck().sums }) });
    await receipt({ check: someCheck({ type: 1 }) });
    await receipt({ check: someCheck({ type: 2, goods: [] }) });
    const { payload } = await task({ kind: 'GetCounters' });
    expect(payload['Сounters']).toBe(payload['Counters']);
    const of = (type: string, receiptType: string) =>
      (payload['Counters'] as Record<string, unknown>[]).find((one) => one['CountersType'] === type && one['ReceiptType'] === receiptType);
    expect(of('Total', 'Shell')).toMatchObject({ Count: 3, Sum: 723, ElectronicPayment: 904.5, Tax20: 65.99, CorrectionsCount: 1, CorrectionsSum: 301.5 });
    expect(of('Shift', 'Shell')).toMatchObject({ Count: 2, Sum: 421.5, Tax20: 20 });
    expect(of('Shift', 'ShellReturn')).toMatchObject({ СountersType: 'Shift', Count: 1, Sum: 301.5, Cash: 0 });
    expect(of('Total', 'Buy')).toMatchObject({ Count: 0, Sum: 0 });
  });

  it('reads checks back, and says so when there is none', async () => {
    const { receipt, task } = bench();
    const missing = await task({ kind: 'GetDataCheck', fiscalNumber: -1, copies: 0 });
    expect([missing.status, missing.error.startsWith('Не удалось получить данные чека'), missing.payload]).toEqual([2, true, {}]);
    await receipt();
    await receipt({ check: someCheck({ type: 1 }) });
    const { payload } = await task({ kind: 'GetDataCheck', fiscalNumber: 2, copies: 0 });
    expect(payload['RegisterCheck']).toMatchObject({
      FiscalNumber: 2,
      FiscalDate: '2026-11-27T10:00:00',
      CheckType: 0,
      CashierName: 'Иванова А.',
      Register: [{ Name: 'Носки', Quantity: 3, Amount: 301.5, Tax: 18 }],
      ElectronicPayment: 301.5,
      AllSumm: 301.5,
    });
    expect((await task({ kind: 'GetDataCheck', fiscalNumber: 0, copies: 0 })).payload['RegisterCheck']).toMatchObject({ FiscalNumber: 3, CheckType: 1 });
    expect((await task({ kind: 'GetDataCheck', fiscalNumber: 9, copies: 0 })).status).toBe(2);
  });

  it('prints the slip of the charge on the check, and what was charged where it is less', async () => {
    const { receipt, task } = bench();
    const attempt = { ...samplePayment().attempts[0]!, number: 3, operation: 'sale', status: 'declined', slip: 'declined one' } as const;
    const attempts = [attempt, { ...attempt, number: 2, status: 'approved', slip: 'ОДОБРЕНО\r\nRRN 1' } as const];
    expect(await receipt({ payment: charged(20_000, attempts) })).toMatchObject({ ElectronicPayment: 200 });
    const slip = String((await task({ kind: 'GetDataCheck', fiscalNumber: 0, copies: 0 })).payload['Slip']);
    expect(slip.split('\r\n')).toEqual(expect.arrayContaining(['ОДОБРЕНО', 'RRN 1']));
    expect(slip).not.toContain('declined one');
    expect(slip).toMatch(/БЕЗНАЛИЧНЫМИ +=200,00/);
  });

  it('prints what is not fiscal without numbering it', async () => {
    const { receipt, task } = bench();
    await receipt();
    expect(await receipt({ check: someCheck({ fiscal: false }) })).toMatchObject({ CheckNumber: 2, SessionCheckNumber: 1 });
    expect((await task({ kind: 'GetDataKKT' })).payload['CheckNumber']).toBe(2);
    expect((await task({ kind: 'GetDataCheck', fiscalNumber: 0, copies: 0 })).payload['RegisterCheck']).toMatchObject({ FiscalNumber: 2 });
  });

  it('refuses a type of check that the API does not number before a card is touched', async () => {
    const { register } = bench();
    expect(await register.preflight(someCheck())).toBeNull();
    expect(await register.preflight(someCheck({ type: 7 }))).toContain('7');
    expect(await register.receipt(someReceipt({ check: someCheck({ type: 7 }) }))).toMatchObject({ kind: 'refused' });
  });

  it('answers the plain service commands', async () => {
    const { task } = bench();
    for (const kind of ['XReport', 'OpenCashDrawer', 'OfdReport', 'PrintDocument'] as const) {
      expect(await task({ kind })).toMatchObject({ status: 0, error: '', payload: {} });
    }
    expect((await task({ kind: 'GetLineLength' })).payload).toEqual({ LineLength: 48 });
  });

  it('answers GetDataKKT with every member that the strictest client reads, of its type', async () => {
    const { task } = bench();
    const answer = await task({ kind: 'GetDataKKT' });
    expect(answer).toMatchObject({ numDevice: 3, payload: { CheckNumber: 0, SessionNumber: 0, LineLength: 48, URL: '' } });
    const names = (type: string) =>
      Object.entries(info(answer))
        .filter(([, value]) => typeof value === type)
        .map(([name]) => name);
    expect(names('string')).toEqual(
      expect.arrayContaining(
        'NameOrganization InnOrganization TaxVariant SenderEmail UrlServerOfd PortServerOfd NameOFD UrlOfd InnOfd OFD_Error OFD_DateErrorDoc FFDVersion FFDVersionFN FFDVersionKKT FN_DateEnd Firmware_Version KktNumber FnNumber RegNumber AddressSettle PlaceSettle DateTimeKKT'.split(
          ' ',
        ),
      ),
    );
    expect(names('boolean')).toEqual(expect.arrayContaining(['FN_IsFiscal', 'FN_MemOverflowl', 'OnOff', 'Active', 'PaperOver']));
    expect(names('number')).toEqual(expect.arrayContaining(['OFD_NumErrorDoc', 'Firmware_Status', 'SessionState', 'BalanceCash']));
    expect(info(answer)).toMatchObject({ SessionState: 1, DateTimeKKT: '2026-11-27T10:00:00' });
  });
});
