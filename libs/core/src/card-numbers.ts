/** Digit runs of 13 to 19, alone or grouped as cards are printed. Longer runs are account numbers, shorter ones RRNs. */
const digitRuns = [/(?<!\d)\d{13,19}(?!\d)/g, /(?<!\d)\d{4}([ -])\d{4}\1\d{4}\1\d{1,7}(?!\d)/g, /(?<!\d)\d{4}([ -])\d{6}\1\d{5}(?!\d)/g];

/** The same digits as hexadecimal ASCII (`34 31 31 …`), the way a frame dump shows them. */
const hexDigitRuns = /(?:3\d ?){13,19}/g;

/** Masks what looks like a card number inside a text: 13 to 19 digits that pass Luhn, all but the last four. */
export function maskCardNumbers(text: string): string {
  let masked = text;
  for (const run of digitRuns) masked = masked.replace(run, maskCard);
  return masked.replace(hexDigitRuns, (run) => (passesLuhn(run.replace(/ /g, '').replace(/3(\d)/g, '$1')) ? '[hidden digits]' : run));
}

function maskCard(run: string): string {
  const digits = run.replace(/[ -]/g, '');
  return passesLuhn(digits) ? `${'*'.repeat(digits.length - 4)}${digits.slice(-4)}` : run;
}

/** The check digit of card numbers (ISO/IEC 7812-1, annex B). */
function passesLuhn(digits: string): boolean {
  let sum = 0;
  for (let i = 0; i < digits.length; i += 1) {
    const digit = Number(digits[digits.length - 1 - i]);
    const doubled = digit * 2;
    sum += i % 2 === 0 ? digit : doubled > 9 ? doubled - 9 : doubled;
  }
  return sum % 10 === 0;
}
