import { limits } from '@kkm/contracts';

/** Seconds of `Prefer: wait=N` (RFC 7240), at most 60; null when not asked for. What is not understood is ignored, as the RFC says; the first of several counts. */
export function preferredWait(header: string | string[] | undefined): number | null {
  const text = Array.isArray(header) ? header.join(',') : (header ?? '');
  for (const preference of text.split(',')) {
    const [, seconds] = /^\s*wait\s*=\s*"?(\d{1,9})"?\s*(?:;.*)?$/i.exec(preference) ?? [];
    if (seconds !== undefined) return Math.min(Number(seconds), limits.waitSeconds);
  }
  return null;
}
