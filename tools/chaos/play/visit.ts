import type { Payment } from '@kkm/core';
import { pause } from '../../bench/measure/clock';
import type { FaultShown } from '../count/hits';
import { isUsedByHand, personalityOf } from '../plan/counter-plan';
import type { GuestPlan } from '../plan/guests';
import type { Answer, Caller } from './caller';
import type { Counter } from './counter';
import type { PaymentFeed } from './payment-feed';

/** What a visit needs of the run around it. */
export interface VisitParts {
  readonly siteId: string;
  readonly caller: Caller;
  readonly feed: PaymentFeed;
  readonly counter: Counter;
  /** Told every payment that was accepted. */
  readonly accepted: (payment: Payment) => void;
  /** Told what became of the fault that the terminal was to show. */
  readonly shown: (payment: Payment, shown: FaultShown) => void;
  /** Told why a payment was not taken. */
  readonly refused: (code: string) => void;
}

/** A payment may wait so long for its turn at the terminal. */
const expiresIn = 45;
const redosMax = 2;

/** One guest at one terminal: the payment is opened, ends, and is redone where it ended uncharged. Resolves when the guest leaves. */
export async function visit(plan: GuestPlan, terminalId: string, parts: VisitParts): Promise<void> {
  const { caller, counter, feed } = parts;
  if (!plan.impatient) await counter.behave(terminalId, behaviourOf(plan, terminalId));
  const opened = await open(plan, terminalId, parts);
  if (opened.kind === 'refused') parts.refused(opened.code);
  if (opened.kind !== 'payment') return;
  const { payment } = opened;
  parts.accepted(payment);
  if (plan.cancelAfterMs !== null) void pause(plan.cancelAfterMs).then(() => caller.cancel(payment.id));
  const answered = await feed.untilAnswered(payment.id);
  if (plan.fault) parts.shown(payment, { fault: plan.fault.name, fired: await hasFired(plan.fault.text, terminalId, counter) });
  const ended = answered.status === 'in_doubt' ? await feed.untilEnded(payment.id, 1) : answered;
  if (plan.redoes && plan.cancelAfterMs === null) await redo(plan, ended, parts);
}

function behaviourOf({ card, tapAfterMs, fault, foreignSaleToo }: GuestPlan, terminalId: string) {
  const faults = [...(fault ? [fault.text] : []), ...(foreignSaleToo && isUsedByHand(terminalId) ? ['foreign_sale'] : [])];
  return { auto: card === 'good' ? 'approve' : 'decline', delayMs: tapAfterMs, faults, personality: personalityOf(terminalId) } as const;
}

async function open(plan: GuestPlan, terminalId: string, { siteId, caller }: VisitParts): Promise<Answer> {
  const body = { siteId, orderId: plan.orderId, amount: plan.amountMinor, currency: 'RUB', method: 'card', terminalId, expiresIn };
  const sent = [caller.open(body, plan.orderId), ...(plan.sentTwice ? [caller.open(body, plan.orderId)] : [])];
  const answers = await Promise.all(sent);
  return answers.find(({ kind }) => kind === 'payment') ?? answers[0] ?? { kind: 'unheard' };
}

/** A fault is gone from the terminal once it has fired. */
async function hasFired(text: string, terminalId: string, counter: Counter): Promise<boolean> {
  return !(await counter.view(terminalId)).behaviour.faults.includes(text);
}

/** The guest tries again on the same bill, with a card that is good. */
async function redo(plan: GuestPlan, ended: Payment, { caller, feed, counter }: VisitParts): Promise<void> {
  let last = ended;
  for (let again = 1; again <= redosMax && last.redoable; again += 1) {
    await counter.behave(last.terminalId, { auto: 'approve', delayMs: plan.tapAfterMs, faults: [], personality: personalityOf(last.terminalId) });
    const answer = await caller.redo(last.id, { expiresIn }, `${plan.orderId}-redo-${again}`);
    if (answer.kind !== 'payment') return;
    last = await feed.untilEnded(last.id, last.attempts.length + 1);
  }
}
