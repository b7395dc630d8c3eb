import type { Payment } from '@kkm/core';
import { eventually, pause } from '@kkm/testkit';
import { isGuest } from './answers';
import { lookEveryMs, moving, restWithinMs } from './scene';
import type { Way } from './rounds';
import type { Guests, Sale, Scene } from './scene';

/** Ways on which guests do not stay with the QR. */
const goingBack: readonly Way[] = ['leave back', 'switch back'];

/**
 * The guests of a scene in front of their terminals, and the cashier of those who never scan. Who changed over to a QR scans it, and who changes back does
 * nothing but press the cancel key. They go on whoever dies; what fails is tried again.
 */
export class QrGuests implements Guests {
  /** What each terminal showed. */
  private readonly seen = new Map<Sale, string>();
  private readonly done = new Set<Sale>();
  private readonly watching: Promise<unknown>;
  private left = false;
  /** What those who change back do about a code that they see. */
  private atCode: 'wait' | 'leave' | 'pay' = 'wait';

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

  /** Waits until everybody has seen a code. */
  async untilShown(): Promise<void> {
    await eventually(
      async () => {
        const unseen = (await this.scene.payments()).filter((_payment, index) => !this.seen.has(this.scene.sales[index] as Sale));
        const attempts = unseen.map(
          (payment) => payment?.attempts.map(({ method, status, reason }) => `${method} ${status} ${reason ?? ''}`).join(', ') ?? 'none',
        );
        if (attempts.length > 0) throw new Error(`Codes are not shown: ${attempts.join('; ')}.`);
      },
      restWithinMs,
      lookEveryMs,
    );
  }

  /** Those who change back press the cancel key at their codes. */
  leaveCodes(): void {
    this.atCode = 'leave';
  }

  /** Those who were to change back pay the code that they still see. */
  payShown(): void {
    this.atCode = 'pay';
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
    const { lane, round } = this.scene;
    const { state, qr } = await lane.kkm.terminals.screen(sale.terminalId);
    // What an earlier payment left on the screen is not this one's.
    if (qr !== null && lane.bank.find(qr)?.amountMinor === sale.amount) this.seen.set(sale, qr);
    const payload = this.seen.get(sale);
    if (payload === undefined) return state === 'card' && round.way === 'leave' ? this.press(sale) : undefined;
    if (goingBack.includes(round.way)) return qr === payload ? this.goBack(sale, payload) : undefined;
    if (sale.answer === 'scans' || !isGuest(sale.answer)) this.pay(payload, false);
    else await this.scene.cancelFor(sale);
    this.done.add(sale);
  }

  private async goBack(sale: Sale, payload: string): Promise<void> {
    if (this.atCode === 'leave') await this.press(sale);
    else if (this.atCode === 'pay') this.pay(payload, false);
  }

  private press({ terminalId }: Sale): Promise<void> {
    return this.scene.lane.kkm.terminals.guest(terminalId, { action: 'cancel' });
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
