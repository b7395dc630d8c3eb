type Members = ReadonlyMap<string, unknown>;

/**
 * How many charges of which amount a list of bodies asks for, by a reading of its own: what the bank took beyond that, nobody asked for. It reads as generously as a door may, so
 * that a charge it does not expect is a fault for certain.
 */
export function wantedCharges(bodies: readonly Uint8Array[]): Map<number, number> {
  const wanted = new Map<number, number>();
  for (const amount of bodies.map(wantedOf)) if (amount !== null) wanted.set(amount, (wanted.get(amount) ?? 0) + 1);
  return wanted;
}

/** The amount in minor units that a body asks to charge, or null. */
function wantedOf(bytes: Uint8Array): number | null {
  const members = membersOf(bytes);
  switch (plain(members.get('command')).toLowerCase()) {
    case 'paybypaymentcard':
      return kopecksOf(members.get('amount'));
    case 'registercheck':
      return isSale(members) ? kopecksOf(members.get('electronicpayment')) : null;
    default:
      return null;
  }
}

/** A fiscal check of a sale that does not forbid acquiring, over goods that are a list. */
function isSale(members: Members): boolean {
  const [fiscal, byProcessing, type] = ['isfiscalcheck', 'paybyprocessing', 'typecheck'].map((name) => plain(members.get(name)).toLowerCase());
  return ['true', '1'].includes(fiscal ?? '') && !['false', '0'].includes(byProcessing ?? '') && ['', '0'].includes(type ?? '');
}

/** Names in lower case; of two that differ in case alone, the later one. Empty for anything but an object in UTF-8. */
function membersOf(bytes: Uint8Array): Members {
  try {
    const value: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
    if (typeof value !== 'object' || value === null) return new Map();
    return new Map(Object.entries(value).map(([name, content]) => [name.toLowerCase(), content]));
  } catch {
    return new Map(); // Not JSON.
  }
}

/** An amount above nothing with at most two decimals, as a number or its digits. */
function kopecksOf(value: unknown): number | null {
  const digits = /^(\d{1,6})(?:\.(\d{1,2})0*)?$/.exec(plain(value));
  const kopecks = digits ? Number(digits[1]) * 100 + Number((digits[2] ?? '').padEnd(2, '0')) : 0;
  return kopecks > 0 ? kopecks : null;
}

/** A value's text, without space around it; empty for what has none. */
function plain(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? String(value).trim() : '';
}
