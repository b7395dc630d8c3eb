import { ByteReader, ByteWriter, decodeWindows1251, encodeWindows1251 } from '@kkm/wire';

/** Numbers of the fields KKM reads or writes, decimal as in the field catalogue of the protocol. */
export const fieldNumbers = {
  amount: 0,
  currency: 4,
  hostTime: 6,
  entryMode: 8,
  pan: 10,
  expiry: 11,
  authorisationCode: 13,
  rrn: 14,
  hostResponseCode: 15,
  text: 19,
  terminalTime: 21,
  serverTransaction: 23,
  operation: 25,
  reference: 26,
  bankTerminalId: 27,
  merchantId: 28,
  status: 39,
  displaySeconds: 57,
  mode: 64,
  subOperation: 65,
  commandResult: 67,
  fileData: 70,
  message: 71,
  receipt: 90,
} as const;

/** One field: its number (0 to 255) and its raw value. */
export interface Field {
  readonly number: number;
  readonly value: Uint8Array;
}

/** A message is its fields in the order sent; the order is free and kept. */
export type Message = readonly Field[];

/** Text to be written in windows-1251, or raw bytes. */
export type FieldContent = string | Uint8Array;

/** Makes a message of numbers and contents. */
export function message(entries: readonly (readonly [number, FieldContent])[]): Message {
  return entries.map(([number, content]) => ({ number, value: typeof content === 'string' ? encodeWindows1251(content) : content }));
}

/** Writes the fields one after the other: number, length (low byte first), value. */
export function encodeFields(fields: Message): Uint8Array {
  const writer = new ByteWriter();
  for (const field of fields) writer.u8(field.number).u16le(field.value.length).bytes(field.value);
  return writer.finish();
}

/** Reads fields; null when the bytes do not end with a field's end. */
export function decodeFields(data: Uint8Array): Message | null {
  const reader = new ByteReader(data);
  const fields: Field[] = [];
  while (reader.remaining > 0) {
    const number = reader.u8();
    const length = reader.u16le();
    const value = length === null ? null : reader.take(length);
    if (number === null || !value) return null;
    fields.push({ number, value });
  }
  return fields;
}

/** The first field of that number as text; null when it is absent or empty. Both mean "not told". */
export function textOf(fields: Message, number: number): string | null {
  const field = fields.find((candidate) => candidate.number === number);
  return field && field.value.length > 0 ? decodeWindows1251(field.value) : null;
}

/** Like {@link textOf}, without surrounding blanks, and null for the "-1" and "0…" by which terminals say "none" in identifying fields. */
export function identifierOf(fields: Message, number: number): string | null {
  const text = textOf(fields, number)?.trim();
  return text && text !== '-1' && !/^0+$/.test(text) ? text : null;
}

/** An amount in minor units, with or without leading zeros; null when it is not one to twelve digits. */
export function amountOf(fields: Message, number: number = fieldNumbers.amount): number | null {
  const text = textOf(fields, number)?.trim() ?? '';
  return /^\d{1,12}$/.test(text) ? Number(text) : null;
}

/** Writes an amount as the eight digits that cash registers send. */
export function amountText(amountMinor: number): string {
  return String(amountMinor).padStart(8, '0');
}
