import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import type { CheckDocument, Payment, RegisterTask } from '@kkm/core';
import { FakeRegister, lineCut, parseRegisterFault } from '@kkm/drivers/terminals';
import type { Members, Receipt, RegisterFault } from '@kkm/drivers/terminals';
import type { FiscalRegister } from '@kkm/flow/kkmserver';
import { samplePayment, someCheck, someKkmCommand, someReceipt } from '@kkm/flow/testing';
import { migrate, openDataSource, sqlOf } from '@kkm/postgres';
import { describeWith, testDatabase } from '@kkm/testkit';
import type { TestDatabase } from '@kkm/testkit';
import type { DataSource } from 'typeorm';
import type { KeptFiscal, RegisterRow } from '../postgres/equipment.row';
import { forwardedChecks } from '../postgres/forwarded-checks';
import { gatewayMigrations } from '../postgres/migrations';
import { virtualBooks } from '../postgres/virtual-books';
import { fiscalPasswords } from './fiscal-passwords';
import { fiscalSides } from './fiscal-sides';

const sealingKey = 'A'.repeat(43);

/** The fake register on a port of its own. */
async function serveRegister() {
  const register = new FakeRegister(
    () => Date.now(),
    (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
  );
  const server = createServer((request, reply) => {
    void (async () => {
      const command = JSON.parse(await text(request)) as Members;
      const expected = `Basic ${Buffer.from(`User:${register.password ?? ''}`).toString('base64')}`;
      if (register.password !== null && request.headers.authorization !== expected) return reply.writeHead(401).end();
      const answer = await register.execute(command);
      return answer === lineCut ? request.socket.destroy() : reply.writeHead(200).end(JSON.stringify(answer));
    })();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const stop = () => new Promise<void>((resolve) => server.close(() => resolve()));
  return { register, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, stop };
}

describeWith(['database'], 'receipts that a register elsewhere makes, over HTTP', () => {
  let database: TestDatabase;
  let dataSource: DataSource;
  let counter: Awaited<ReturnType<typeof serveRegister>>;
  beforeAll(async () => {
    database = await testDatabase();
    dataSource = await openDataSource({ url: database.url, applicationName: 'forward-test' });
    await migrate(dataSource, { schema: 'gateway', migrations: gatewayMigrations });
  });
  afterAll(async () => {
    await dataSource.destroy();
    await database.dispose();
  });
  beforeEach(async () => {
    counter = await serveRegister();
    await sqlOf(dataSource).run({ name: '', text: 'truncate gateway.forwarded_check' });
  });
  afterEach(() => counter.stop());

  const passwords = fiscalPasswords(sealingKey);
  const rowOf = (more: Partial<Extract<KeptFiscal, { mode: 'forward' }>> = {}): RegisterRow => ({
    ...{ site_id: 'club-1', id: 'desk-1', name: 'Desk', num_device: 3, acquiring_option: 'card', acquiring_terminal_id: 'pax-1', unit_name: 'АТОЛ' },
    ...{ enabled: true, on_receipt_failure: 'void', settle_on_close_shift: false, created_at: new Date(0), updated_at: new Date(0) },
    fiscal: { mode: 'forward', url: `${counter.url}/kkmserver/Execute`, login: 'User', numDevice: 1, sealedPassword: null, ...more },
  });
  const sides = () => fiscalSides({ virtualBooks: virtualBooks(dataSource), forwardedChecks: forwardedChecks(sqlOf(dataSource)), passwords });
  const register = (row = rowOf()): FiscalRegister => sides().of(row);
  const behave = (faults: readonly string[], password: string | null = null): void => {
    counter.register.faults.set(faults.map((fault) => parseRegisterFault(fault) as RegisterFault));
    counter.register.password = password;
  };
  const receipts = (): readonly Receipt[] => counter.register.receipts();
  const ids = () => receipts().map(({ idCommand }) => idCommand);
  const make = (key = 'key-1', check: CheckDocument = someCheck(), payment: Payment | null = null) => register().receipt(someReceipt({ key, check, payment }));
  const task = (key: string, asked: RegisterTask) =>
    register().task({ key, task: asked, command: someKkmCommand, asSent: { Command: asked.kind, NumDevice: 3, Timeout: 1 } });
  /** Somebody uses the register past KKM. */
  const foreign = async (check: CheckDocument): Promise<void> => {
    await counter.register.execute({ ...check.asSent, IdCommand: 'foreign', PayByProcessing: false });
  };

  it('sends the check on under its key, never to be charged there, with the slip of the charge inside', async () => {
    const slip = { ...samplePayment().attempts[0]!, status: 'approved', slip: 'ОДОБРЕНО\r\nRRN 42' } as const;
    const asSent = { ...someCheck().asSent, InnKkm: '1', Timeout: 1, ReceiptNumber: 'B-7', RRNCode: '', KeySubLicensing: 'L', payByProcessing: true };
    const made = await make('key-1', someCheck({ asSent }), samplePayment({ chargedAmount: 30_150, attempts: [slip] }));
    expect(made).toEqual({
      kind: 'made',
      warning: null,
      payload: { CheckNumber: 2, SessionNumber: 1, SessionCheckNumber: 1, URL: 'https://ofd.example/', QRCode: expect.stringContaining('s=301.50') as string },
    });
    const [receipt] = receipts();
    expect(receipt?.members).toMatchObject({
      Command: 'RegisterCheck',
      IdCommand: 'key-1',
      NumDevice: 1,
      PayByProcessing: false,
      ElectronicPayment: 301.5,
      KeySubLicensing: 'L',
    });
    for (const own of ['InnKkm', 'ReceiptNumber', 'RRNCode', 'payByProcessing']) expect(receipt?.members).not.toHaveProperty(own);
    const printed = (receipt?.members['CheckStrings'] as { PrintText?: { Text: string } }[]).map(({ PrintText }) => PrintText?.Text);
    expect(printed.slice(-3)).toEqual(['<<->>', 'ОДОБРЕНО', 'RRN 42']);
    expect(register().onReceiptFailure).toBe('void');
  });

  it.each([
    ['the answer is lost', ['lose_answer']],
    ['the request is lost', ['lose_request']],
    ['the answer is lost, and the register’s log as well', ['lose_answer', 'forget']],
    ['the request is lost, and the register’s log as well', ['lose_request', 'forget']],
  ])('makes one receipt when %s', async (_what, faults) => {
    behave(faults);
    expect((await make()).kind).toBe('unknown');
    expect(await make()).toMatchObject({ kind: 'made', payload: { CheckNumber: 2 } });
    expect(await make()).toMatchObject({ kind: 'made', payload: { CheckNumber: 2 } });
    expect(ids()).toEqual(['key-1']);
  });

  it('tells its own receipt from others when the log is lost', async () => {
    behave(['lose_answer']);
    expect((await make()).kind).toBe('unknown');
    const coffee = { ...someCheck().asSent, CheckStrings: [{ Register: { Name: 'Кофе', Quantity: 1, Price: 301.5, Amount: 301.5, Tax: 18 } }] };
    await foreign(someCheck({ asSent: coffee }));
    behave(['forget']);
    expect(await make()).toMatchObject({ kind: 'made', payload: { CheckNumber: 2 } });
    expect(ids()).toEqual(['key-1', 'foreign']);
  });

  it('does not take the receipt of another check that reads the same for its own', async () => {
    behave(['lose_request']);
    expect((await make('key-1')).kind).toBe('unknown');
    expect(await make('key-2')).toMatchObject({ kind: 'made', payload: { CheckNumber: 2 } });
    expect(await make('key-1')).toMatchObject({ kind: 'made', payload: { CheckNumber: 3 } });
    expect(ids()).toEqual(['key-2', 'key-1']);
  });

  it('renews a shift that is refused, once, and repeats the check under an id made from the first', async () => {
    await make('key-0');
    behave(['refuse_61']);
    // Documents: 1 a shift, 2 the first check, 3 and 4 the shift's end and the next one's beginning.
    expect(await make()).toMatchObject({ kind: 'made', payload: { CheckNumber: 5, SessionNumber: 2 } });
    expect(await make()).toMatchObject({ kind: 'made', payload: { CheckNumber: 5 } });
    expect(ids()).toEqual(['key-0', 'key-1-shift']);
  });

  it('does the same when the refusal itself was lost', async () => {
    behave(['refuse_61', 'lose_answer']);
    expect((await make()).kind).toBe('unknown');
    expect((await make()).kind).toBe('made');
    expect((await make()).kind).toBe('made');
    expect(ids()).toEqual(['key-1-shift']);
  });

  it('follows a check that the register still works on', async () => {
    behave(['running', 'slow(300)']);
    expect(await make()).toMatchObject({ kind: 'made', payload: { CheckNumber: 2 } });
    expect(ids()).toEqual(['key-1']);
  });

  it('calls silence unknown and a refusal a refusal', async () => {
    behave(['down(1)']);
    expect(await make()).toMatchObject({ kind: 'unknown' });
    behave(['out_of_paper']);
    expect(await make()).toEqual({ kind: 'refused', error: 'Ошибка регистрации ( 44 : ККТ: Нет бумаги )' });
    await counter.stop();
    expect(await make('key-9')).toMatchObject({ kind: 'unknown', error: expect.stringContaining('ECONNREFUSED') as string });
  });

  it('says before a card is touched what would keep a receipt from being made', async () => {
    const preflight = (check = someCheck()) => register().preflight(check);
    expect(await preflight()).toBeNull();
    behave(['down(1)']);
    expect(await preflight()).toContain('не отвечает');
    behave(['out_of_paper']);
    expect(await preflight()).toContain('бумага');
    expect(await preflight(someCheck({ asSent: { ...someCheck().asSent, NotPrint: true } }))).toBeNull();
    behave([], 'secret');
    expect(await preflight()).toContain('логин и пароль');
    await counter.stop();
    expect(await preflight()).toContain('ECONNREFUSED');
  });

  it('renews an overdue shift before a card is touched', async () => {
    await make('key-0');
    behave(['shift_overdue']);
    expect(await register().preflight(someCheck())).toBeNull();
    expect(await make()).toMatchObject({ kind: 'made', payload: { CheckNumber: 5, SessionNumber: 2 } });
    expect(ids()).toEqual(['key-0', 'key-1']);
  });

  it('opens the stored password for its own address alone', async () => {
    behave([], 'сезам');
    const { url } = rowOf().fiscal as { readonly url: string };
    const sealedPassword = await passwords.seal('сезам', { siteId: 'club-1', registerId: 'desk-1', url, login: 'User' });
    expect(await register(rowOf({ sealedPassword })).preflight(someCheck())).toBeNull();
    expect(await register(rowOf({ sealedPassword, url: `${url}/` })).preflight(someCheck())).toContain('пароль кассы не открывается');
    expect(await register(rowOf({ sealedPassword, login: 'Admin' })).preflight(someCheck())).toContain('пароль кассы не открывается');
  });

  it('passes service commands through, and does what changes the register once', async () => {
    const opened = await task('t-1', { kind: 'OpenShift' });
    expect(opened).toEqual({
      ...{ status: 0, error: '', message: null, warning: null, numDevice: 3, unitName: 'АТОЛ' },
      payload: { CheckNumber: 1, SessionNumber: 1 },
    });
    expect(await task('t-1', { kind: 'OpenShift' })).toEqual(opened);
    expect(await task('t-2', { kind: 'OpenShift' })).toMatchObject({ status: 2, error: expect.stringContaining('( 60 :') as string, payload: {} });
    expect((await task('t-3', { kind: 'GetDataKKT' })).payload).toMatchObject({ CheckNumber: 1, Info: { SessionState: 2 } });
    expect((await task('t-4', { kind: 'GetLineLength' })).payload).toEqual({ LineLength: 36 });
    expect(await task('t-5', { kind: 'CloseShift' })).toMatchObject({ status: 0, payload: { CheckNumber: 2 } });
    behave(['down(2)']);
    await expect(task('t-6', { kind: 'XReport' })).rejects.toMatchObject({ code: 'register.unavailable' });
    await expect(task('t-7', { kind: 'GetDataKKT' })).rejects.toMatchObject({ code: 'register.unavailable' });
    expect(await task('t-6', { kind: 'XReport' })).toMatchObject({ status: 0 });
  });

  it('describes the register there, and says nothing of one that is silent', async () => {
    expect(await sides().described(rowOf())).toMatchObject({ KktNumber: '0149060506089651', INN: '7707083893', FN_IsFiscal: true });
    expect(await sides().described(rowOf({ numDevice: 0 }))).toMatchObject({ INN: '7707083893' });
    expect(await sides().described(rowOf({ numDevice: 7 }))).toBeNull();
    behave(['down(1)']);
    expect(await sides().described(rowOf())).toBeNull();
    expect(await sides().described({ ...rowOf(), fiscal: { mode: 'none' } })).toBeNull();
  });
});
