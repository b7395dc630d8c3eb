import { looseList, looseMember, looseObject, looseText } from '../loose-members';
import type { LooseMembers } from '../loose-members';

/** How many characters a line of the virtual register has. */
export const lineLength = 48;

/** Lines of one slip at most: a command is limited in bytes, its markup is not in what it draws. */
const linesMax = 5_000;

/** A rule across the slip. */
export function rule(sign: '-' | '*' | '=' = '-'): string {
  return sign.repeat(lineLength);
}

/** Text in the middle of a line that is `narrower` than usual. */
export function centred(text: string, narrower = 0): readonly string[] {
  const width = widthOf(narrower);
  return wrapped(text.trim(), width).map((line) => `${' '.repeat(Math.floor((width - line.length) / 2))}${line}`);
}

/** One text at the left edge, another at the right; two lines where they do not fit beside each other. */
export function columns(left: string, right: string, narrower = 0): readonly string[] {
  const width = widthOf(narrower);
  if (left.length + right.length < width) return [`${left}${right.padStart(width - left.length)}`];
  return [...wrapped(left, width), ...wrapped(right, width).map((line) => line.padStart(width))];
}

/** What the strings of a check print (KkmServer facts, section 9.3), at most as many lines as a slip may have. */
export function printedStrings(checkStrings: unknown): readonly string[] {
  return looseList(checkStrings).flatMap(printedString).slice(0, linesMax);
}

/** Lines of a text with markup: `>#n#<` centres, `<#n#>` and `<#n#>>` make two columns, `<<->>` and `<<*>>` draw a rule. */
export function marked(text: string): readonly string[] {
  return text.split(/\r\n|\r|\n/).flatMap(markedLine);
}

function printedString(string: LooseMembers): readonly string[] {
  const part = (name: string): LooseMembers => looseObject(looseMember(string, name));
  const text = looseMember(part('PrintText'), 'Text');
  const barCode = looseText(looseMember(part('BarCode'), 'Barcode'));
  const hasImage = looseText(looseMember(part('PrintImage'), 'Image')) !== '';
  return [
    ...(text === undefined || text === null ? [] : marked(looseText(text))),
    ...goodsLines(part('Register')),
    ...(barCode === '' ? [] : centred(`[${looseText(looseMember(part('BarCode'), 'BarcodeType'))} ${barCode}]`)),
    ...(hasImage ? centred('[изображение]') : []),
  ];
}

function goodsLines(register: LooseMembers): readonly string[] {
  const text = (name: string): string => looseText(looseMember(register, name)).replace('.', ',');
  const name = looseText(looseMember(register, 'Name'));
  if (name === '' && text('Amount') === '') return [];
  return [...wrapped(name, lineLength), ...columns(`  ${text('Quantity')} x ${text('Price')}`, `=${text('Amount')}`)];
}

function markedLine(line: string): readonly string[] {
  if (/^<<-+>>$/.test(line.trim())) return [rule('-')];
  if (/^<<\*+>>$/.test(line.trim())) return [rule('*')];
  const [, centredBy, centredText] = /^>#(\d{1,3})#<(.*)$/.exec(line) ?? [];
  if (centredBy !== undefined) return centred(centredText ?? '', Number(centredBy));
  const [, left, by, toTheRight, right] = /^(.*?)<#(\d{1,3})#>(>?)(.*)$/.exec(line) ?? [];
  if (left === undefined || right === undefined) return wrapped(line, lineLength);
  return toTheRight === '>' ? rightColumns(left, right, Number(by)) : columns(left, right, Number(by));
}

/** Both texts against a right edge: the right one against the line's, the left one `margin` characters before it. */
function rightColumns(left: string, right: string, margin: number): readonly string[] {
  const column = widthOf(margin);
  return [`${left.slice(0, column).padStart(column)}${right.slice(0, margin).padStart(lineLength - column)}`];
}

function widthOf(narrower: number): number {
  return Math.max(1, lineLength - narrower);
}

function wrapped(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  for (let from = 0; from < text.length; from += width) lines.push(text.slice(from, from + width));
  return lines.length === 0 ? [''] : lines;
}
