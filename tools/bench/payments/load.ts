import type { Payment } from '@kkm/core';
import { monotonicMs, within } from '../measure/clock';
import { beginEvenly } from '../measure/pace';
import { percentiles } from '../measure/percentiles';
import type { Percentiles } from '../measure/percentiles';
import { followCompletions } from './completion-events';
import type { CompletionEvents } from './completion-events';
import { GatewayClient } from './gateway-client';
import { stagesOf } from './stages';
import type { Stages, TimedPayment } from './stages';

/** The KKM under load. */
export interface LoadTarget {
  readonly api: string;
  readonly apiKey: string;
  readonly amqpUrl: string;
  readonly siteId: string;
  readonly terminalIds: readonly string[];
}

/** Times of one run of whole payments. */
export interface LoadResult {
  readonly payments: readonly Payment[];
  readonly perSecond: number;
  /** From before the request was written until the gateway's answer was read. */
  readonly acceptedMs: Percentiles;
  /** From before the request was written until the completion event was in hand. */
  readonly completedMs: Percentiles;
  readonly stages: Stages;
}

/** No run may take longer. */
const runMsMax = 240_000;

interface Pending {
  readonly startedAtMs: number;
  readonly sentAtWallMs: number;
  readonly done: (payment: Payment) => void;
}

/** Sends payments to a running KKM and takes their times. One generator may run several loads, one after the other. */
export class PaymentLoad {
  private readonly pending = new Map<string, Pending>();
  private readonly client: GatewayClient;
  private acceptedMs: number[] = [];
  private completedMs: number[] = [];
  private timed: TimedPayment[] = [];
  private events: CompletionEvents | null = null;
  private nextNumber = 1;

  constructor(private readonly target: LoadTarget) {
    this.client = new GatewayClient(target.api, target.apiKey);
  }

  /** Subscribes to the completion events; call once, before any load. */
  async open(): Promise<void> {
    this.events = await followCompletions(this.target.amqpUrl, ({ payment, atMs, atWallMs }) => {
      const pending = this.pending.get(payment.orderId);
      if (!pending) return;
      this.pending.delete(payment.orderId);
      this.completedMs.push(atMs - pending.startedAtMs);
      this.timed.push({ payment, sentAtWallMs: pending.sentAtWallMs, eventAtWallMs: atWallMs });
      pending.done(payment);
    });
  }

  /** Closed loop: at each terminal stands one guest after the other, `count` in all; the next comes when the one before has his event. */
  async closedLoop(count: number): Promise<LoadResult> {
    let left = count;
    const atTerminal = async (terminalId: string): Promise<Payment[]> => {
      const paid: Payment[] = [];
      while (left > 0) {
        left -= 1;
        paid.push(await this.pay(terminalId));
      }
      return paid;
    };
    return this.run(() => Promise.all(this.target.terminalIds.map(atTerminal)).then((lists) => lists.flat()));
  }

  /** Open loop: `perSecond` payments are begun each second over the terminals in turn, whatever became of the earlier ones. */
  async openLoop(count: number, perSecond: number): Promise<LoadResult> {
    const { terminalIds } = this.target;
    return this.run(async () => {
      const all: Promise<Payment>[] = [];
      await beginEvenly(count, perSecond, () => {
        all.push(this.pay(terminalIds[all.length % terminalIds.length] ?? ''));
      });
      return Promise.all(all);
    });
  }

  /** Ends the subscription and the connections. */
  async close(): Promise<void> {
    this.client.close();
    await this.events?.close();
  }

  private async run(load: () => Promise<Payment[]>): Promise<LoadResult> {
    this.acceptedMs = [];
    this.completedMs = [];
    this.timed = [];
    const startedAtMs = monotonicMs();
    const payments = await within(load(), runMsMax, 'The load run');
    const tookMs = monotonicMs() - startedAtMs;
    return {
      payments,
      perSecond: Math.round((payments.length / tookMs) * 10_000) / 10,
      acceptedMs: percentiles(this.acceptedMs),
      completedMs: percentiles(this.completedMs),
      stages: stagesOf(this.timed),
    };
  }

  /** One whole payment: HTTP in, completion event out. */
  private async pay(terminalId: string): Promise<Payment> {
    const number = this.nextNumber;
    this.nextNumber += 1;
    const orderId = `bench-${process.pid}-${number}`;
    const startedAtMs = monotonicMs();
    const completed = new Promise<Payment>((resolve) => this.pending.set(orderId, { startedAtMs, sentAtWallMs: Date.now(), done: resolve }));
    await this.client.open({ siteId: this.target.siteId, orderId, amount: 100 + number, terminalId });
    this.acceptedMs.push(monotonicMs() - startedAtMs);
    return completed;
  }
}
