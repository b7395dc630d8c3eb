/** The largest amount that is typed, minor units; the door has the last word. */
const typedMax = 10_000_000_000;

/** Reads an amount as people type it ("1 500", "1500,50", "1500.5") into minor units; null for anything else, and for nothing at all. */
export function minorOf(typed: string): number | null {
  const text = typed.replace(/[\s\u00a0\u202f₽]/g, '');
  const parts = /^(\d{1,9})(?:[.,](\d{1,2}))?$/.exec(text);
  if (parts === null) return null;
  const minor = Number(parts[1]) * 100 + Number((parts[2] ?? '').padEnd(2, '0'));
  return minor > 0 && minor <= typedMax ? minor : null;
}

/** An amount as it is typed: "1500.50", without kopecks where there are none. */
export function typedOf(minor: number): string {
  const rest = minor % 100;
  return rest === 0 ? String(minor / 100) : `${Math.floor(minor / 100)}.${String(rest).padStart(2, '0')}`;
}
