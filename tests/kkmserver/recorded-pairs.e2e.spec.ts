import { randomUUID } from 'node:crypto';
import { describeKkm } from '../e2e/harness/describe-kkm';
import { maskedMembers, recordedHeaders, recordedList, recordedPairs, recordedRegister, recordedUnit } from './data/recorded-pairs';
import { RawDoor } from './harness/raw-door';

/** Members that newer servers add to these answers, or that KKM says of its virtual register; the recordings are older. */
const newerMembers = new Set([
  ...['Info', 'URL', 'SessionCheckNumber', 'Cash', 'ElectronicPayment', 'AdvancePayment', 'Credit', 'CashProvision', 'Amount', 'LineLength', 'QRCode'],
  ...['Message', 'Warning', 'Slip'],
]);

type Members = Readonly<Record<string, unknown>>;

describeKkm('what a live server answered', { suite: 'kkmserver-recorded', terminals: 1 }, (kkm) => {
  let door: RawDoor;
  beforeAll(async () => {
    const { url, accounts } = kkm().stack.kkmserver;
    door = new RawDoor({ url, ...accounts.admin });
    const { numDevice, unitName } = recordedRegister;
    const register = { id: 'recorded', siteId: kkm().stack.siteId, name: 'Recorded', numDevice, unitName };
    expect((await kkm().call('POST', '/v1/registers', { body: register })).status).toBe(201);
  });
  afterAll(() => door.close());

  /** Brings the register's shift where it was in the recording. */
  async function bringShift(to: 'open' | 'closed'): Promise<void> {
    const { numDevice } = recordedRegister;
    await door.command({ Command: to === 'open' ? 'OpenShift' : 'CloseShift', NumDevice: numDevice, IdCommand: randomUUID(), CashierName: 'Иванова И.И.' });
  }

  it.each(recordedPairs)('is what KKM answers: $title, member for member and in the same order', async ({ shift, request, answer }) => {
    await bringShift(shift);
    const given = JSON.parse((await door.post(request)).text) as Members;
    expect(Object.keys(given).filter((name) => name in answer)).toEqual(Object.keys(answer));
    expect(Object.keys(given).filter((name) => !(name in answer) && !newerMembers.has(name))).toEqual([]);
    for (const [name, value] of Object.entries(answer)) {
      const shape = maskedMembers[name];
      if (shape) expect(String(given[name])).toMatch(shape);
      else expect({ [name]: given[name] }).toEqual({ [name]: value });
    }
  });

  it('comes with the recorded headers', async () => {
    expect((await door.post(recordedList.request)).headers).toMatchObject(recordedHeaders);
  });

  it('lists units with the recorded members, each of its recorded type', async () => {
    const { ListUnit: units, ...envelope } = JSON.parse((await door.post(recordedList.request)).text) as { readonly ListUnit: readonly Members[] };
    expect(envelope).toEqual(recordedList.envelope);
    const unit = units.find(({ NumDevice: number }) => number === recordedRegister.numDevice) ?? {};
    expect(unit).toMatchObject({ NumDevice: recordedRegister.numDevice, UnitName: recordedRegister.unitName });
    const types = (members: Members) => Object.fromEntries(Object.keys(recordedUnit).map((name) => [name, typeof members[name]]));
    expect(types(unit)).toEqual(types(recordedUnit));
    for (const date of ['AddDate', 'OFD_DateErrorDoc', 'FN_DateEnd']) expect(unit[date]).toMatch(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}/);
  });

  it('answers an unknown unit as the live server did, and an unknown command with HTTP 501', async () => {
    const unknown = await door.command({ Command: 'XReport', NumDevice: 9, IdCommand: randomUUID() });
    expect(unknown['Error']).toMatch(/^Устройство \(с параметрами NumDevice=9\) не найдено: не настроено или отключено\./);
    expect((await door.post({ Command: 'FooBar', NumDevice: 3, IdCommand: randomUUID() })).status).toBe(501);
  });

  it('answers a check that nobody knows as the live server did', async () => {
    const answer = await door.command({ Command: 'GetDataCheck', NumDevice: recordedRegister.numDevice, FiscalNumber: -1, IdCommand: randomUUID() });
    expect(answer['Error']).toMatch(/^Не удалось получить данные чека/);
  });
});
