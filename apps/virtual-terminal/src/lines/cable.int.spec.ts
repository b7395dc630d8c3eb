import { existsSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Conversation, TerminalAnswer } from '@kkm/core';
import { driverNamed } from '@kkm/drivers';
import { createLogger } from '@kkm/observability';
import { describeWith, eventually } from '@kkm/testkit';
import { machineTimers, openSerial } from '@kkm/transports';
import type { RunningCounter } from '../start-counter';
import { startCounter } from '../start-counter';
import { virtualTerminalConfig } from '../virtual-terminal.config';

const driver = driverNamed('inpas-sa');
const profile = driver.parseProfile({ timeouts: { ackMs: 400, firstAnswerMs: 1_500, endMs: 100 } });
const hooks = { mayStillSend: () => true, onSent: () => undefined, onHeartbeat: () => undefined, store: () => Promise.resolve() };
const kindOf = (answer: TerminalAnswer): string => (answer.kind === 'outcome' ? answer.outcome.kind : answer.kind);

/** Numbers of the processes that were started with these words. */
function processesWith(words: string): readonly number[] {
  const started = (pid: string): boolean => {
    try {
      return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(words);
    } catch {
      return false; // It has ended meanwhile.
    }
  };
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && started(name))
    .map(Number);
}

describeWith(['socat'], 'a virtual terminal on a cable', () => {
  const folder = mkdtempSync('/dev/shm/kkm-cable-');
  const path = join(folder, 'usb-1');
  let running: RunningCounter;
  let conversation: Conversation;

  beforeAll(async () => {
    const config = virtualTerminalConfig({ KKM_VT_TERMINALS: `pax-1:0,usb-1:${path}`, KKM_HTTP_PORT: '0' });
    running = await startCounter(config, createLogger({ service: 'virtual-terminal', level: 'silent' }));
  });
  beforeEach(async () => {
    await eventually(() => expect(running.counter.find('usb-1')?.isConnected).toBe(true));
    await behave({});
    conversation = await opened();
  });
  afterEach(async () => {
    conversation.close();
    await conversation.closed;
  });
  afterAll(async () => {
    await running.stop();
    expect(existsSync(path)).toBe(false);
    rmSync(folder, { recursive: true, force: true });
  });

  async function opened(): Promise<Conversation> {
    const transport = await openSerial({ path, baudRate: 115_200, parity: 'none', stopBits: 1 });
    return driver.converse({ transport, profile, timers: machineTimers, log: () => undefined });
  }

  async function ask(method: string, more: string, body?: object): Promise<Record<string, unknown>> {
    const init = body ? { method, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) } : { method };
    return (await (await fetch(`${running.url}/terminals/usb-1${more}`, init)).json()) as Record<string, unknown>;
  }

  const behave = (behaviour: object): Promise<unknown> => ask('PUT', '/behaviour', { delayMs: 20, ...behaviour });
  const attend = (action: string): Promise<Record<string, unknown>> => ask('POST', '/attendant', { action });
  const sell = (reference: string): Promise<TerminalAnswer> => conversation.run({ kind: 'sale', reference, amountMinor: 15_000, currency: 'RUB' }, hooks);
  const booked = () => running.counter.bank.transactions().filter(({ terminalId }) => terminalId === 'usb-1').length;

  it('shows where it is and takes a payment', async () => {
    expect(await ask('GET', '')).toMatchObject({ id: 'usb-1', port: null, path, connected: true, plugged: true });
    expect(kindOf(await sell('att_1'))).toBe('approved');
    expect(booked()).toBe(1);
  });

  it('is pulled and put in by hand, and lies behind the same path again', async () => {
    const before = booked();
    await behave({ auto: 'none' });
    const answer = sell('att_2');
    await eventually(async () => expect(await ask('GET', '')).toMatchObject({ screen: { state: 'card' } }));
    expect(await attend('pull_cable')).toMatchObject({ plugged: false, connected: false, reachable: false });
    expect(kindOf(await answer)).toBe('unknown');
    await eventually(() => expect(existsSync(path)).toBe(false));
    await expect(opened()).rejects.toMatchObject({ code: 'terminal.unplugged' });
    // The terminal has power: the guest pays although nobody hears of it.
    await ask('POST', '/customer', { action: 'tap' });
    expect(booked()).toBe(before + 1);
    expect(await attend('plug_in')).toMatchObject({ plugged: true });
    await eventually(() => expect(realpathSync(path)).toMatch(/^\/dev\/pts\//));
    conversation = await eventually(opened);
    const found = await conversation.run({ kind: 'last-result' }, hooks);
    expect(found).toMatchObject({ kind: 'last-result', found: { approved: true, amountMinor: 15_000 } });
  });

  it('comes back by itself after a restart and after a cable that was out for a while', async () => {
    expect(await attend('restart')).toMatchObject({ reachable: false, screen: { state: 'off' } });
    conversation = await eventually(opened, 5_000);
    expect(await eventually(() => conversation.run({ kind: 'link-test' }, hooks))).toMatchObject({ kind: 'link', ok: true });
    await behave({ faults: ['unplug(500)'] });
    expect(kindOf(await sell('att_3'))).toBe('unknown');
    conversation = await eventually(opened, 5_000);
  });

  it('survives a cable whose program was killed', async () => {
    conversation.close();
    await conversation.closed;
    const [socat = 0] = processesWith(`link=${path},`);
    process.kill(socat, 'SIGKILL');
    await eventually(() => expect(processesWith(`link=${path},`)).not.toContain(socat));
    await eventually(() => expect(running.counter.find('usb-1')?.isConnected).toBe(true));
    conversation = await eventually(opened, 5_000);
    expect(kindOf(await sell('att_4'))).toBe('approved');
  });

  it('holds nobody up who asks for a port that cannot be made', async () => {
    const config = virtualTerminalConfig({ KKM_VT_TERMINALS: `usb-9:/dev/shm/kkm-none-${'x'.repeat(300)}/usb`, KKM_HTTP_PORT: '0' });
    await expect(startCounter(config, createLogger({ service: 'virtual-terminal', level: 'silent' }))).rejects.toThrow();
  });
});
