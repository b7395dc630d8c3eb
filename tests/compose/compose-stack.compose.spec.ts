import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Method, Payment } from '@kkm/core';
import { describeWith, eventually } from '@kkm/testkit';
import { startComposeStack } from './harness/compose-stack';
import type { ComposeStack } from './harness/compose-stack';

describeWith(['compose'], 'the compose stack', () => {
  let started: ComposeStack | null = null;
  const stack = (): ComposeStack => {
    if (!started) throw new Error('The stack did not start');
    return started;
  };
  beforeAll(async () => {
    started = await startComposeStack();
  }, 600_000);
  afterAll(() => started?.remove(), 120_000);

  const requestFor = (orderId: string, method: Method, amount = 15_000): object => {
    return { siteId: 'club-1', orderId, amount, currency: 'RUB', method, registerId: 'desk-1' };
  };

  async function pay(orderId: string, prefer = 'wait=30', ...what: [method?: Method, amount?: number]): Promise<Payment> {
    const [method = 'card', amount] = what;
    const answer = await fetch(`${stack().api}/v1/payments`, {
      method: 'POST',
      headers: { authorization: `Bearer ${stack().apiKey}`, 'idempotency-key': `"${randomUUID()}"`, 'content-type': 'application/json', prefer },
      body: JSON.stringify(requestFor(orderId, method, amount)),
    });
    expect(answer.status).toBe(201);
    return (await answer.json()) as Payment;
  }

  /** Publishes a payment on the AMQP door as iCafeCloud does, and waits for its end. */
  async function payByMessage(orderId: string, method: Method): Promise<Payment> {
    const data = requestFor(orderId, method);
    const event = {
      specversion: '1.0',
      id: orderId,
      source: '/icafecloud',
      type: 'icafecloud.payment.requested.v1',
      datacontenttype: 'application/json',
      data,
    };
    await stack().compose('exec', '-T', 'gateway', 'node', '-e', publishing, JSON.stringify(event));
    return eventually(async () => {
      const answer = await fetch(`${stack().api}/v1/payments?orderId=${orderId}`, { headers: { authorization: `Bearer ${stack().apiKey}` } });
      const [payment] = ((await answer.json()) as { payments: Payment[] }).payments;
      if (payment?.status !== 'succeeded') throw new Error(`The payment of ${orderId} is ${payment?.status ?? 'unknown'}.`);
      return payment;
    }, 60_000);
  }

  /** Paid QRs in the books of the virtual SBP bank. */
  async function paidQrs(): Promise<readonly object[]> {
    const answer = await fetch(`${stack().virtualTerminal}/bank/sbp/qrs`);
    return ((await answer.json()) as { qrs: { status: string }[] }).qrs.filter(({ status }) => status === 'PAID');
  }

  async function read(paymentId: string): Promise<unknown> {
    return (await fetch(`${stack().api}/v1/payments/${paymentId}`, { headers: { authorization: `Bearer ${stack().apiKey}` } })).json();
  }

  /** What the restore left to do. */
  async function restored(): Promise<unknown> {
    return (await fetch(`${stack().api}/v1/restore`, { headers: { authorization: `Bearer ${stack().apiKey}` } })).json();
  }

  /** The control API of the stack's one virtual terminal. */
  async function control(method: string, path: string, body?: unknown): Promise<unknown> {
    const answer = await fetch(`${stack().virtualTerminal}/terminals/pax-1${path}`, {
      method,
      ...(body === undefined ? {} : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
    });
    expect(answer.status).toBeLessThan(300);
    const text = await answer.text();
    return text === '' ? null : JSON.parse(text);
  }

  async function bankSales(): Promise<readonly string[]> {
    const answer = await fetch(`${stack().virtualTerminal}/bank/transactions`);
    return ((await answer.json()) as { transactions: { rrn: string; amount: number }[] }).transactions.map(({ rrn, amount }) => `${rrn} ${amount}`);
  }

  it('takes one card payment, and the bank’s books hold it once', async () => {
    const payment = await pay('compose-1');
    expect(payment).toMatchObject({ status: 'succeeded', chargedAmount: 15_000, terminalId: 'pax-1' });
    expect(await bankSales()).toEqual([`${String(payment.attempts[0]?.rrn)} 15000`]);
  });

  it('takes an SBP payment that the guest scans from the terminal, and the SBP bank’s books hold it once', async () => {
    const payment = await pay('compose-sbp', 'wait=60', 'sbp_qr');
    expect(payment).toMatchObject({ status: 'succeeded', chargedAmount: 15_000, method: 'sbp_qr', terminalId: 'pax-1' });
    expect(await paidQrs()).toEqual([expect.objectContaining({ amountMinor: 15_000, payload: payment.attempts[0]?.qr?.payload })]);
  });

  it('takes a card and an SBP payment that come by message', async () => {
    const card = await payByMessage('compose-message-card', 'card');
    expect(await bankSales()).toContain(`${String(card.attempts[0]?.rrn)} 15000`);
    const scanned = await payByMessage('compose-message-sbp', 'sbp_qr');
    expect(scanned).toMatchObject({ chargedAmount: 15_000, method: 'sbp_qr' });
    expect(await paidQrs()).toHaveLength(2);
  });

  it('charges a check at the KkmServer door', async () => {
    const { kkmserver, kkmserverPassword } = stack();
    const answer = await fetch(`${kkmserver}/Execute`, {
      method: 'POST',
      headers: { authorization: `Basic ${Buffer.from(`User:${kkmserverPassword}`).toString('base64')}` },
      body: JSON.stringify({ Command: 'RegisterCheck', IdCommand: 'compose-check', IsFiscalCheck: true, ElectronicPayment: 70.5, CheckStrings: [] }),
    });
    const check = (await answer.json()) as { RezultProcessing?: { RRNCode?: string } };
    expect(check).toMatchObject({ Command: 'RegisterCheck', Status: 0, Error: '' });
    expect(await bankSales()).toContain(`${String(check.RezultProcessing?.RRNCode)} 7050`);
  });

  it('runs its services as an ordinary user, on a read-only root, without compilers or test tools', async () => {
    const look = `
      const { existsSync, writeFileSync } = require('node:fs');
      let writable = true;
      try { writeFileSync('/app/probe', ''); } catch { writable = false; }
      const packages = ['typescript', 'jest', '@swc/core', 'eslint', 'nx'].filter((name) => existsSync('/app/node_modules/' + name));
      console.log(JSON.stringify({ uid: process.getuid(), writable, packages, npm: existsSync('/usr/local/bin/npm') }));`;
    for (const service of ['gateway', 'ledger', 'terminal-worker', 'virtual-terminal']) {
      const seen = JSON.parse(await stack().compose('exec', '-T', service, 'node', '-e', look)) as unknown;
      expect(seen).toEqual({ uid: 1000, writable: false, packages: [], npm: false });
    }
  });

  it('gives a café’s broker user only what a worker needs', async () => {
    const rights = await stack().compose('exec', '-T', 'rabbitmq', 'rabbitmqctl', '-q', 'list_permissions', '-p', 'kkm', '--formatter', 'json');
    const site = (JSON.parse(rights) as { user: string; configure: string }[]).find(({ user }) => user === 'site-club-1');
    expect(site).toMatchObject({ configure: '^$', read: '^terminal\\.club-1\\..+$', write: '^(kkm\\.rpc|kkm\\.results|kkm\\.progress|kkm\\.parked)$' });
  });

  it('keeps no secret in a container’s environment', async () => {
    for (const service of ['gateway', 'ledger', 'terminal-worker']) {
      const environment = await stack().compose('exec', '-T', service, 'node', '-p', 'JSON.stringify(process.env)');
      expect(environment).not.toContain(stack().apiKey);
      expect(environment).not.toMatch(/(amqp|postgres):\/\//);
    }
  });

  it.each(['rabbitmq', 'postgres'])('loses nothing when %s restarts while the guest looks for the card', async (service) => {
    await control('PUT', '/behaviour', { auto: 'none', delayMs: 0, faults: [] });
    const before = (await bankSales()).length;
    const opened = await pay(`compose-${service}`, 'wait=0');
    await eventually(async () => {
      expect((await control('GET', '')) as unknown).toMatchObject({ screen: { state: 'card' } });
    }, 30_000);
    const restarted = stack().compose('restart', '--timeout', '20', service);
    await control('POST', '/customer', { action: 'tap' });
    await restarted;
    await eventually(async () => {
      expect(await read(opened.id)).toMatchObject({ status: 'succeeded', chargedAmount: 15_000 });
    }, 120_000);
    expect(await bankSales()).toHaveLength(before + 1);
    await control('PUT', '/behaviour', { auto: 'approve', delayMs: 0, faults: [] });
  });

  it('restores a backup, has its terminal asked, and does not charge again what a caller repeats', async () => {
    const folder = join(mkdtempSync(join(tmpdir(), 'kkm-backup-')), 'backup');
    const before = await pay('compose-kept');
    await stack().script('backup.sh', folder);
    const lost = await pay('compose-lost', 'wait=30', 'card', 33_000);
    const sales = (await bankSales()).length;
    await stack().script('restore.sh', folder);
    rmSync(dirname(folder), { recursive: true, force: true });
    expect(await read(before.id)).toMatchObject({ status: 'succeeded' });
    await eventually(async () => expect(await restored()).toMatchObject({ charges: [{ rrn: lost.attempts[0]?.rrn, amount: 33_000 }] }), 30_000);
    const repeated = await pay('compose-lost', 'wait=2', 'card', 33_000);
    expect([repeated.status, (await bankSales()).length]).toEqual(['pending', sales]);
    await fetch(`${stack().api}/v1/payments/${repeated.id}/cancel`, { method: 'POST', headers: { authorization: `Bearer ${stack().apiKey}` } });
    expect(await pay('compose-other')).toMatchObject({ status: 'succeeded', chargedAmount: 15_000 });
  });

  it('stops in order and takes payments again after a restart, with the books kept', async () => {
    const before = await pay('compose-2');
    await stack().compose('stop');
    const states = (await stack().compose('ps', '--all', '--format', '{{.Service}} {{.ExitCode}}')).trim().split('\n');
    expect(states.filter((line) => /^(gateway|ledger|terminal-worker|virtual-terminal) /.test(line) && !line.endsWith(' 0'))).toEqual([]);
    await stack().compose('up', '--detach', '--wait', '--wait-timeout', '180');
    expect(await read(before.id)).toMatchObject({ id: before.id, status: 'succeeded', chargedAmount: 15_000 });
    expect(await pay('compose-3')).toMatchObject({ status: 'succeeded' });
  });
});

/** Publishes its argument on the broker of the stack, from inside: the broker is not published. */
const publishing = `
  const amqp = require('amqplib');
  const { readFileSync } = require('node:fs');
  (async () => {
    const connection = await amqp.connect(readFileSync('/run/secrets/broker_kkm_url', 'utf8').trim());
    const channel = await connection.createConfirmChannel();
    channel.publish('kkm.ingress', 'club-1.payment.requested', Buffer.from(process.argv[1]), {
      persistent: true, mandatory: true, contentType: 'application/cloudevents+json',
    });
    await channel.waitForConfirms();
    await connection.close();
  })();`;
