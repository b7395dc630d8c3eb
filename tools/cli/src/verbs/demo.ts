import { join } from 'node:path';
import type { Settings } from '../cli.config';
import { CommandFailed } from '../command-failed';
import { bankBooks, letGuestPay, openPayment, readPayment, redoPayment, waitForGuest } from '../demo/calls';
import { followAttempt } from '../demo/follow-attempt';
import { followCheck } from '../demo/follow-check';
import { followQr } from '../demo/follow-qr';
import { compareBooks, finalAnswer } from '../demo/verdict';
import { openWatch } from '../demo/watch';
import type { InfraChoice } from '../infra/infra-choices';
import { bringUp } from '../system/bring-up';
import type { Endpoints } from '../system/endpoints';
import { System } from '../system/system';
import type { Lifetime } from '../terminal/lifetime';
import type { Progress } from '../terminal/progress';
import { seconds } from '../terminal/progress';

/** Kopecks. */
const amounts = { first: 15_000, second: 25_050, third: 5_000, fourth: 12_050 } as const;

/**
 * Starts a system of its own beside any other, takes two card payments, one of them declined and redone, one SBP QR payment and one check of the KkmServer door
 * through every service, and prints each step as it is seen. Leaves nothing running. Throws when anything does not come out as it must.
 */
export async function demo(settings: Settings, life: Lifetime, options: { readonly infra: InfraChoice; readonly progress: Progress }): Promise<number> {
  const { progress } = options;
  const startedMs = performance.now();
  const system = new System({ settings, stateDir: join(settings.stateDir, 'demo'), infra: options.infra, strictPorts: false, discard: true, progress });
  life.atEnd(async () => progress.close());
  life.atEnd(() => system.stop(life.hurry));
  try {
    const endpoints = await bringUp(system, settings, progress);
    const answers = await takePayments(endpoints, life);
    await system.stop(life.hurry);
    progress.close();
    say(`\n${answers}\n\nThe demo took ${seconds(performance.now() - startedMs)}; nothing of it is left running.`);
    return 0;
  } catch (error) {
    if (life.asked.aborted) throw new CommandFailed('The demo was stopped.');
    throw new CommandFailed(
      `The demo failed: ${error instanceof Error ? error.message : String(error)}\nThe logs of all services are in ${system.paths.logs}.`,
    );
  }
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

async function takePayments(endpoints: Endpoints, life: Lifetime): Promise<string> {
  await waitForGuest(endpoints);
  const watch = await openWatch(endpoints);
  life.atEnd(() => watch.close());
  const follow = { endpoints, facts: watch.facts, say };
  const open = (orderId: string, amount: number, method: 'card' | 'sbp_qr') => () => openPayment(endpoints, { orderId, amount, method });
  say('\nPayment 1: a good card.');
  const first = await followAttempt({ ...follow, accept: open('demo-1', amounts.first, 'card'), card: 'ok' });
  say('\nPayment 2: a card without money, then a good one on the same bill.');
  const second = await followAttempt({ ...follow, accept: open('demo-2', amounts.second, 'card'), card: 'insufficient_funds' });
  if (second.status !== 'declined' || !second.redoable) throw new Error(`the second payment should be declined and redoable, but is ${second.status}`);
  say('  The cashier redoes it.');
  await followAttempt({ ...follow, accept: () => redoPayment(endpoints, second.id), card: 'ok' });
  await letGuestPay(endpoints);
  say('\nPayment 3: an SBP QR on the terminal, which the guest scans.');
  const third = await followQr({ ...follow, accept: open('demo-3', amounts.third, 'sbp_qr') });
  say('\nPayment 4: a check from a program that knows KkmServer, charged on a card by the register’s automatic acquiring.');
  const fourth = await followCheck(endpoints, amounts.fourth, say);
  const final = await Promise.all([first, second, third, fourth].map(({ id }) => readPayment(endpoints, id)));
  const verdict = compareBooks(final, await bankBooks(endpoints));
  await watch.close();
  if (!verdict.agree || final.some(({ status }) => status !== 'succeeded')) throw new Error(`${final.map(finalAnswer).join('\n')}\n${verdict.words}`);
  return `The final answers:\n${final.map(finalAnswer).join('\n')}\n  ${verdict.words[0]?.toUpperCase()}${verdict.words.slice(1)}.`;
}
