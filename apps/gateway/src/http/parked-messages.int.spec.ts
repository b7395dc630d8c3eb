import { randomUUID } from 'node:crypto';
import { exchanges, queues } from '@kkm/contracts';
import type { AuditEntry, Problem } from '@kkm/contracts';
import { Unavailable } from '@kkm/core';
import type { ParkedMessage, ParkedSummary } from '@kkm/core';
import { connectBroker } from '@kkm/messaging';
import type { Broker } from '@kkm/messaging';
import { describeWith, eventually, pause } from '@kkm/testkit';
import { ParkedMessages } from '../parked/parked-messages';
import { ParkedMessageStore } from '../postgres/parked-messages';
import { GatewayUnderTest } from '../testing/gateway-under-test';
import { park, someCommand } from '../testing/parking';
import { makeUser, signedIn } from '../testing/people-under-test';

const path = '/v1/parked-messages';
/** Users of a broker are everybody's: these sites are this suite's alone. */
const [ours, theirs] = ['parking-1', 'parking-2'];

interface Page {
  readonly parkedMessages: ParkedSummary[];
  readonly next: string | null;
}

describeWith(['broker', 'database'], 'parked messages', () => {
  let gateway: GatewayUnderTest;
  let worker: Broker;
  beforeAll(async () => {
    gateway = await GatewayUnderTest.start();
    await gateway.seed(ours);
    await gateway.seed(theirs);
    const { management, url } = gateway.servers.broker;
    await management.createUser(`site-${ours}`, 'secret', { configure: '^$', write: '^(kkm\\.rpc|kkm\\.results|kkm\\.progress|kkm\\.parked)$', read: '^$' });
    const own = new URL(url);
    [own.username, own.password] = [`site-${ours}`, 'secret'];
    worker = await connectBroker({ url: own.toString(), name: 'worker' });
  });
  afterAll(async () => {
    await worker.close();
    await gateway.servers.broker.management.deleteUser(`site-${ours}`);
    await gateway.stop();
  });

  const list = async (query = ''): Promise<ParkedSummary[]> => (await gateway.ask<Page>('GET', `${path}?limit=200${query}`)).body.parkedMessages;
  const parkedAs = (messageId: string, state = 'parked') =>
    eventually(async () => {
      const found = (await list(`&state=${state}`)).find((one) => one.messageId === messageId);
      if (!found) throw new Error(`${messageId} is not ${state}`);
      return found;
    }, 10_000);
  const read = async (id: string) => (await gateway.ask<ParkedMessage>('GET', `${path}/${id}`)).body;
  const replay = (id: string) => gateway.ask<ParkedMessage & Problem>('POST', `${path}/${id}/replay`);
  const dismiss = (id: string, reason = 'The guest paid in cash.') =>
    gateway.ask<ParkedMessage & Problem>('POST', `${path}/${id}/dismiss`, { body: { reason } });
  const newestAudit = async () => (await gateway.ask<{ entries: AuditEntry[] }>('GET', '/v1/audit?limit=1')).body.entries[0];
  const paymentsOf = (orderId: string) => [...gateway.ledger.payments.values()].filter((payment) => payment.orderId === orderId);

  /** Sends a request by message; its register may be unknown. */
  const request = async (orderId: string, registerId: string, what = 'payment.requested'): Promise<string> => {
    const id = randomUUID();
    const data = what === 'payment.requested' ? { siteId: ours, orderId, amount: 15_000, currency: 'RUB', registerId } : { siteId: ours, orderId };
    const body = { specversion: '1.0', id, source: 'icafecloud', type: `icafecloud.${what}.v1`, data };
    await gateway.servers.outside.publish({ exchange: exchanges.ingress, routingKey: `${ours}.${what}`, body, messageId: id });
    return id;
  };
  const addRegister = (id: string) =>
    gateway.ask('POST', '/v1/registers', { body: { id, siteId: ours, name: id, automaticAcquiring: { option: 'card', terminalId: 'pax-1' } } });

  const command = (attemptId: string, siteId = ours) => someCommand(siteId, attemptId);
  const ofTerminal = (siteId: string) => ({ exchange: exchanges.commands, routingKey: `${siteId}.pax-1`, queue: `terminal.${siteId}.pax-1` });
  const results = { exchange: exchanges.results, routingKey: queues.ledgerResults, queue: queues.ledgerResults };

  it('are listed with their reason, their site and where they came from, and read with their body', async () => {
    const id = await request('p-1', 'desk-none');
    const summary = await parkedAs(id);
    expect(summary).toMatchObject({
      siteId: ours,
      paymentId: null,
      state: 'parked',
      reason: 'equipment.not_found',
      queue: queues.gatewayIngress,
      exchange: exchanges.ingress,
      routingKey: `${ours}.payment.requested`,
      notReplayable: null,
      replayOf: null,
      settledAt: null,
    });
    const message = await read(summary.id);
    expect(message).toMatchObject({ ...summary, bodyForm: 'json', isBodyCut: false, headers: { 'x-park-reason': 'equipment.not_found' } });
    expect(JSON.parse(message.body)).toMatchObject({ id, data: { orderId: 'p-1' } });
    const metrics = await (await fetch(`${gateway.url}/metrics`)).text();
    expect(metrics).toMatch(/kkm_parked_open\{[^}]*\} [1-9]/);
    const waiting = await gateway.servers.broker.management.queues();
    expect(waiting).toContainEqual(expect.objectContaining({ name: queues.parked, messages: 0 }));
  });

  it('come in pages, by state and site', async () => {
    for (const n of [1, 2, 3]) await park(gateway.servers.outside, ofTerminal(theirs), { id: `page-${n}`, body: command(`att_page_${n}`, theirs) });
    await parkedAs('page-3');
    const ids: (string | null)[] = [];
    for (let cursor = ''; ;) {
      const { body } = await gateway.ask<Page>('GET', `${path}?siteId=${theirs}&limit=2${cursor}`);
      ids.push(...body.parkedMessages.map(({ messageId }) => messageId));
      if (body.next === null) break;
      cursor = `&cursor=${body.next}`;
    }
    expect(ids.sort()).toEqual(['page-1', 'page-2', 'page-3']);
    expect(await list(`&siteId=${theirs}&state=dismissed`)).toEqual([]);
  });

  it('go back to where they came from under their own id, once their cause is gone, and are noted', async () => {
    const id = await request('p-2', 'desk-2');
    const { id: parkedId } = await parkedAs(id);
    await addRegister('desk-2');
    const { status, body } = await replay(parkedId);
    expect([status, body]).toEqual([200, expect.objectContaining({ state: 'replayed', settledBy: expect.objectContaining({ name: 'first key' }) as unknown })]);
    expect(await newestAudit()).toMatchObject({ action: 'replayParkedMessage', targetId: parkedId, siteId: ours, status: 200, by: { name: 'first key' } });
    await eventually(() => expect(paymentsOf('p-2')).toHaveLength(1));
    expect(await replay(parkedId)).toMatchObject({ status: 409, body: { code: 'parked.settled' } });
    expect(await dismiss(parkedId)).toMatchObject({ status: 409, body: { code: 'parked.settled' } });
  });

  it('are parked anew when they fail again, and say of which message they are the replay', async () => {
    const id = await request('p-3', 'desk-3');
    const first = await parkedAs(id);
    expect((await replay(first.id)).status).toBe(200);
    const second = await parkedAs(id);
    expect(second).toMatchObject({ replayOf: first.id, reason: 'equipment.not_found', state: 'parked' });
    expect(await read(first.id)).toMatchObject({ parkedAgainAs: second.id, state: 'replayed' });
    expect((await read(second.id)).headers).toMatchObject({
      'x-replay-of': first.id,
      'x-replayed-by': first.settledBy?.id ?? (await read(first.id)).settledBy?.id,
    });
    await addRegister('desk-3');
    expect((await replay(second.id)).status).toBe(200);
    await eventually(() => expect(paymentsOf('p-3')).toHaveLength(1));
  });

  it('are sent again by nobody who dies before it is noted, and what is sent twice does nothing twice', async () => {
    const id = await request('p-4', 'desk-4');
    const { id: parkedId } = await parkedAs(id);
    await addRegister('desk-4');
    const store = new ParkedMessageStore(gateway.servers.dataSource);
    const { own: broker } = gateway.servers;
    const dying = new ParkedMessages({
      broker,
      log: { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined },
      store: {
        list: (asked) => store.list(asked),
        read: (one, within) => store.read(one, within),
        settle: (one, within, decide) =>
          store.settle(one, within, async (message) => {
            await decide(message);
            throw new Unavailable('settings.unavailable');
          }),
      },
    });
    const caller = { kind: 'user', id: 'usr_1', name: 'Anna', siteId: null, scopes: ['admin'] } as const;
    await expect(dying.replay(parkedId, caller)).rejects.toMatchObject({ code: 'settings.unavailable' });
    await eventually(() => expect(paymentsOf('p-4')).toHaveLength(1));
    expect(await read(parkedId)).toMatchObject({ state: 'parked', settledBy: null });
    expect((await replay(parkedId)).status).toBe(200);
    await pause(300);
    expect(paymentsOf('p-4')).toHaveLength(1);
    expect((await list('&state=parked')).some(({ messageId }) => messageId === id)).toBe(false);
  });

  it('stay parked when the broker does not have them', async () => {
    await park(
      gateway.servers.outside,
      { ...ofTerminal(ours), routingKey: `${ours}.gone`, queue: `terminal.${ours}.gone` },
      { id: 'att_gone', body: { ...command('att_gone'), terminalId: 'gone' } },
    );
    const { id } = await parkedAs('att_gone');
    expect(await replay(id)).toMatchObject({ status: 503, body: { code: 'broker.unavailable' } });
    expect(await read(id)).toMatchObject({ state: 'parked', notReplayable: null, settledAt: null });
  });

  it('are replayed once by any number of people at once', async () => {
    const commands = await gateway.followTerminal(ours, 'pax-1');
    await park(worker, ofTerminal(ours), { id: 'att_many', body: command('att_many') });
    const { id, sender } = await parkedAs('att_many');
    expect(sender).toBe(`site-${ours}`);
    const answers = await Promise.all(Array.from({ length: 5 }, () => replay(id)));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409, 409, 409, 409]);
    await eventually(() => expect(commands.map(({ attemptId }) => attemptId)).toContain('att_many'));
    await pause(100);
    expect(commands.filter(({ attemptId }) => attemptId === 'att_many')).toEqual([command('att_many')]);
  });

  it('of a worker are never sent as somebody else’s, whatever their headers say', async () => {
    const heard: unknown[] = [];
    const listening = await gateway.servers.outside.consume(queues.ledgerResults, { prefetch: 1 }, ({ body }) => {
      heard.push(body);
      return Promise.resolve('done');
    });
    const service = new URL(gateway.servers.broker.url).username;
    const approval = { siteId: theirs, terminalId: 'pax-1', attemptId: 'att_1', outcome: { kind: 'approved' } };
    await park(worker, { ...results, sender: service }, { id: 'forged-result', body: approval });
    await park(worker, { ...results, sender: `site-${theirs}` }, { id: 'forged-sender', body: approval });
    await park(worker, ofTerminal(theirs), { id: 'forged-command', body: command('att_forged', theirs) });
    await gateway.servers.broker.management.publish({
      exchange: exchanges.parked,
      routingKey: queues.ledgerResults,
      content: Buffer.from(JSON.stringify(approval)),
      properties: {
        message_id: 'forged-death',
        headers: { 'x-first-death-reason': 'delivery_limit', 'x-first-death-exchange': exchanges.results, 'x-first-death-queue': queues.ledgerResults },
      },
    });
    for (const forged of ['forged-result', 'forged-sender', 'forged-command', 'forged-death']) {
      const { id, notReplayable, siteId } = await parkedAs(forged);
      expect([forged, notReplayable, siteId]).toEqual([forged, 'not_trusted', null]);
      expect(await replay(id)).toMatchObject({ status: 409, body: { code: 'parked.not_replayable' } });
    }
    // A result that the ledger refused is parked by KKM's own user, and is still the worker's.
    await park(gateway.servers.outside, { ...results, sender: `site-${ours}` }, { id: 'refused-result', body: approval });
    expect(await parkedAs('refused-result')).toMatchObject({ notReplayable: 'not_trusted', sender: `site-${ours}` });
    await park(gateway.servers.outside, { ...results, sender: `site-${ours}` }, { id: 'own-result', body: { ...approval, siteId: ours } });
    expect((await replay((await parkedAs('own-result')).id)).status).toBe(200);
    await eventually(() => expect(heard).toEqual([{ ...approval, siteId: ours }]));
    await listening.cancel();
  });

  it('of events go only to the queue that could not handle them', async () => {
    const heard: unknown[] = [];
    const listening = await gateway.servers.outside.listen([{ exchange: exchanges.events, routingKey: '#' }], ({ body }) => heard.push(body));
    const from = { exchange: exchanges.events, routingKey: `${ours}.payment.succeeded`, queue: queues.gatewayChecks };
    await park(gateway.servers.outside, { ...from, sender: new URL(gateway.servers.broker.url).username }, { id: 'evt_odd', body: { data: { siteId: ours } } });
    const first = await parkedAs('evt_odd');
    expect((await replay(first.id)).status).toBe(200);
    expect(await parkedAs('evt_odd')).toMatchObject({ replayOf: first.id, reason: 'request.invalid' });
    expect(heard).toEqual([]);
    await listening.cancel();
  });

  it('are dismissed with a reason, which is kept with the name of who did it', async () => {
    const id = await request('p-5', 'desk-none');
    const { id: parkedId } = await parkedAs(id);
    for (const reason of ['', '  ', 'two\nlines']) expect(await dismiss(parkedId, reason)).toMatchObject({ status: 422, body: { code: 'request.invalid' } });
    const { status, body } = await dismiss(parkedId);
    expect([status, body]).toEqual([200, expect.objectContaining({ state: 'dismissed', dismissReason: 'The guest paid in cash.' })]);
    expect(await newestAudit()).toMatchObject({ action: 'dismissParkedMessage', targetId: parkedId, siteId: ours, status: 200 });
    expect(await replay(parkedId)).toMatchObject({ status: 409, body: { code: 'parked.settled' } });
    // The same request once more is a new case.
    await gateway.servers.outside.publish({
      exchange: exchanges.ingress,
      routingKey: `${ours}.payment.requested`,
      body: JSON.parse((await read(parkedId)).body),
      messageId: id,
    });
    expect((await parkedAs(id)).id).not.toBe(parkedId);
  });

  it('are an administrator’s, and those of another site are nobody’s', async () => {
    await park(gateway.servers.outside, ofTerminal(theirs), { id: 'att_theirs', body: command('att_theirs', theirs) });
    const { id } = await parkedAs('att_theirs');
    await gateway.servers.broker.management.publish({
      exchange: exchanges.parked,
      routingKey: '',
      content: Buffer.from('{}'),
      properties: { message_id: 'of-nobody' },
    });
    const nobodys = await parkedAs('of-nobody');
    const admin = await signedIn(gateway, await makeUser(gateway, { name: 'Parking admin', role: 'admin', siteId: ours }));
    for (const hidden of [id, nobodys.id]) {
      for (const [method, rest] of [
        ['GET', ''],
        ['POST', '/replay'],
      ] as const)
        expect(await admin.ask<Problem>(method, `${path}/${hidden}${rest}`)).toMatchObject({ status: 404, body: { code: 'parked.not_found' } });
      expect(await admin.ask('POST', `${path}/${hidden}/dismiss`, { body: { reason: 'x' } })).toMatchObject({ status: 404 });
    }
    const seen = (await admin.ask<Page>('GET', `${path}?limit=200`)).body.parkedMessages;
    expect(new Set(seen.map(({ siteId }) => siteId))).toEqual(new Set([ours]));
    const manager = await signedIn(gateway, await makeUser(gateway, { name: 'Parking manager', role: 'manager' }));
    for (const [method, rest] of [
      ['GET', ''],
      ['GET', `/${id}`],
      ['POST', `/${id}/replay`],
      ['POST', `/${id}/dismiss`],
    ] as const)
      expect(await manager.ask<Problem>(method, `${path}${rest}`)).toMatchObject({ status: 403, body: { code: 'auth.forbidden' } });
    const crossing = await admin.ask<Problem>('POST', `${path}/${id}/replay`, { headers: { origin: 'https://evil.example' } });
    expect(crossing).toMatchObject({ status: 403, body: { code: 'auth.cross_site' } });
  });

  it('are not found by an id that is none', async () => {
    expect(await gateway.ask('GET', `${path}/prk_none`)).toMatchObject({ status: 404, body: { code: 'parked.not_found' } });
    expect(await replay('prk_none')).toMatchObject({ status: 404, body: { code: 'parked.not_found' } });
  });
});
