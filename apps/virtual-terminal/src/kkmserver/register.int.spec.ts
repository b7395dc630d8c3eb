import { createLogger } from '@kkm/observability';
import { startCounter } from '../start-counter';
import type { RunningCounter } from '../start-counter';
import { virtualTerminalConfig } from '../virtual-terminal.config';

let running: RunningCounter;
beforeAll(async () => {
  const config = virtualTerminalConfig({ KKM_VT_TERMINALS: 'pax-1:0', KKM_HTTP_PORT: '0', KKM_HTTP_HOST: '127.0.0.1' });
  running = await startCounter(config, createLogger({ service: 'virtual-terminal', level: 'silent' }));
});
afterAll(() => running.stop());

const call = (method: string, path: string, body?: object) =>
  fetch(`${running.url}/kkmserver/${path}`, {
    method,
    headers: { 'content-type': 'application/json', authorization: `Basic ${btoa('User:word')}` },
    ...(body && { body: JSON.stringify(body) }),
  });
const check = (id: string) => call('POST', 'Execute', { Command: 'RegisterCheck', IdCommand: id, IsFiscalCheck: true, PayByProcessing: false });
const receipts = async () =>
  ((await (await call('GET', 'receipts')).json()) as { receipts: { idCommand: string }[] }).receipts.map(({ idCommand }) => idCommand);

describe('the fiscal register of the virtual terminal', () => {
  it('makes receipts, keeps its book, and shows its faults on the wire', async () => {
    expect(await (await check('a')).json()).toMatchObject({ Status: 0, IdCommand: 'a', CheckNumber: 2 });
    expect((await call('PUT', 'behaviour', { faults: ['lose_answer'] })).status).toBe(204);
    await expect(check('b')).rejects.toThrow();
    expect(await receipts()).toEqual(['a', 'b']);
    expect((await call('PUT', 'behaviour', { faults: ['nonsense'] })).status).toBe(422);
  });

  it('wants the password it was given', async () => {
    await call('PUT', 'behaviour', { password: 'other' });
    expect((await check('c')).status).toBe(401);
    await call('PUT', 'behaviour', { password: 'word' });
    expect((await check('c')).status).toBe(200);
    expect(await receipts()).toEqual(['a', 'b', 'c']);
  });
});
