import { centred, columns, marked, printedStrings, rule } from './slip-lines';

const wide = (text: string) => `${' '.repeat(48 - text.length)}${text}`;

describe('lines of a slip', () => {
  it('centres', () => {
    expect(centred('КАССА')).toEqual([`${' '.repeat(21)}КАССА`]);
    expect(marked('>#10#<КАССА')).toEqual([`${' '.repeat(16)}КАССА`]);
  });

  it('makes two columns at both edges, narrower where asked', () => {
    expect(marked('Поле<#0#>X')).toEqual([`Поле${' '.repeat(43)}X`]);
    expect(marked('Поле<#8#>X')).toEqual([`Поле${' '.repeat(35)}X`]);
    expect(columns('a'.repeat(40), 'b'.repeat(8))).toEqual(['a'.repeat(40), wide('b'.repeat(8))]);
  });

  it('makes two columns at the right edge', () => {
    expect(marked('Итого<#10#>>12,00')).toEqual([`${' '.repeat(33)}Итого${' '.repeat(5)}12,00`]);
    expect(marked('Итого<#10#>>12,00')[0]).toHaveLength(48);
  });

  it('draws rules', () => {
    expect(marked('<<->>')).toEqual([rule('-')]);
    expect(marked('<<*>>')).toEqual([rule('*')]);
    expect(rule('=')).toBe('='.repeat(48));
  });

  it('breaks text that is longer than a line, and at its own line ends', () => {
    expect(marked('x'.repeat(50))).toEqual(['x'.repeat(48), 'xx']);
    expect(marked('a\r\nb\n\nc')).toEqual(['a', 'b', '', 'c']);
  });

  it('prints goods, bar codes and images in words, whatever the case of names', () => {
    const lines = printedStrings([
      { printtext: { TEXT: 'Шапка' } },
      { Register: { Name: 'Чай', Quantity: '2', Price: 50.5, Amount: 101 } },
      { BarCode: { BarcodeType: 'QR', Barcode: 'abc' } },
      { PrintImage: { Image: 'aGk=' } },
    ]);
    expect(lines).toEqual(['Шапка', 'Чай', `  2 x 50,5${' '.repeat(34)}=101`, ...centred('[QR abc]'), ...centred('[изображение]')]);
  });

  it.each([[null], [undefined], ['text'], [{}], [[null, 1, 'x', [], { PrintText: null, Register: 7 }]]])('prints nothing of %p', (strings) => {
    expect(printedStrings(strings)).toEqual([]);
  });

  it('keeps within the lines of a slip, and takes widths no line has', () => {
    expect(printedStrings([{ PrintText: { Text: '\n'.repeat(9_000) } }])).toHaveLength(5_000);
    expect(marked('>#999#<ab')).toEqual(['a', 'b']);
    expect(marked('a<#999#>b').join('')).toContain('b');
    expect(marked('a<#999#>>b').join('')).toContain('b');
  });
});
