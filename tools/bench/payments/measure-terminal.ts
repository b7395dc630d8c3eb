import { driverNamed } from '@kkm/drivers';
import { connectTcp, machineTimers } from '@kkm/transports';
import { freePorts } from '../../stack/free-ports';
import { startService } from '../../stack/service-process';
import { monotonicMs, pause } from '../measure/clock';
import { percentiles } from '../measure/percentiles';
import type { Percentiles } from '../measure/percentiles';

/** Sales before the times count, and sales whose times count. */
const sales = { warmUp: 50, counted: 200 } as const;

/** The pause between two sales: about the distance between two payments of the open loop on this machine. */
const pauseMs = 25;

/**
 * The terminal's own time: sales over a bare connection to a virtual terminal that answers at once, with no KKM around it, so that nothing is
 * made durable before the answer is acknowledged. What KKM adds is counted from there.
 */
export async function measureTerminal(directory: string): Promise<Percentiles> {
  const [httpPort = 0, terminalPort = 0] = await freePorts(2);
  const environment = { KKM_HTTP_HOST: '127.0.0.1', KKM_HTTP_PORT: String(httpPort), KKM_VT_TERMINALS: `pax-1:${terminalPort}`, KKM_LOG_LEVEL: 'warn' };
  const terminal = startService({ name: 'bare-terminal', app: 'virtual-terminal', environment, url: `http://127.0.0.1:${httpPort}`, directory });
  try {
    await terminal.ready();
    const behaviour = { method: 'PUT', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ auto: 'approve', delayMs: 0 }) };
    await fetch(`${terminal.url}/terminals/pax-1/behaviour`, behaviour);
    return percentiles((await sell(terminalPort)).slice(sales.warmUp));
  } finally {
    await terminal.stop('SIGTERM');
  }
}

async function sell(port: number): Promise<number[]> {
  const driver = driverNamed('inpas-sa');
  const transport = await connectTcp({ host: '127.0.0.1', port, timeoutMs: 3000 });
  const conversation = driver.converse({ transport, profile: driver.parseProfile({}), timers: machineTimers, log: () => undefined });
  const hooks = { mayStillSend: () => true, onSent: () => undefined, onHeartbeat: () => undefined, store: () => Promise.resolve() };
  const timesMs: number[] = [];
  try {
    for (let number = 1; number <= sales.warmUp + sales.counted; number += 1) {
      const begunAt = monotonicMs();
      const answer = await conversation.run({ kind: 'sale', reference: `att_bare${number}`, amountMinor: 100 + number, currency: 'RUB' }, hooks);
      if (answer.kind !== 'outcome' || answer.outcome.kind !== 'approved') throw new Error(`The bare terminal answered ${JSON.stringify(answer)}`);
      timesMs.push(monotonicMs() - begunAt);
      await pause(pauseMs);
    }
  } finally {
    conversation.close();
  }
  return timesMs;
}
