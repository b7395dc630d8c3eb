/** 2^64, FNV-1a's offset and prime for 64 bits (Fowler, Noll, Vo). */
const modulus = 1n << 64n;
const offset = 0xcbf29ce484222325n;
const prime = 0x100000001b3n;

const referencePattern = /^[1-9]\d{8}$/;

/**
 * The number that stands for an attempt in field 26 (transaction id on the ECR): nine digits, the first not 0.
 * Nine, because the field's captured contents are small numbers and its size is not published: nine digits fit a signed 32-bit integer, and without a leading zero a terminal that
 * stores it as a number gives the same digits back. Two attempts share one with a chance of 1 to 900 million; so it is compared together with terminal, amount and time, never alone
 * among old receipts. Applied to its own result it changes nothing.
 */
export function terminalReference(attemptId: string): string {
  if (referencePattern.test(attemptId)) return attemptId;
  let hash = offset;
  for (let at = 0; at < attemptId.length; at += 1) hash = ((hash ^ BigInt(attemptId.charCodeAt(at))) * prime) % modulus;
  return String(100_000_000n + (hash % 900_000_000n));
}
