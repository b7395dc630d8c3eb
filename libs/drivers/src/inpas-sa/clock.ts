/** Milliseconds since 1970 → `YYYYMMDDhhmmss` of a clock that runs `utcOffsetMinutes` ahead of UTC. */
export function terminalTimeOf(ms: number, utcOffsetMinutes: number): string {
  return new Date(ms + utcOffsetMinutes * 60_000).toISOString().replace(/\D/g, '').slice(0, 14);
}
