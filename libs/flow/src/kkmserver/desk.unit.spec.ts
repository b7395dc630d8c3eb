import { Unavailable } from '@kkm/core';
import type { KkmAnswer, KkmCommand, KkmWish } from '@kkm/core';
import { checkCommand, DeskBench, kkmCommand, namedBy, payCommand, someCaller } from '../testing/desk-bench';
import type { DeskReplica } from '../testing/desk-bench';
import { doorTexts } from './door-texts';

describe('the desk', () => {
  let bench: DeskBench;
  let gateway: DeskReplica;
  const result = async (idCommand = 'id-1'): Promise<KkmAnswer | undefined> => (await bench.result(gateway, idCommand))?.answer;
  const done = (command: KkmCommand): Promise<KkmAnswer | undefined> => bench.done(gateway, command);
  beforeEach(() => {
    bench = new DeskBench();
    gateway = bench.replica();
  });

  describe('a payment', () => {
    it('is answered with the trio and the fields of earlier clients', async () => {
      expect(await done(payCommand(15_000, 'TEST-01'))).toEqual({
        ...{ status: 0, error: '', message: null, warning: null, numDevice: 2, unitName: 'Терминал' },
        payload: {
          UniversalID: 'CN:************6639;RN:TEST-01;RRN:828913349001;AC:247629',
          ...{ Amount: 150, Slip: 'ОПЛАТА\r\nОДОБРЕНО', CardNumber: '************6639', ReceiptNumber: 'TEST-01' },
          ...{ RRNCode: '828913349001', AuthorizationCode: '247629' },
        },
      });
    });

    it('takes whatever its terminal takes where no register says otherwise, and what the register says where one does', async () => {
      await bench.send(gateway, payCommand());
      await bench.clock.advance(100);
      expect((await bench.ledger.approve()).method).toBe('card');
      bench.ledger.ports.equipmentFound = { ...bench.ledger.ports.equipmentFound, acquiring: null };
      await bench.send(gateway, payCommand(15_001, null, 'id-2'));
      await bench.clock.advance(100);
      expect((await bench.ledger.approve()).method).toBe('card_or_sbp_qr');
    });

    it('is charged once however often it is sent, to whichever replica, and answered with the stored answer', async () => {
      const other = bench.replica();
      const sent = [bench.send(gateway, payCommand()), bench.send(other, payCommand()), bench.send(gateway, payCommand())];
      await bench.clock.advance(1_000);
      await Promise.all(sent);
      await bench.ledger.approve();
      await bench.pass(other, 30_000);
      expect(bench.ledger.queue).toEqual([]);
      expect(await bench.ledger.money()).toEqual({ charged: 15_000, returned: 0 });
      const answer = await result();
      expect([await bench.send(gateway, payCommand()), await bench.send(other, payCommand())]).toEqual([answer, answer]);
    });

    it('is refused under the id of another, and under another id while the first may still charge', async () => {
      await bench.send(gateway, payCommand());
      expect(await bench.send(gateway, payCommand(14_000))).toMatchObject({ status: 2, error: expect.stringContaining('IdCommand') });
      expect(await bench.send(gateway, payCommand(15_000, null, 'id-2'))).toMatchObject({ status: 2, error: expect.stringContaining('IdCommand id-1') });
      expect(await bench.result(gateway, 'id-2')).toBeNull();
    });

    it('is refused by the ledger under another id when its receipt is paid already', async () => {
      await done(payCommand(15_000, '17'));
      expect(await done(payCommand(15_000, '17', 'id-2'))).toMatchObject({ status: 2, error: expect.stringContaining('уже оплачен') });
      expect(await bench.ledger.money()).toEqual({ charged: 15_000, returned: 0 });
    });

    it('tells what was really taken of an amount', async () => {
      await bench.send(gateway, payCommand());
      await bench.clock.advance(100);
      await bench.ledger.approve(9_000);
      await bench.pass(gateway, 10_000);
      expect(await result()).toMatchObject({ status: 0, payload: { Amount: 90 } });
    });

    it.each([0, -1, 100_000_000, 0.5])('of %s is none', async (amount) => {
      expect(await bench.send(gateway, payCommand(amount))).toMatchObject({ status: 2, error: expect.stringContaining('Сумма') });
    });

    it('goes on when its client is gone, and is answered at its limit of patience', async () => {
      const gone = new AbortController();
      const sight = gateway.desk.submit(someCaller, payCommand(), { waitMs: 600_000, gone: gone.signal });
      await bench.clock.advance(2_000);
      gone.abort();
      expect((await bench.clock.until(sight)).answer.status).toBe(1);
      await bench.ledger.approve();
      await bench.pass(gateway, 10_000);
      expect(await result()).toMatchObject({ status: 0 });
      expect(
        (await bench.clock.until(gateway.desk.submit(someCaller, payCommand(15_500, null, 'id-3'), { waitMs: 3_000, gone: new AbortController().signal })))
          .answer.status,
      ).toBe(1);
    });
  });

  describe('automatic acquiring', () => {
    it.each([
      ['a check that is not fiscal', { fiscal: false }],
      ['a check without an electronic part', { sums: { cash: 15_000, electronic: 0, advance: 0, credit: 0, provision: 0 } }],
      ['a check that says no', { payByProcessing: false }],
      ['a correction', { type: 2 }],
    ])('does not run for %s', async (_what, more) => {
      const answer = await done(checkCommand(more));
      expect(answer).toMatchObject({ status: 0, payload: { CheckNumber: 1 } });
      expect(answer?.payload).not.toHaveProperty('RezultProcessing');
      expect(await bench.ledger.money()).toEqual({ charged: 0, returned: 0 });
    });

    it('goes by the register where the check says nothing, and by the check where it says something', async () => {
      bench.units.acquiring = { option: 'none', terminalId: null };
      expect((await done(checkCommand()))?.payload).not.toHaveProperty('RezultProcessing');
      expect(await bench.send(gateway, checkCommand({ payByProcessing: true }, 'b'))).toMatchObject({
        status: 2,
        error: expect.stringContaining('Терминал для оплаты не задан'),
      });
      expect(await done(checkCommand({ payByProcessing: true, numDeviceByProcessing: 0 }, 'c'))).toMatchObject({
        status: 0,
        payload: { RezultProcessing: {} },
      });
      expect(await done(checkCommand({ payByProcessing: true, numDeviceByProcessing: 2 }, 'd'))).toMatchObject({
        status: 0,
        payload: { RezultProcessing: {} },
      });
      expect(await bench.send(gateway, checkCommand({ payByProcessing: true, numDeviceByProcessing: 9 }, 'e'))).toMatchObject({ status: 2 });
      expect(await bench.send(gateway, checkCommand({ payByProcessing: true, type: 2 }, 'f'))).toMatchObject({
        status: 2,
        error: expect.stringContaining('этого типа'),
      });
    });

    it('leaves a refusal of the register to the client where no money moved', async () => {
      bench.units.fiscal.answers.push({ kind: 'refused', error: 'Ошибка регистрации ( 61 : ККТ: Смена не открыта )' });
      expect(await done(checkCommand({ payByProcessing: false }))).toMatchObject({ status: 2, error: expect.stringContaining('Смена не открыта') });
    });
  });

  it.each([
    [{ kind: 'AuthorisationByPaymentCard' }, { status: 2, error: expect.stringContaining('не умеет блокировать') }],
    [{ kind: 'PrintSlipOnTerminal' }, { status: 0, payload: { PrintSlipOnTerminal: false } }],
    [{ kind: 'Settlement' }, { status: 0, payload: { Slip: 'СВЕРКА\r\nИТОГОВ' } }],
    [
      { kind: 'TerminalReport', detailed: false },
      { status: 0, payload: { Slip: 'СВЕРКА\r\nИТОГОВ' } },
    ],
    [
      { kind: 'List', filters: {} },
      { status: 0, payload: { ListUnit: [{ NumDevice: 1 }, { NumDevice: 2 }] } },
    ],
    [{ kind: 'GetServerData' }, { status: 0, payload: { ServerData: { ServerName: 'KKM' } } }],
    [{ kind: 'OnOffUnut', active: false }, { status: 0 }],
  ] as const)('answers %j', async (wish, answer) => {
    expect(await done(kkmCommand(wish as KkmWish))).toMatchObject(answer);
  });

  it.each([
    ['failed', 'Терминал не выполнил команду: Терминал недоступен.'],
    ['unknown', doorTexts.terminalUnknown],
  ] as const)('tells a settlement that is %s as that', async (state, error) => {
    bench.terminals.answer = { state, slip: null, reason: 'terminal_unreachable' };
    expect(await done(kkmCommand({ kind: 'Settlement' }))).toMatchObject({ status: 2, error });
  });

  it('never calls a settlement refused of which nothing was heard in all its time', async () => {
    bench.terminals.settle = () => Promise.reject(new Unavailable('terminal.silent'));
    await bench.send(gateway, kkmCommand({ kind: 'Settlement' }));
    await bench.pass(gateway, 1_000_000);
    expect(await bench.result(gateway, 'id-1')).toMatchObject({ answer: { status: 2, error: doorTexts.terminalUnknown } });
  });

  it('shows a charge of earlier again', async () => {
    const paid = await done(payCommand());
    const details = kkmCommand({ kind: 'TransactionDetails', amount: null, original: namedBy(paid) }, { idCommand: null, numDevice: 2 });
    expect(await bench.send(gateway, details)).toMatchObject({
      status: 0,
      payload: { Slip: 'ОПЛАТА\r\nОДОБРЕНО', Amount: 150, RRNCode: paid?.payload['RRNCode'] },
    });
  });

  it('keeps nothing of a look that came without an id, and all of a command that did', async () => {
    await bench.send(gateway, kkmCommand({ kind: 'List', filters: {} }, { idCommand: null }));
    expect(bench.store.written).toEqual([]);
    const sight = await bench.clock.until(
      gateway.desk.submit(someCaller, { ...payCommand(), idCommand: null }, { waitMs: 0, gone: new AbortController().signal }),
    );
    expect(sight).toMatchObject({ idCommand: expect.stringMatching(/^cmd_/), answer: { status: 1 } });
    expect(await bench.result(gateway, sight.idCommand)).toMatchObject({ answer: { status: 1 } });
  });

  it('settles the terminals of the site with the end of the register’s day where it is set so, and only warns of one that is not', async () => {
    const close = { kind: 'RegisterTask', task: { kind: 'CloseShift' }, asSent: {} } as const;
    await done(kkmCommand(close, { idCommand: 'a' }));
    expect(bench.terminals.settled).toEqual([]);
    bench.units.settleOnCloseShift = true;
    bench.terminals.siteFaults = ['Терминал не сверен'];
    expect(await done(kkmCommand(close, { idCommand: 'b' }))).toMatchObject({
      status: 0,
      error: '',
      warning: 'Терминал не сверен',
      payload: { CheckNumber: 1 },
    });
    expect(bench.terminals.settled).toEqual([expect.stringMatching(/^club-1 cmd_/)]);
  });

  it('answers a unit that is not there, or is off, with status 3 and keeps nothing', async () => {
    expect(await bench.send(gateway, kkmCommand({ kind: 'Settlement' }, { numDevice: 9 }))).toMatchObject({
      status: 3,
      error: 'Устройство (с параметрами NumDevice=9) не найдено: не настроено или отключено.',
    });
    bench.units.enabled = false;
    expect(await bench.send(gateway, checkCommand())).toMatchObject({ status: 3 });
    expect(await bench.result(gateway, 'id-1')).toBeNull();
  });

  it('gives a command up that could not be written for a while only when it can be written again', async () => {
    await bench.send(gateway, payCommand());
    bench.store.isAway = true;
    await bench.pass(gateway, 30_000);
    bench.store.isAway = false;
    await bench.pass(gateway, 30_000);
    await bench.ledger.approve();
    await bench.pass(gateway, 10_000);
    expect(await result()).toMatchObject({ status: 0 });
    expect(await bench.ledger.money()).toEqual({ charged: 15_000, returned: 0 });
  });

  it('adopts a charge that a frozen replica opened after the command was given up', async () => {
    await bench.send(gateway, checkCommand());
    await bench.clock.advance(100);
    const record = await bench.store.byIdCommand('club-1', 'id-1');
    // What the store would hold if the replica had stood still between the ledger's answer and its note.
    await bench.store.save({
      ...record!,
      stage: 'done',
      paymentId: null,
      follows: false,
      answer: { ...(await result())!, status: 2 },
      version: record!.version + 1,
    });
    const paid = await bench.ledger.approve();
    expect(await bench.replica().follow.run({ ...paid, orderId: 'somebody else’s' })).toBe('done');
    expect((await bench.store.byIdCommand('club-1', 'id-1'))?.paymentId).toBeNull();
    await bench.clock.advance(10_000);
    expect(await bench.replica().follow.run(paid)).toBe('done');
    expect(await result()).toMatchObject({ status: 0, payload: { CheckNumber: 1 } });
  });
});
