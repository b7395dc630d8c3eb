import readQr from 'jsqr';
import { PNG } from 'pngjs';
import { createLogger } from '@kkm/observability';
import type { Conversation, TerminalAnswer, TerminalRequest } from '@kkm/core';
import { driverNamed } from '@kkm/drivers';
import { eventually } from '@kkm/testkit';
import { connectTcp, machineTimers } from '@kkm/transports';
import type { PlayedTerminal } from './played-terminal';
import type { RunningCounter } from './start-counter';
import { startCounter } from './start-counter';
import { virtualTerminalConfig } from './virtual-terminal.config';

const host = '127.0.0.1';
const driver = driverNamed('inpas-sa');
const profile = driver.parseProfile({ timeouts: { ackMs: 400, firstAnswerMs: 1_500, endMs: 100 } });
const hooks = { mayStillSend: () => true, onSent: () => undefined, onHeartbeat: () => undefined, store: () => Promise.resolve() };
const sale = (amountMinor = 15_000, reference = 'att_1'): TerminalRequest => ({ kind: 'sale', reference, amountMinor, currency: 'RUB' });
const linkTest: TerminalRequest = { kind: 'link-test' };

let running: RunningCounter;
const conversations: Conversation[] = [];

beforeAll(async () => {
  const config = virtualTerminalConfig({ KKM_VT_TERMINALS: 'pax-1..64:0', KKM_HTTP_PORT: '0' });
  running = await startCounter(config, createLogger({ service: 'virtual-terminal', level: 'silent' }));
});

afterEach(async () => {
  for (const conversation of conversations.splice(0)) {
    conversation.close();
    await conversation.closed;
  }
  for (const terminal of running.counter.all()) await eventually(() => expect([terminal.id, terminal.machine.acceptsConnection]).toEqual([terminal.id, true]));
});

afterAll(() => running.stop());

async function http(method: string, path: string, body?: unknown) {
  const init =
    body === undefined ? { method } : { method, headers: { 'content-type': 'application/json' }, body: typeof body === 'string' ? body : JSON.stringify(body) };
  const response = await fetch(`${running.url}${path}`, init);
  const text = await response.text();
  const type = response.headers.get('content-type') ?? '';
  return { status: response.status, type, text, body: (type.includes('json') ? JSON.parse(text) : {}) as Record<string, unknown> };
}

function portOf(terminal: PlayedTerminal | null): number {
  return terminal?.place.kind === 'tcp' ? terminal.place.port : 0;
}

async function link(id = 'pax-1'): Promise<Conversation> {
  const transport = await connectTcp({ host, port: portOf(running.counter.find(id)), timeoutMs: 1_000 });
  const conversation = driver.converse({ transport, profile, timers: machineTimers, log: () => undefined });
  conversations.push(conversation);
  return conversation;
}

/** The terminal resets the connection, at once or directly behind the handshake. */
async function refusedLink(): Promise<void> {
  const conversation = await link().catch((error: unknown) => {
    expect(error).toMatchObject({ code: 'terminal.unreachable' });
    return null;
  });
  await conversation?.closed;
}

async function behave(behaviour: object, id = 'pax-1'): Promise<void> {
  expect((await http('PUT', `/terminals/${id}/behaviour`, { delayMs: 20, ...behaviour })).status).toBe(200);
}

const kindOf = (answer: TerminalAnswer): string => (answer.kind === 'outcome' ? answer.outcome.kind : answer.kind);
const booked = () => running.counter.bank.transactions();

describe('the control API', () => {
  it('lists terminals with their ports and screens', async () => {
    const { body } = await http('GET', '/terminals');
    expect(body['terminals']).toHaveLength(64);
    expect(await http('GET', '/terminals/pax-64')).toMatchObject({
      status: 200,
      body: {
        id: 'pax-64',
        connected: false,
        reachable: true,
        screen: { state: 'idle', text: 'ДОБРО ПОЖАЛОВАТЬ', amount: null, qr: null },
        behaviour: { auto: 'approve', delayMs: 300, faults: [] },
      },
    });
  });

  it('answers what it cannot do in problem+json, in words', async () => {
    const wrong = await http('PUT', '/terminals/pax-1/behaviour', { faults: ['explode'] });
    expect(wrong).toMatchObject({
      status: 422,
      type: 'application/problem+json; charset=utf-8',
      body: { code: 'request.invalid', errors: [{ pointer: '#/faults/0' }] },
    });
    expect(wrong.body['detail']).toContain('There is no fault "explode"');
    expect(await http('GET', '/terminals/none')).toMatchObject({
      status: 404,
      body: { code: 'equipment.not_found', detail: 'There is no virtual terminal "none".' },
    });
    expect(await http('POST', '/terminals/pax-1/customer', { action: 'tap' })).toMatchObject({ status: 409, body: { code: 'terminal.not_waiting' } });
    expect(await http('POST', '/terminals/pax-1/customer', '{"action"')).toMatchObject({ status: 400, body: { code: 'request.malformed' } });
    expect(await http('GET', '/nowhere')).toMatchObject({ status: 404, body: { code: 'request.not_found' } });
    expect(await http('POST', '/terminals/pax-1/customer', { action: 'x'.repeat(70_000) })).toMatchObject({ status: 413 });
  });

  it('serves a page that asks nobody else for anything, health and metrics', async () => {
    const page = await http('GET', '/');
    const policy = (await fetch(running.url)).headers.get('content-security-policy') ?? '';
    expect([policy.includes("script-src 'self'"), policy.includes("frame-ancestors 'none'"), policy.includes('unsafe')]).toEqual([true, true, false]);
    expect(page.type).toContain('text/html');
    expect([...page.text.matchAll(/(?:src|href)="([^"]+)"/g)].map((match) => match[1])).toEqual(['/page/icon.svg', '/page/page.css', '/page/main']);
    expect(page.text).not.toMatch(/<script[^>]*>[^<]|style="|\son\w+=/);
    expect(await http('GET', '/page/page.css')).toMatchObject({ status: 200, type: 'text/css; charset=utf-8' });
    for (const name of ['none.css', 'page.css.map', '..%2fsrc%2fmain.ts', 'tsconfig.json', '.swcrc']) {
      expect(await http('GET', `/page/${name}`)).toMatchObject({ status: 404, body: { code: 'request.not_found' } });
    }
    expect(await http('GET', '/health/ready')).toMatchObject({ status: 200 });
    expect((await http('GET', '/metrics')).text).toContain('kkm_vt_connected_terminals');
  });
});

describe('a terminal on TCP', () => {
  it('takes a payment, shows it, and the bank books it once', async () => {
    await behave({ auto: 'none' });
    const conversation = await link();
    expect(await conversation.run(linkTest, hooks)).toMatchObject({ kind: 'link', ok: true });
    const before = booked().length;
    const answer = conversation.run(sale(), hooks);
    await eventually(async () =>
      expect((await http('GET', '/terminals/pax-1')).body['screen']).toMatchObject({ state: 'card', amountMinor: 15_000, amount: '150.00' }),
    );
    expect(await http('POST', '/terminals/pax-1/customer', { action: 'tap' })).toMatchObject({ status: 200, body: { screen: { state: 'approved' } } });
    expect(await answer).toMatchObject({ outcome: { kind: 'approved', chargedMinor: 15_000 } });
    const { body } = await http('GET', '/bank/transactions');
    expect((body['transactions'] as unknown[]).slice(before)).toMatchObject([
      { terminalId: 'pax-1', kind: 'sale', amount: 15_000, reversed: false, foreign: false },
    ]);
    expect((await http('GET', '/bank/totals')).body).toMatchObject({ terminals: { 'pax-1': { salesAmount: 15_000 } } });
  });

  it('refuses a second register', async () => {
    const first = await link();
    expect(await first.run(linkTest, hooks)).toMatchObject({ kind: 'link' });
    await refusedLink();
    expect(await first.run(linkTest, hooks)).toMatchObject({ kind: 'link' });
  });

  it.each([
    ['drop_before_ack', 'unknown', 1],
    ['drop_after_ack', 'unknown', 1],
    ['drop_after_approval', 'unknown', 1],
    ['drop_mid_result', 'unknown', 1],
    ['unplug(200)', 'unknown', 1],
    ['reboot', 'unknown', 0],
    ['silent', 'unknown', 0],
    ['unknown_status', 'unknown', 1],
    ['nak_once', 'approved', 1],
    ['bad_crc_once', 'approved', 1],
    ['split_bytes', 'approved', 1],
    ['coalesce', 'approved', 1],
    ['duplicate_result', 'approved', 1],
    ['late_result(500)', 'approved', 1],
    ['slow_bank(500)', 'approved', 1],
    ['partial_approval(700)', 'approved', 1],
    ['foreign_sale', 'approved', 2],
    ['host_unreachable', 'failed', 0],
    ['read_failures(1)', 'failed', 0],
  ])('under %s the answer is %s and the bank books %d', async (fault, kind, rows) => {
    const before = booked().length;
    await behave({ faults: [fault] });
    const conversation = await link();
    expect(kindOf(await conversation.run(sale(), hooks))).toBe(kind);
    await eventually(() => expect(booked()).toHaveLength(before + rows));
  });

  it('comes back after a reboot and says what it knows', async () => {
    await behave({ faults: ['reboot'] });
    expect(kindOf(await (await link()).run(sale(), hooks))).toBe('unknown');
    await refusedLink();
    expect((await http('GET', '/terminals/pax-1')).body).toMatchObject({ reachable: false, screen: { state: 'off' } });
    await eventually(async () => expect((await http('GET', '/terminals/pax-1')).body).toMatchObject({ reachable: true }));
    const again = await link();
    expect(await again.run(linkTest, hooks)).toMatchObject({ kind: 'link', ok: true });
    expect(await again.run({ kind: 'report' }, hooks)).toMatchObject({ kind: 'report', serialNumber: 'Q2500000001' });
  });

  it('shows a QR until its time is over', async () => {
    await behave({ auto: 'none' });
    const conversation = await link();
    const made = running.counter.sbpBank.register({ merchantId: 'MA0001', order: 'att_1', amountMinor: 700, expiresAtMs: Date.now() + 60_000 });
    const payload = made.done ? made.value.payload : '';
    const shown = conversation.run({ kind: 'show-qr', payload, header: 'КАФЕ', footer: '7.00', seconds: 8 }, hooks);
    await eventually(async () => expect((await http('GET', '/terminals/pax-1')).body['screen']).toMatchObject({ state: 'qr', qr: payload }));
    const before = booked().length;
    const [picture, scanned] = await Promise.all([
      fetch(`${running.url}/terminals/pax-1/qr.png`),
      http('POST', '/terminals/pax-1/customer', { action: 'scan' }),
    ]);
    expect(scanned.status).toBe(200);
    expect(await shown).toEqual({ kind: 'qr-shown', ok: true, how: 'ended' });
    expect(booked().slice(before)).toMatchObject([{ kind: 'sale', channel: 'sbp', terminalId: 'pax-1', amount: 700 }]);
    const { data, width, height } = PNG.sync.read(Buffer.from(await picture.arrayBuffer()));
    expect([picture.headers.get('content-type'), readQr(Uint8ClampedArray.from(data), width, height)?.data]).toEqual(['image/png', payload]);
  });
});

describe('sixty-four terminals', () => {
  it('answer at once', async () => {
    const ids = running.counter.all().map(({ id }) => id);
    await Promise.all(ids.map((id) => behave({ delayMs: 0 }, id)));
    const all = await Promise.all(ids.map((id) => link(id)));
    const before = booked().length;
    for (let round = 0; round < 5; round += 1) {
      const answers = await Promise.all(all.map((conversation, at) => conversation.run(sale(100 + at, `att_${round}_${at}`), hooks)));
      expect(answers.map(kindOf).filter((kind) => kind !== 'approved')).toEqual([]);
    }
    expect(booked()).toHaveLength(before + 64 * 5);
  });
});
