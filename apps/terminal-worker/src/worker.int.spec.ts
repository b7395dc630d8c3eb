import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { PaymentCommand } from '@kkm/core';
import { someTerminal } from '@kkm/flow/testing';
import { describeWith, eventually, testBroker } from '@kkm/testkit';
import type { TestBroker } from '@kkm/testkit';
import { StandInServices } from './testing/stand-in-services';
import { TcpTerminal } from './testing/tcp-terminal';
import { WorkerProcess } from './testing/worker-process';

const port = 30_000 + Math.floor(Math.random() * 20_000);
const transport = { kind: 'tcp', mode: 'connect', host: '127.0.0.1', port } as const;
const settings = someTerminal('pax-1', { driver: 'inpas-sa', transport });

let drawn = 0;
function aCommand(change: Partial<PaymentCommand> = {}): PaymentCommand {
  drawn += 1;
  const attemptId = `att-${drawn}`;
  const expiresAt = new Date(Date.now() + 180_000).toISOString();
  return {
    attemptId,
    paymentId: `pay-${drawn}`,
    siteId: 'club-1',
    terminalId: 'pax-1',
    operation: 'sale',
    method: 'card',
    amount: 15_000 + drawn,
    currency: 'RUB',
    expiresAt,
    original: null,
    ...change,
  };
}

describeWith(['broker'], 'a worker process between a broker and a terminal', () => {
  let testbed: TestBroker;
  let services: StandInServices;
  let terminal: TcpTerminal;
  let worker: WorkerProcess;
  let journalDir: string;

  const startWorker = async (): Promise<WorkerProcess> => {
    const started = WorkerProcess.start({ amqpUrl: testbed.url, siteId: 'club-1', journalDir });
    await eventually(() => {
      if (!started.log.includes('worker started')) throw new Error(started.log);
    }, 20_000);
    return started;
  };
  const becomes = (attemptId: string, status: string, withinMs = 10_000): Promise<void> =>
    eventually(() => expect(`${attemptId} ${services.ledger.statusOf(attemptId)}`).toBe(`${attemptId} ${status}`), withinMs);
  const salesOf = (amount: number): number =>
    terminal.transactions.filter((transaction) => transaction.amount === amount && transaction.kind === 'sale').length;

  beforeAll(async () => {
    testbed = await testBroker();
    journalDir = await mkdtemp(join(tmpdir(), 'kkm-journal-'));
    services = await StandInServices.start(testbed.url, [settings]);
    terminal = new TcpTerminal(port);
    worker = await startWorker();
  });
  afterAll(async () => {
    await worker.stop();
    await terminal.close();
    await services.broker.close();
    await testbed.dispose();
    await rm(journalDir, { recursive: true, force: true });
  });
  beforeEach(() => terminal.behave({}));

  it('takes an approved payment and tells its steps', async () => {
    const command = aCommand();
    await services.send(command);
    await becomes(command.attemptId, 'approved');
    expect(services.ledger.published.at(-1)).toMatchObject({ outcome: { kind: 'approved', chargedMinor: command.amount }, source: 'answer' });
    expect(salesOf(command.amount)).toBe(1);
    await eventually(() =>
      expect(services.progress.filter(({ attemptId }) => attemptId === command.attemptId).map(({ step }) => step)).toEqual(['on_terminal', 'answered']),
    );
  });

  it('passes a decline on', async () => {
    terminal.behave({ auto: 'decline' });
    const command = aCommand();
    await services.send(command);
    await becomes(command.attemptId, 'declined');
    expect(salesOf(command.amount)).toBe(0);
  });

  it('asks for the card again after a read failure', async () => {
    terminal.behave({ faults: [{ name: 'read_failures', value: 2 }] });
    const command = aCommand();
    await services.send(command);
    await becomes(command.attemptId, 'approved');
    expect(services.ledger.published.at(-1)).toMatchObject({ readFailures: 2 });
    expect(salesOf(command.amount)).toBe(1);
  });

  it('stops a payment that waits for a card when a cashier cancels', async () => {
    terminal.behave({ auto: 'none' });
    const command = aCommand();
    await services.send(command);
    await eventually(() => expect(terminal.state).toBe('card'));
    services.cancel(command);
    await becomes(command.attemptId, 'cancelled');
    expect(services.ledger.published.at(-1)).toMatchObject({ outcome: { reason: 'cashier_cancelled' } });
  });

  it('handles a command that comes twice once', async () => {
    const command = aCommand();
    await services.send(command);
    await services.send(command, true);
    await becomes(command.attemptId, 'approved');
    const next = aCommand();
    await services.send(next);
    await becomes(next.attemptId, 'approved');
    expect(salesOf(command.amount)).toBe(1);
  });

  it('is ready when everything answers', async () => {
    const answer = await fetch(`${worker.url}/health/ready`);
    expect([answer.status, await answer.json()]).toEqual([200, { status: 'ok', checks: { broker: true, ledger: true, equipment: true } }]);
    expect(await (await fetch(`${worker.url}/metrics`)).text()).toContain('kkm_terminals_connected{service="terminal-worker"} 1');
  });

  it('never sends an attempt again after it was killed in the middle of a sale', async () => {
    terminal.behave({ auto: 'none' });
    const command = aCommand();
    await services.send(command);
    await eventually(() => expect(terminal.state).toBe('card'));
    const before = services.ledger.grants.length;
    await worker.kill();
    terminal.customer('tap');
    await eventually(() => expect(salesOf(command.amount)).toBe(1));
    worker = await startWorker();
    await becomes(command.attemptId, 'approved', 45_000);
    expect(services.ledger.published.at(-1)).toMatchObject({
      attemptId: command.attemptId,
      source: 'recovery',
      outcome: { kind: 'approved', chargedMinor: command.amount },
    });
    expect([salesOf(command.amount), services.ledger.grants.length]).toEqual([1, before]);
  });

  it('fails a payment whose terminal cannot be reached', async () => {
    services.equipment.change([{ ...settings, transport: { ...transport, port: port - 1 }, revision: 2 }]);
    await eventually(() => expect(terminal.state).toBe('idle'));
    await new Promise((resolve) => setTimeout(resolve, 3_000));
    const command = aCommand();
    await services.send(command);
    await becomes(command.attemptId, 'failed');
    expect(services.ledger.published.at(-1)).toMatchObject({ source: 'unpermitted', nonce: null, outcome: { reason: 'terminal_unreachable' } });
    services.equipment.change([{ ...settings, revision: 3 }]);
    await new Promise((resolve) => setTimeout(resolve, 3_000));
    const next = aCommand();
    await services.send(next);
    await becomes(next.attemptId, 'approved');
  });

  it('says that it leaves, and ends cleanly', async () => {
    const members = services.ledger.members.length;
    expect(await worker.stop()).toBe(0);
    expect(services.ledger.members).toHaveLength(members - 1);
  });
});
