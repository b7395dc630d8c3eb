/** Stands for a character that windows-1251 does not have. */
const questionMark = 0x3f;

const decoder = new TextDecoder('windows-1251');

/** Code unit → byte, made by decoding every byte once. Byte 98, unused in the code page, is the control character U+0098 (WHATWG encoding standard). */
const bytesByUnit = unitTable(decoder.decode(Uint8Array.from({ length: 256 }, (_, byte) => byte)));

/** Reads text in the code page of Russian terminals. Every byte is some character, so this never fails and loses nothing. */
export function decodeWindows1251(bytes: Uint8Array): string {
  return decoder.decode(bytes);
}

/** Writes text in the code page of Russian terminals; a character it lacks becomes `?`, one for each UTF-16 code unit. */
export function encodeWindows1251(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length);
  for (let at = 0; at < text.length; at += 1) bytes[at] = bytesByUnit[text.charCodeAt(at)] ?? questionMark;
  return bytes;
}

function unitTable(characters: string): Uint8Array {
  const highest = Math.max(...Array.from(characters, (character) => character.charCodeAt(0)));
  const table = new Uint8Array(highest + 1).fill(questionMark);
  for (let byte = 0; byte < characters.length; byte += 1) table[characters.charCodeAt(byte)] = byte;
  return table;
}
