/** The bank's number in a payload: a member of SBP. */
const bankNumber = '100000000007';

/** The id of the n-th QR, of the captured form: 32 capitals and digits that begin with `AD10`. */
export function qrIdOf(number: number): string {
  return `AD10${number.toString(32).toUpperCase().padStart(28, '0')}`;
}

/** The text of a dynamic QR, of the form that the facts' sample has; `sum` is minor units. */
export function qrPayload(qrId: string, amountMinor: number): string {
  const head = `https://qr.nspk.ru/${qrId}?type=02&bank=${bankNumber}&sum=${amountMinor}&cur=RUB`;
  return `${head}&crc=${checksum(head)}`;
}

/** Four hex digits. How SBP computes them is not public; nobody here reads them. */
function checksum(text: string): string {
  let sum = 0;
  for (const character of text) sum = (sum * 31 + (character.codePointAt(0) ?? 0)) % 65_536;
  return sum.toString(16).toUpperCase().padStart(4, '0');
}
