/** Minor units as the KkmServer API writes amounts: a number of roubles. Exact to the kopeck for every amount KKM takes. */
export function roubles(minor: number): number {
  return minor / 100;
}

/** Minor units as slips write them: `301,50`. */
export function roublesText(minor: number): string {
  return (minor / 100).toFixed(2).replace('.', ',');
}

/** An amount that a register answered, in minor units; null where it is not one. Numbers come as text at times, with a point or a comma. */
export function minorOf(value: unknown): number | null {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value.replace(',', '.')) : value;
  return typeof number === 'number' && Number.isFinite(number) ? Math.round(number * 100) : null;
}
