import { randomBytes } from 'node:crypto';
import { Rejected } from '@kkm/core';
import type { LedgerCalls } from '@kkm/contracts';
import type { ControlHint, PaymentCommand, PermitRequest, QrAnswer } from '@kkm/core';
import { exchanges } from '@kkm/contracts';
import { connectBroker } from '@kkm/messaging';
import type { Broker } from '@kkm/messaging';
import { createLogger, createMetrics } from '@kkm/observability';
import { sealSecret } from '@kkm/sealing';
import { describeWith, eventually, testBroker, testDatabase } from '@kkm/testkit';
import type { TestBroker, TestDatabase } from '@kkm/testkit';
import { ledgerConfig } from '../ledger.config';
import { startLedger } from '../running-ledger.module';
import type { RunningLedger } from '../running-ledger.module';
import { LedgerOnTrial } from '../testing/ledger-on-trial';
import { StandInBank, standInContract } from '../testing/stand-in-bank';

const fingerprint = 'a'.repeat(64);

describeWith(['broker', 'database'], 'SBP in the ledger as a service', () => {
  let database: TestDatabase;
  let vhost: TestBroker;
  let service: RunningLedger;
  let gateway: Broker;
  let builder: LedgerOnTrial;
  let bank: StandInBank;
  let baseUrl: string;
  const hints: ControlHint[] = [];

  const call = <M extends keyof LedgerCalls>(method: M, request: LedgerCalls[M]['request']): Promise<LedgerCalls[M]['answer']> =>
    gateway.call<LedgerCalls[M]['answer']>('ledger.rpc', method, request, { timeoutMs: 15_000 });
  const setAccount = async (siteId: string, secret: string | null, change: object = {}) => {
    const { publicKey } = await call('sbp.sealing-key', {});
    const sealedSecret = secret === null ? null : await sealSecret(secret, { publicKey, siteId, bank: 'raiffeisen' });
    return call('sbp.set-account', { siteId, bank: 'raiffeisen', baseUrl, merchantId: standInContract.merchantId, sealedSecret, by: 'key_1', ...change });
  };
  const granted = async (siteId: string): Promise<{ readonly command: PaymentCommand; readonly permit: PermitRequest }> => {
    const request = builder.openRequest({ siteId, method: 'sbp_qr', sbp: { by: 'bank_qr', windowSeconds: 180 } });
    const { command } = await call('payments.open', { ...request, idempotency: { key: request.idempotency.key, fingerprint } });
    if (!command) throw new RangeError('the payment was opened before');
    const permit = builder.permitRequest(command);
    await call('worker.lease', permit);
    expect(await call('worker.permit', permit)).toMatchObject({ kind: 'granted' });
    return { command, permit };
  };
  const ask = (permit: PermitRequest): Promise<QrAnswer> => {
    const { workerId, siteId, terminalId, attemptId, nonce } = permit;
    return call('worker.qr', { workerId, siteId, terminalId, attemptId, nonce, display: 'none' });
  };
  const read = ({ paymentId }: PaymentCommand) => call('payments.read', { scope: null, by: { paymentId } });
  const env = (change: Record<string, string> = {}) => ({ KKM_AMQP_URL: vhost.url, KKM_DATABASE_URL: database.url, KKM_HTTP_PORT: '0', ...change });

  beforeAll(async () => {
    database = await testDatabase();
    vhost = await testBroker();
    bank = new StandInBank();
    baseUrl = await bank.start();
    const config = ledgerConfig(env({ KKM_SEALING_KEY: randomBytes(32).toString('base64url') }));
    service = await startLedger(config, createLogger({ service: 'ledger', level: 'silent' }), createMetrics('ledger'));
    gateway = await connectBroker({ url: vhost.url, name: 'gateway' });
    builder = await LedgerOnTrial.on(database.url);
    await gateway.listen([{ exchange: exchanges.control, routingKey: 'club-1.pax-hints' }], ({ body }) => void hints.push(body as ControlHint));
  });
  afterAll(async () => {
    await gateway.close();
    await service.stop();
    await builder.close();
    await bank.stop();
    await vhost.dispose();
    await database.dispose();
  });

  it('keeps a contract whose secret only it can open, and shows all but the secret', async () => {
    expect(await call('sbp.account', { siteId: 'club-1' })).toBeNull();
    const account = await setAccount('club-1', standInContract.secret);
    expect(account).toMatchObject({ siteId: 'club-1', bank: 'raiffeisen', baseUrl, merchantId: 'MA100001', active: true, changedBy: 'key_1' });
    expect(await call('sbp.account', { siteId: 'club-1' })).toEqual(account);
    const rows = await builder.rows<{ all: string }>(`select row_to_json(a)::text as all from ledger.sbp_account a`);
    expect(rows).toHaveLength(1);
    expect(JSON.stringify([rows, account])).not.toContain(standInContract.secret);
  });

  it('takes no secret that was sealed for another site, and none at all for a first contract', async () => {
    const { publicKey } = await call('sbp.sealing-key', {});
    const sealedSecret = await sealSecret('hush', { publicKey, siteId: 'club-2', bank: 'raiffeisen' });
    await expect(setAccount('club-3', null, { sealedSecret })).rejects.toThrow(Rejected);
    await expect(setAccount('club-3', null)).rejects.toMatchObject({ code: 'request.invalid' });
    expect(await call('sbp.account', { siteId: 'club-3' })).toBeNull();
  });

  it('sends a stored secret to no other address than the one it came with', async () => {
    await setAccount('club-5', standInContract.secret);
    await expect(setAccount('club-5', null, { baseUrl: 'https://elsewhere.example/api' })).rejects.toMatchObject({ code: 'request.invalid' });
    expect(await call('sbp.account', { siteId: 'club-5' })).toMatchObject({ baseUrl });
    expect(await setAccount('club-5', null, { baseUrl: `${baseUrl}/v2`, merchantId: 'MA2' })).toMatchObject({ merchantId: 'MA2' });
    expect(await setAccount('club-5', 'another', { baseUrl: 'https://elsewhere.example/api' })).toMatchObject({ baseUrl: 'https://elsewhere.example/api' });
  });

  it('has one active bank per site, whoever sets at once, and keeps the secret of one that is set anew without it', async () => {
    const { publicKey } = await call('sbp.sealing-key', {});
    const set = async (name: 'raiffeisen' | 'tkassa') =>
      setAccount('club-4', null, { bank: name, sealedSecret: await sealSecret(`of ${name}`, { publicKey, siteId: 'club-4', bank: name }) });
    await Promise.all([set('raiffeisen'), set('tkassa'), set('raiffeisen'), set('tkassa')]);
    const rows = () => builder.rows<{ bank: string; active: boolean }>(`select bank, active from ledger.sbp_account where site_id = 'club-4' order by bank`);
    expect((await rows()).filter(({ active }) => active)).toHaveLength(1);
    await setAccount('club-4', null);
    expect(await rows()).toEqual([
      { bank: 'raiffeisen', active: true },
      { bank: 'tkassa', active: false },
    ]);
  });

  it('shows the QR that the bank made once, however often it is asked, and hears the bank’s word', async () => {
    const { command, permit } = await granted('club-1');
    const shown = await ask(permit);
    expect(shown).toMatchObject({ kind: 'show', qr: { payload: `https://qr.nspk.ru/${command.attemptId}` } });
    expect(await ask(permit)).toMatchObject({ kind: 'show', qr: { payload: `https://qr.nspk.ru/${command.attemptId}` } });
    expect(bank.orders.filter((order) => order === command.attemptId)).toHaveLength(1);
    const forged = StandInBank.notification(command.attemptId, '150', 'guessed');
    await expect(call('sbp.notified', { bank: 'raiffeisen', siteId: 'club-1', ...forged })).rejects.toMatchObject({ code: 'sbp.signature_invalid' });
    expect(await read(command)).toMatchObject({ status: 'in_progress' });
    const said = StandInBank.notification(command.attemptId, '150');
    expect(await call('sbp.notified', { bank: 'raiffeisen', siteId: 'club-1', ...said })).toEqual({ kind: 'heard', reply: '' });
    expect(await read(command)).toMatchObject({ status: 'succeeded', chargedAmount: 15_000, attempts: [{ qr: { payload: expect.any(String) }, rrn: '4711' }] });
    expect(await ask(permit)).toMatchObject({ kind: 'ended', status: 'approved' });
  });

  it('asks the bank by itself, cancels what the cashier stops, and tells the worker at once', async () => {
    bank.standing = 'NEW';
    const request = builder.openRequest({ terminalId: 'pax-hints', method: 'sbp_qr', sbp: { by: 'bank_qr', windowSeconds: 180 } });
    const { command } = await call('payments.open', { ...request, idempotency: { key: request.idempotency.key, fingerprint } });
    const permit = builder.permitRequest(command!);
    await call('worker.lease', permit);
    await call('worker.permit', permit);
    expect((await ask(permit)).kind).toBe('show');
    await call('payments.cancel', { scope: null, paymentId: command!.paymentId });
    await eventually(async () => expect(await read(command!)).toMatchObject({ status: 'cancelled', cancelRequested: 'done' }));
    expect(bank.standing).toBe('CANCELLED');
    expect(hints).toContainEqual({ kind: 'qr-changed', attemptId: command!.attemptId });
  });

  it('gives permits quickly while twenty QRs are asked of a bank that says nothing', async () => {
    const waiting = await Promise.all(Array.from({ length: 20 }, () => granted('club-1')));
    bank.isSilent = true;
    const asking = waiting.map(({ permit }) => ask(permit));
    await eventually(() => expect(bank.orders.filter((order) => waiting.some(({ command }) => command.attemptId === order))).toHaveLength(20));
    const startedMs = Date.now();
    await granted('club-1');
    const tookMs = Date.now() - startedMs;
    bank.isSilent = false;
    // Open, lease and permit; without room they would wait the five seconds of a call.
    expect(tookMs).toBeLessThan(1_000);
    expect((await Promise.all(asking)).map((answer) => answer.kind)).toEqual(Array(20).fill('ended'));
    expect((await read(waiting[0]!.command)).status).toBe('failed');
  });
});
