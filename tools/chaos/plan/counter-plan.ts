/** The number in a terminal's id: `pax-12` is 12. */
function numberOf(terminalId: string): number {
  return Number(terminalId.replace(/\D/g, ''));
}

/** How a terminal answers by itself: most return fields with their last result, one in four gives slip text alone (design-money, clause 28). */
export function personalityOf(terminalId: string): 'plain' | 'fields' {
  return numberOf(terminalId) % 4 === 0 ? 'plain' : 'fields';
}

/**
 * Whether the café's people also key in sales by hand there: one terminal in four, of both kinds. Such a sale is unknown to KKM, and until it has been seen
 * in a report nothing proves that a later doubt on that terminal is uncharged, so some doubts there are a person's by design (design-money, clause 5).
 */
export function isUsedByHand(terminalId: string): boolean {
  const place = numberOf(terminalId) % 8;
  return place === 3 || place === 4;
}
