import { randomUUID } from 'node:crypto';
import { describeKkm } from '../e2e/harness/describe-kkm';
import { commandCases, goodCheck, hostileMembers } from './data/command-cases';
import type { CommandCase, EarlierCharge } from './data/command-cases';
import type { DoorReply } from './harness/door-line';
import { RawDoor } from './harness/raw-door';

type Members = Readonly<Record<string, unknown>>;

/** The members that every answer has. */
const envelope = { Command: expect.any(String) as string, Status: expect.any(Number) as number, Error: expect.any(String) as string };

describeKkm('every command of the KkmServer door', { suite: 'kkmserver-commands', terminals: 2 }, (kkm) => {
  let door: RawDoor;
  let register = 0;
  beforeAll(async () => {
    const { url, accounts } = kkm().stack.kkmserver;
    door = new RawDoor({ url, ...accounts.admin });
    register = (await kkm().call<{ readonly numDevice: number }>('GET', `/v1/registers/${kkm().stack.registerId}`)).body.numDevice;
  });
  afterAll(() => door.close());

  const send = (name: string, members: Members): Promise<Members> => door.command({ Command: name, NumDevice: register, IdCommand: randomUUID(), ...members });

  async function bring({ shift }: CommandCase): Promise<void> {
    if (shift) await send(shift === 'open' ? 'OpenShift' : 'CloseShift', { CashierName: 'Иванова И.И.' });
  }

  async function charge(roubles: number): Promise<EarlierCharge> {
    const paid = (await send('PayByPaymentCard', { Amount: roubles })) as DoorReply & { readonly RRNCode?: string; readonly AuthorizationCode?: string };
    expect(paid).toMatchObject({ Error: '', Status: 0 });
    return { universalId: paid.UniversalID ?? '', rrn: paid.RRNCode ?? '', authorisationCode: paid.AuthorizationCode ?? '', roubles };
  }

  /** What the bank's books hold: nothing may come to it. */
  const bankLines = async (): Promise<number> => (await kkm().terminals.books()).length;
  const roublesOf = (name: string): number => 10 + commandCases.findIndex((one) => one.name === name) / 100;

  describe.each(commandCases)('$name', (one) => {
    let earlier: EarlierCharge = { universalId: '', rrn: '', authorisationCode: '', roubles: 0 };
    beforeAll(async () => {
      earlier = await charge(roublesOf(one.name));
    });
    beforeEach(() => bring(one));

    it('does what good input asks for', async () => {
      const answer = await send(one.name, one.good(earlier));
      expect(answer).toMatchObject({ ...envelope, Command: one.name });
      if (one.refusedWith) expect(answer).toMatchObject({ Status: 2, Error: expect.stringMatching(one.refusedWith) as string });
      else expect(answer).toMatchObject({ Status: 0, Error: '' });
      expect(one.gives.filter((member) => !(member in answer))).toEqual([]);
      expect(Object.values(answer)).not.toContain(null);
    });

    it.each(Object.entries(one.bad))('refuses %s, and moves no money', async (_title, change) => {
      const before = await bankLines();
      const answer = await send(one.name, { ...one.good(earlier), ...change });
      expect(answer).toMatchObject({ ...envelope, Command: one.name, Error: expect.stringMatching(/\S/) as string });
      expect([2, 3]).toContain(answer['Status']);
      expect(await bankLines()).toBe(before);
    });

    it('refuses hostile input of every kind, and moves no money', async () => {
      const before = await bankLines();
      for (const [title, change] of Object.entries(hostileMembers)) {
        const { status, text } = await door.post({ Command: one.name, NumDevice: register, IdCommand: randomUUID(), ...one.good(earlier), ...change });
        expect({ title, status, answer: JSON.parse(text) as unknown }).toEqual({ title, status: 200, answer: expect.objectContaining(envelope) as unknown });
        expect({ title, status: (JSON.parse(text) as DoorReply).Status }).toEqual({ title, status: 2 });
      }
      expect(await bankLines()).toBe(before);
    });
  });

  it('GetRezult answers 3 with a stub for ids that nobody sent, whatever they are', async () => {
    for (const id of ['nobody', '', null, 7, {}, [], { Command: 'PayByPaymentCard', Status: 1 }, 'x'.repeat(100_000)]) {
      expect(await door.command({ Command: 'GetRezult', IdCommand: id })).toMatchObject({
        ...envelope,
        Command: 'GetRezult',
        Status: 3,
        Rezult: { Status: 3 },
      });
    }
  });

  it('a command without an id gets one, by which its result can be asked for', async () => {
    await kkm().terminals.behave('pax-1', { auto: 'none' });
    const running = await door.command({ Command: 'PayByPaymentCard', NumDevice: register, Amount: 77.01, Timeout: 1 });
    expect(running).toMatchObject({ Status: 1, Error: '', IdCommand: expect.stringMatching(/\S/) as string });
    await kkm().untilAsksForCard();
    await kkm().terminals.guest('pax-1', { action: 'tap' });
    await kkm().terminals.behave('pax-1', {});
    const look = (): Promise<DoorReply> => door.command({ Command: 'GetRezult', IdCommand: running['IdCommand'] });
    let result = await look();
    for (const until = Date.now() + 10_000; result.Status === 1 && Date.now() < until; result = await look());
    expect(result).toMatchObject({ Status: 0, Amount: 77.01, Rezult: { Command: 'PayByPaymentCard', Status: 0, Amount: 77.01 } });
  });

  it('the same id with another content is refused, and charges nothing', async () => {
    const id = randomUUID();
    await send('RegisterCheck', { ...goodCheck(78.01), IdCommand: id });
    const before = await bankLines();
    expect(await send('RegisterCheck', { ...goodCheck(78.02), IdCommand: id })).toMatchObject({ Status: 2, Error: expect.stringMatching(/\S/) as string });
    expect(await bankLines()).toBe(before);
  });
});
