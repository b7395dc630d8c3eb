/**
 * The card of every guest at a virtual terminal. No scheme gives such a number, but it passes Luhn, and virtual terminals send it in full, in their fields and on their
 * slips, where real ones mask it: wherever it turns up behind the driver, a real number would.
 */
export const canaryCard = { pan: '2200430000096639', printed: '2200 4300 0009 6639' } as const;
