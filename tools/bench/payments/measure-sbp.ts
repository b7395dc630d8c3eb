import type { Infrastructure } from '../../stack/place';
import { startStack } from '../../stack/start-stack';
import type { Stack } from '../../stack/start-stack';
import { monotonicMs, pause, within } from '../measure/clock';
import { percentiles } from '../measure/percentiles';
import type { Percentiles } from '../measure/percentiles';
import { followCompletions } from './completion-events';
import { GatewayClient } from './gateway-client';

/** How fast KKM tells of a paid QR: from when the guest pays at the bank until the completion event is in hand. */
export interface SbpResult {
  readonly terminals: number;
  /** The bank notifies nobody, the ledger asks it. */
  readonly polledMs: Percentiles;
  /** The bank notifies the gateway. */
  readonly notifiedMs: Percentiles;
  /** Payments that did not end charged; 0 in a good run. */
  readonly notSucceeded: number;
}

/** Where and how much is measured. */
export interface SbpMeasurement {
  readonly infrastructure: Infrastructure;
  readonly directory: string;
  readonly terminals: number;
  /** For each of both ways. */
  readonly payments: number;
}

const paidWithinMs = 30_000;

/** Payments of each terminal whose times do not count: compilers, caches and plans are cold, as with payments by card. */
const warmUps = 4;

/** Measures both ways, each on a stack of its own. */
export async function measureSbp(measurement: SbpMeasurement): Promise<SbpResult> {
  const polled = await measureWay(measurement, false);
  const notified = await measureWay(measurement, true);
  return {
    terminals: measurement.terminals,
    polledMs: percentiles(polled.timesMs),
    notifiedMs: percentiles(notified.timesMs),
    notSucceeded: polled.notSucceeded + notified.notSucceeded,
  };
}

async function measureWay(measurement: SbpMeasurement, sbpNotifications: boolean) {
  const { infrastructure, directory, terminals, payments } = measurement;
  const stack = await startStack({ infrastructure, directory, terminals, sbpNotifications });
  const guests = new QrGuests(stack);
  try {
    await guests.open();
    await Promise.all(stack.terminals.map(({ id }) => guests.waitsAt(id)));
    const pay = (count: number, from: number) => Promise.all(stack.terminals.map(({ id }, index) => guests.payAt(id, { count, from: from + index * count })));
    await pay(warmUps, 0);
    guests.forgetTimes();
    await pay(Math.ceil(payments / terminals), warmUps * terminals);
    return guests.result;
  } finally {
    await guests.close();
    await stack.remove();
  }
}

/** Guests who scan and pay as soon as the code is on the screen, a drawn moment later, so that polls are met at any point. */
class QrGuests {
  private readonly client: GatewayClient;
  private readonly waiting = new Map<string, (atMs: number, status: string) => void>();
  private timesMs: number[] = [];
  private notSucceeded = 0;
  private events: { close(): Promise<void> } | null = null;

  constructor(private readonly stack: Stack) {
    this.client = new GatewayClient(stack.gateway.url, stack.apiKey);
  }

  get result() {
    return { timesMs: this.timesMs, notSucceeded: this.notSucceeded };
  }

  async open(): Promise<void> {
    this.events = await followCompletions(this.stack.place.amqpUrl, ({ payment, atMs }) => {
      this.waiting.get(payment.orderId)?.(atMs, payment.status);
    });
  }

  async close(): Promise<void> {
    this.client.close();
    await this.events?.close();
  }

  /** From now on times count. A payment that did not end charged does so from the first. */
  forgetTimes(): void {
    this.timesMs = [];
  }

  /** Nobody does anything at the terminal by itself. */
  async waitsAt(terminalId: string): Promise<void> {
    await this.call('PUT', `/terminals/${terminalId}/behaviour`, { auto: 'none', delayMs: 0, faults: [] });
  }

  async payAt(terminalId: string, { count, from }: { readonly count: number; readonly from: number }): Promise<void> {
    for (let number = from; number < from + count; number += 1) await this.pay(terminalId, number);
  }

  private async pay(terminalId: string, number: number): Promise<void> {
    const orderId = `qr-${number}`;
    const ended = new Promise<{ readonly atMs: number; readonly status: string }>((resolve) => {
      this.waiting.set(orderId, (atMs, status) => resolve({ atMs, status }));
    });
    await this.client.open({ siteId: this.stack.siteId, orderId, amount: 1_000 + number, terminalId, method: 'sbp_qr' });
    await this.untilShown(terminalId);
    // Evenly spread over a second, without chance: the same numbers in every run.
    await pause((number * 377) % 1_000);
    const paidAtMs = monotonicMs();
    await this.call('POST', `/terminals/${terminalId}/customer`, { action: 'scan' });
    const { atMs, status } = await within(ended, paidWithinMs, `payment ${orderId} ends`);
    if (status === 'succeeded') this.timesMs.push(atMs - paidAtMs);
    else this.notSucceeded += 1;
    await this.untilFree(terminalId);
  }

  private untilShown(terminalId: string): Promise<void> {
    return this.until(terminalId, (state) => state === 'qr');
  }

  private untilFree(terminalId: string): Promise<void> {
    return this.until(terminalId, (state) => state !== 'qr');
  }

  private async until(terminalId: string, fits: (state: string) => boolean): Promise<void> {
    const deadline = monotonicMs() + paidWithinMs;
    for (;;) {
      const { screen } = (await this.call('GET', `/terminals/${terminalId}`)) as { readonly screen: { readonly state: string } };
      if (fits(screen.state)) return;
      if (monotonicMs() > deadline) throw new Error(`The screen of ${terminalId} stayed at ${screen.state}`);
      await pause(20);
    }
  }

  private async call(method: string, path: string, body?: unknown): Promise<unknown> {
    const answer = await fetch(`${this.stack.virtualTerminal.url}${path}`, {
      method,
      ...(body !== undefined && { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`The virtual terminal answered ${answer.status} to ${method} ${path}: ${text}`);
    return text === '' ? null : JSON.parse(text);
  }
}
