import { check, type PaymentCommand } from '@kkm/core';
import type { TerminalLine } from './terminal-line';

/**
 * Whether the terminal's last operation is proved to be the charge that a reversal is meant for (design-money, clause 7): a reversal undoes whatever was last.
 * By the bank's own number of the charge, and everything else that is told must agree. Ask directly before the reversal goes out, on the same connection.
 */
export async function isLastOperation(line: TerminalLine, { operation, original, amount }: PaymentCommand): Promise<boolean> {
  check(operation === 'reversal' && original, 'only a reversal undoes the last operation');
  // What a broken conversation said proves nothing.
  const answer = await line.ask({ kind: 'last-result' }).catch(() => null);
  if (answer?.kind !== 'last-result' || !answer.found) return false;
  const { found } = answer;
  const agrees = (told: string | null, expected: string | null): boolean => told === null || expected === null || told === expected;
  return (
    found.approved &&
    found.operation === 'sale' &&
    found.rrn === original.rrn &&
    found.amountMinor === amount &&
    agrees(found.authorisationCode, original.authorisationCode) &&
    agrees(found.reference, line.referenceOf(original.attemptId))
  );
}
