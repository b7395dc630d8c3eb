import type { Conversation, TerminalRequest } from '@kkm/core';
import type { ConformanceSubject, Lab, Run } from './conformance-lab';

/** One thing a driver must do; an empty list means that it did. */
export interface Scenario {
  readonly name: string;
  run(subject: ConformanceSubject): Promise<readonly string[]>;
}

/** What the suite's sales ask for, minor units. */
export const amountMinor = 15_000;

/** A sale as a worker asks for it. */
export function saleRequest(reference: string, amount: number = amountMinor): TerminalRequest {
  return { kind: 'sale', reference, amountMinor: amount, currency: 'RUB' };
}

/** The request that moves nothing. */
export const linkTest: TerminalRequest = { kind: 'link-test' };

/** Observations of one scenario. */
export class Findings {
  readonly list: string[] = [];

  /** Notes `otherwise` unless it holds. */
  expect(holds: boolean, otherwise: string): void {
    if (!holds) this.list.push(otherwise);
  }

  /** An answer against the bank's books, after everything had time to happen: approved means booked, a refusal means not booked. */
  judge(lab: Lab, run: Run, attemptId = 'attempt-1'): void {
    const { answer } = run;
    const reference = lab.subject.driver.reference(attemptId);
    const booked = lab.bank.transactions().filter((transaction) => transaction.reference === reference && transaction.kind === 'sale');
    this.expect(booked.length <= 1, `the guest was charged ${booked.length} times`);
    this.expect(!run.acknowledgedEarly, 'the result was acknowledged before it was stored');
    if (answer.kind !== 'outcome') return;
    const { outcome } = answer;
    if (outcome.kind === 'approved') {
      this.expect(booked[0]?.amount === outcome.chargedMinor && booked[0].rrn === outcome.facts.rrn, 'an approval that the bank did not book so');
      this.expect(outcome.chargedMinor <= amountMinor, 'more was approved than asked for');
      this.expect(
        run.stored.some((stored) => stored === answer),
        'an approval that was never stored',
      );
    } else if (outcome.kind !== 'unknown') this.expect(booked.length === 0, `${outcome.kind} although the bank charged`);
  }

  /** Notes an answer of another kind. */
  wants(run: Run, kind: string): void {
    const { answer } = run;
    const got = answer.kind === 'outcome' ? answer.outcome.kind : answer.kind;
    this.expect(got === kind, `the answer is ${got} instead of ${kind}`);
  }
}

/** Connects, or ends the scenario. */
export async function connected(lab: Lab): Promise<Conversation> {
  const conversation = await lab.connect();
  if (!conversation) {
    throw new RangeError('the terminal refused the connection');
  }
  return conversation;
}
