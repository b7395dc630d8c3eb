import { createConnection, createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { driverNamed } from '@kkm/drivers';
import { connectTcp, listenTcp, machineTimers } from '@kkm/transports';
import { Counter } from './counter';

const host = '127.0.0.1';
const driver = driverNamed('inpas-sa');
const hooks = { mayStillSend: () => true, onSent: () => undefined, onHeartbeat: () => undefined, store: () => Promise.resolve() };

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, host, resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

describe('a register that listens', () => {
  it('takes a payment when the terminal is the one that connects', async () => {
    const counter = new Counter({ terminals: [{ id: 'pax-1', place: { kind: 'tcp', port: 0 } }], host, cardWaitMs: 5_000, waitEveryMs: 1_000 }, () =>
      Date.now(),
    );
    await counter.listen();
    const port = await freePort();
    const waiting = listenTcp({ host, port, timeoutMs: 2_000 });
    // Plays the terminal's own dialling out: both ends are joined byte by byte.
    const place = counter.all()[0]?.place;
    const terminal = createConnection({ host, port: place?.kind === 'tcp' ? place.port : 0 });
    const dialled = createConnection({ host, port });
    terminal.pipe(dialled).pipe(terminal);
    const conversation = driver.converse({ transport: await waiting, profile: driver.parseProfile({}), timers: machineTimers, log: () => undefined });
    const answer = await conversation.run({ kind: 'sale', reference: 'att_1', amountMinor: 15_000, currency: 'RUB' }, hooks);
    expect(answer).toMatchObject({ kind: 'outcome', outcome: { kind: 'approved', chargedMinor: 15_000 } });
    conversation.close();
    await conversation.closed;
    terminal.destroy();
    dialled.destroy();
    await counter.close();
    await expect(connectTcp({ host, port, timeoutMs: 500 })).rejects.toMatchObject({ code: 'terminal.unreachable' });
  });
});
