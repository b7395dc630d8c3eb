import { describeWith, eventually } from '@kkm/testkit';
import { queues } from '@kkm/contracts';
import type { GatewayCalls, LinkTest, Problem, SiteEquipment } from '@kkm/contracts';
import { check, terminalQueue } from '@kkm/core';
import type { ControlHint, KeptRequest, RequestAnswer } from '@kkm/core';
import type { Terminal } from '../postgres/equipment.row';
import { GatewayUnderTest } from '../testing/gateway-under-test';

const done: RequestAnswer = { state: 'done', reason: null, text: 'СВЕРКА ИТОГОВ', link: null };

describeWith(['broker', 'database'], 'requests to terminals over HTTP', () => {
  let gateway: GatewayUnderTest;
  const hints: ControlHint[] = [];
  const call = <Method extends 'terminals.take' | 'terminals.answered'>(method: Method, request: GatewayCalls[Method]['request']) =>
    gateway.servers.outside.call<GatewayCalls[Method]['answer']>(queues.gatewayRpc, method, request, { timeoutMs: 3_000 });
  const ask = (what: string, body?: object, headers: Readonly<Record<string, string>> = {}) =>
    gateway.ask<KeptRequest>('POST', `/v1/terminals/pax-1/${what}`, { ...(body && { body }), headers });
  const named = (requestId: string, nonce = 'nonce-1') => ({ requestId, siteId: 'club-1', terminalId: 'pax-1', nonce });
  /** The worker that holds the lease takes the newest request and answers. */
  const work = async (answer: RequestAnswer): Promise<void> => {
    const hint = await eventually(() => {
      const newest = hints.shift();
      check(newest?.kind === 'request', 'a hint came');
      return newest;
    });
    expect(await call('terminals.take', named(hint.requestId))).toMatchObject({ kind: 'yours' });
    expect(await call('terminals.take', named(hint.requestId, 'nonce-2'))).toEqual({ kind: 'gone' });
    await call('terminals.answered', { ...named(hint.requestId), answer });
  };

  beforeAll(async () => {
    gateway = await GatewayUnderTest.start();
    await gateway.seed('club-1');
    await gateway.servers.outside.consume(`${terminalQueue('club-1', 'pax-1')}.control`, { prefetch: 10 }, ({ body }) => {
      const hint = body as ControlHint;
      if (hint.kind === 'request') hints.push(hint);
      return Promise.resolve('done');
    });
  });
  afterAll(() => gateway.stop());
  beforeEach(() => {
    hints.length = 0;
    gateway.ledger.standings.clear();
  });

  it('are answered at once with what was asked, and later with what came of it', async () => {
    const asked = await ask('settle');
    expect([asked.status, asked.body.state, asked.body.kind, asked.body.siteId]).toEqual([200, 'asked', 'settle', 'club-1']);
    expect(asked.headers.get('preference-applied')).toBeNull();
    await work(done);
    const page = await gateway.ask<{ requests: KeptRequest[]; next: null }>('GET', '/v1/terminals/pax-1/requests?kind=settle&limit=1');
    expect(page.body.requests).toMatchObject([{ id: asked.body.id, ...done }]);
  });

  it('show in the terminal’s health, beside what the ledger tells of it', async () => {
    const asked = await ask('settle');
    await work(done);
    type Health = { at: string; from: string; to: string; bucket: string; now: { lastSettlement: KeptRequest | null; link: string }; total: { sales: number } };
    const { body } = await eventually(async () => {
      const answer = await gateway.ask<Health>('GET', '/v1/terminals/pax-1/health');
      check(answer.body.now.lastSettlement?.state === 'done', 'the settlement is answered');
      return answer;
    });
    expect(body).toMatchObject({
      siteId: 'club-1',
      terminalId: 'pax-1',
      bucket: 'hour',
      to: body.at,
      now: { link: 'unknown', lastSettlement: { id: asked.body.id } },
    });
    expect((await gateway.ask<Problem>('GET', '/v1/terminals/pax-1/health?from=2026-11-27T08:00:00Z&to=2026-11-27T08:00:00Z')).body.code).toBe(
      'request.invalid',
    );
    expect((await gateway.ask<Problem>('GET', '/v1/terminals/pax-9/health')).status).toBe(404);
  });

  it('hold the answer until the terminal’s', async () => {
    const asking = ask('report', { detailed: true }, { prefer: 'wait=20' });
    await work({ ...done, text: 'ПОЛНЫЙ ОТЧЕТ' });
    const { body, headers } = await asking;
    expect([body.state, body.text, body.detailed, headers.get('preference-applied')]).toEqual(['done', 'ПОЛНЫЙ ОТЧЕТ', true, 'wait=20']);
  });

  it('tell what a link test found', async () => {
    const asking = ask('link-test', {}, { prefer: 'wait=20' });
    const link = { tookMs: 12, bankTerminalId: '00266286', serialNumber: 'Q25', terminalTime: '20261127120000', host: 'reached' } as const;
    await work({ ...done, link });
    expect((await asking).body.link).toEqual(link);
  });

  describe('with settings that are not saved', () => {
    const place = { kind: 'tcp', mode: 'connect', host: '10.0.0.9', port: 5000 };
    const settings = { siteId: 'club-1', driver: 'inpas-sa', transport: place, profile: { abort: 'none' } };
    const waitingTests = async (linkTests: boolean) =>
      (
        await gateway.servers.outside.call<SiteEquipment>(
          'gateway.rpc',
          'equipment.of-site',
          { siteId: 'club-1', knownRevision: null, linkTests },
          { timeoutMs: 3_000 },
        )
      ).linkTests;

    it('give the worker the draft over what is saved, once, and only one that tests drafts', async () => {
      const asking = ask('link-test', { draft: { transport: place } }, { prefer: 'wait=20', 'idempotency-key': '"draft"' });
      const hint = await eventually(() => {
        const newest = hints.shift();
        check(newest?.kind === 'request', 'a hint came');
        return newest;
      });
      expect(await call('terminals.take', named(hint.requestId))).toEqual({ kind: 'gone' });
      const taken = await call('terminals.take', { ...named(hint.requestId), drafts: true });
      expect(taken).toMatchObject({ request: { draft: { driver: 'inpas-sa', transport: place, profile: {} } } });
      await call('terminals.answered', {
        ...named(hint.requestId),
        answer: { ...done, state: 'failed', reason: 'terminal_unreachable', problem: 'terminal_silent' },
      });
      expect((await asking).body).toMatchObject({ state: 'failed', problem: 'terminal_silent', isDraft: true });
      expect((await ask('link-test', { draft: { transport: place } }, { 'idempotency-key': '"draft"' })).body.state).toBe('failed');
      expect((await ask('link-test', {}, { 'idempotency-key': '"draft"' })).body).toMatchObject({ code: 'idempotency.key_reused' });
      expect((await gateway.ask<Terminal>('GET', '/v1/terminals/pax-1')).body.transport).toMatchObject({ port: 5201 });
    });

    it('reach any worker of the site for a terminal that is new, and no worker of an earlier release', async () => {
      const asking = gateway.ask<LinkTest>('POST', '/v1/link-tests', { body: settings, headers: { prefer: 'wait=20' } });
      const [id] = await eventually(async () => {
        const tests = await waitingTests(true);
        check(tests?.length === 1, 'one test waits');
        return tests;
      });
      expect(await waitingTests(false)).toBeUndefined();
      const own = { requestId: id!, siteId: 'club-1', terminalId: '', nonce: 'n', drafts: true };
      expect(await call('terminals.take', own)).toMatchObject({ request: { draft: { profile: { abort: 'none' } } } });
      expect(await waitingTests(true)).toEqual([]);
      const link = { tookMs: 7, bankTerminalId: '00266286', serialNumber: null, terminalTime: null, host: 'reached' } as const;
      await call('terminals.answered', { ...own, answer: { ...done, link } });
      const { body } = await asking;
      expect(body).toMatchObject({ id, state: 'done', link, problem: null });
      expect(Object.keys(body)).not.toContain('terminalId');
    });

    it('leave a terminal alone that is saved with the same address', async () => {
      const saved = { ...place, host: '127.0.0.1', port: 5201 };
      const taken = await gateway.ask<Problem>('POST', '/v1/link-tests', { body: { ...settings, transport: saved } });
      expect([taken.status, taken.body.code, taken.body.detail]).toEqual([409, 'equipment.address_taken', 'Terminal pax-1 has it.']);
      const byName = { id: 'pax-named', siteId: 'club-1', name: 'Named', driver: 'inpas-sa', transport: { ...place, host: 'pax.local' } };
      await gateway.ask('POST', '/v1/terminals', { body: byName });
      const asked = { ...settings, transport: { ...place, host: 'PAX.Local' } };
      expect((await gateway.ask<Problem>('POST', '/v1/link-tests', { body: asked })).body.detail).toBe('Terminal pax-named has it.');
      expect((await ask('link-test', { draft: { transport: saved, profile: { abort: 'none' } } })).status).toBe(200);
      expect((await gateway.ask('POST', '/v1/link-tests', { body: { ...settings, siteId: 'nowhere' } })).status).toBe(404);
    });

    it.each([
      [{ driver: 'magic' }, '#/driver'],
      [{ profile: { noSuchValue: 1 } }, '#/profile'],
      [{ transport: { ...place, port: 0 } }, '#/transport/port'],
      [{ name: 'x' }, '#/name'],
    ])('are refused as %j', async (wrong, pointer) => {
      const { status, body } = await gateway.ask<Problem>('POST', '/v1/link-tests', { body: { ...settings, ...wrong } });
      expect([status, body.errors?.[0]?.pointer]).toEqual([422, pointer]);
    });
  });

  it('are made once under one key', async () => {
    const headers = { 'idempotency-key': '"close-of-day"' };
    const first = await ask('settle', {}, headers);
    const again = await ask('settle', {}, headers);
    expect(again.body.id).toBe(first.body.id);
    expect((await ask('report', {}, headers)).body).toMatchObject({ code: 'idempotency.key_reused' });
    expect((await ask('report', {}, { 'idempotency-key': '' })).body).toMatchObject({ code: 'idempotency.key_missing' });
  });

  it.each([
    [true, 'terminal.in_doubt'],
    [false, 'equipment.terminal_busy'],
  ])('are refused for a settlement while an attempt is unfinished, in doubt: %s', async (inDoubt, code) => {
    gateway.ledger.standings.set('pax-1', { occupantAttemptId: 'att_1', inDoubt });
    expect((await ask('settle')).body).toMatchObject({ code, status: 409 });
    expect((await ask('report')).status).toBe(200);
  });

  it('take a key that may do it', async () => {
    const keyWith = async (scope: string) => {
      const made = await gateway.ask<{ key: string }>('POST', '/v1/api-keys', { body: { name: scope, siteId: 'club-1', scopes: [scope] } });
      return made.body.key;
    };
    const statuses = async (scope: string): Promise<readonly number[]> => {
      const key = await keyWith(scope);
      const status = async (method: string, path: string) => (await gateway.ask(method, `/v1/terminals/pax-1/${path}`, { key })).status;
      return [await status('POST', 'link-test'), await status('POST', 'settle'), await status('POST', 'report'), await status('GET', 'requests')];
    };
    expect([await statuses('equipment:write'), await statuses('payments:write'), await statuses('payments:read')]).toEqual([
      [200, 200, 200, 200],
      [403, 200, 200, 200],
      [403, 403, 403, 200],
    ]);
  });

  it('are refused for terminals that are not there, switched off or another site’s', async () => {
    expect((await gateway.ask<Problem>('POST', '/v1/terminals/pax-9/settle')).body.code).toBe('equipment.not_found');
    await gateway.seed('club-2');
    const other = await gateway.ask<{ key: string }>('POST', '/v1/api-keys', { body: { name: 'other', siteId: 'club-2', scopes: ['equipment:write'] } });
    const requests = await gateway.ask<{ requests: KeptRequest[] }>('GET', '/v1/terminals/pax-1/requests', { key: other.body.key });
    expect(requests.body.requests).toEqual([]);
    await gateway.ask('PATCH', '/v1/terminals/pax-1?siteId=club-2', { body: { enabled: false } });
    expect((await gateway.ask<Problem>('POST', '/v1/terminals/pax-1/settle?siteId=club-2')).body.code).toBe('equipment.no_terminal');
  });

  it.each([
    ['POST', 'report', { detailed: 'yes' }, '#/detailed'],
    ['POST', 'settle', { force: true }, '#/force'],
    ['GET', 'requests?kind=sale', undefined, 'query:kind'],
    ['GET', 'requests?limit=0', undefined, 'query:limit'],
  ])('are refused as %s %s %j', async (method, path, body, pointer) => {
    const answer = await gateway.ask<Problem>(method, `/v1/terminals/pax-1/${path}`, { ...(body && { body }) });
    expect([answer.status, answer.body.errors?.[0]?.pointer]).toEqual([422, pointer]);
  });
});
