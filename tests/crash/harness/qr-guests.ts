import type { Payment } from '@kkm/core';
import { pause } from '@kkm/testkit';
import { isGuest } from './answers';
import { lookEveryMs, moving, restWithinMs } from './scene';
import type { Guests, Sale, Scene } from './scene';

/** The guests of a scene in front of their terminals, and the cashier of those who never scan. Who changed over to a QR scans it. They go on whoever dies; what fails is tried again. */
export class QrGuests implements Guests {
  /** What each terminal showed. */
  private readonly seen = new Map<Sale, string>();
  private readonly done = new Set<Sale>();
  private readonly watching: Promise<unknown>;
  private left = false;

  constructor(private readonly scene: Scene) {
    const { bank } = scene.lane;
    bank.notifies = notifiesIn(scene);
    bank.losesAnswerOf.clear();
    for (const { answer, amount } of scene.sales) if (answer === 'sees no code') bank.losesAnswerOf.add(amount);
    this.watching = Promise.all(scene.sales.map((sale) => this.watch(sale)));
  }

  /** Those who scanned too late: their money comes after the end of their payments. */
  payLate(): void {
    for (const sale of this.scene.sales) {
      const payload = this.seen.get(sale);
      if (sale.answer === 'scans too late' && payload !== undefined) this.pay(payload, true);
    }
  }

  /** Waits until no payment moves. */
  untilEnded(): Promise<readonly Payment[]> {
    return this.scene.until(({ status }) => !moving.includes(status), restWithinMs);
  }

  /** They go home. */
  async leave(): Promise<void> {
    this.left = true;
    await this.watching;
  }

  private async watch(sale: Sale): Promise<void> {
    while (!this.left && !this.done.has(sale)) {
      await this.look(sale).catch(() => undefined); // Whoever was to answer is dead.
      await pause(lookEveryMs);
    }
  }

  private async look(sale: Sale): Promise<void> {
    const { lane } = this.scene;
    const { qr } = await lane.kkm.terminals.screen(sale.terminalId);
    // What an earlier payment left on the screen is not this one's.
    if (qr !== null && lane.bank.find(qr)?.amountMinor === sale.amount) this.seen.set(sale, qr);
    const payload = this.seen.get(sale);
    if (payload === undefined) return;
    if (sale.answer === 'scans' || !isGuest(sale.answer)) this.pay(payload, false);
    else await this.scene.cancelFor(sale);
    this.done.add(sale);
  }

  private pay(payload: string, late: boolean): void {
    const { bank, kkm } = this.scene.lane;
    bank.pay(payload, { late, notifyAt: `${kkm.stack.gateway.url}/v1/sbp-notifications/raiffeisen/${kkm.stack.siteId}` });
  }
}

/** Without notifications KKM learns by asking; one that dies with the gateway comes again, or not. */
function notifiesIn({ round: { point, way, redelivered } }: Scene): 'never' | 'once' | 'until heard' {
  if (redelivered) return 'until heard';
  if (point.startsWith('gateway.notification')) return 'once';
  // Nobody waits at a crash point until a dead QR is asked about.
  return way === 'scan late' ? 'until heard' : 'never';
}
