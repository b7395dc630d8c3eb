import fc from 'fast-check';
import { readSlip, receiptBlocks } from './slip';
import { capturedReceipt } from './testing/slips';

const slip = receiptBlocks(capturedReceipt())?.customer ?? '';

describe('receiptBlocks', () => {
  it('finds the blocks of a captured receipt', () => {
    const blocks = receiptBlocks(capturedReceipt());
    expect(blocks?.customer).toContain('ЧЕК КЛИЕНТА');
    expect(blocks?.merchant).toContain('ЧЕК КАССИРА');
    expect(blocks?.cardName).toBe('VISA Classic');
  });

  it('finds nothing where there is nothing', () => {
    expect(receiptBlocks(null)).toBeNull();
    expect(receiptBlocks('just text')).toBeNull();
    expect(receiptBlocks('0xDF^^cut off')).toBeNull();
  });

  it('never throws', () => {
    fc.assert(fc.property(fc.string(), (text) => receiptBlocks(`0xDF^^${text}`) === null || true));
  });
});

describe('readSlip', () => {
  it('reads the captured slip', () => {
    expect(readSlip(slip)).toMatchObject({
      operation: 'sale',
      amountMinor: 10_000,
      rrn: '856666703130',
      authorisationCode: '769537',
      bankTerminalId: '40000172',
      reference: null,
      terminalTime: '20200516022653',
      approved: true,
    });
  });

  it.each([
    ['the RRN is cut', '856666703130', '85666670313', 'rrn'],
    ['the amount has no kopecks', '100.00', '100', 'amountMinor'],
    ['the amount has a comma', '100.00', '100,00', 'amountMinor'],
    ['the amount is in another currency', 'СУММА (RUB)', 'СУММА (USD)', 'amountMinor'],
    ['the code is cut', '769537', '76953', 'authorisationCode'],
    ['the time is missing', '02:26:53', '', 'terminalTime'],
    ['the title is another', 'ОПЛАТА ПОКУПКИ', 'ОПЛАТА', 'operation'],
  ] as const)('does not guess when %s', (_what, from, to, fact) => {
    expect(readSlip(slip.replaceAll(from, to))[fact]).toBeNull();
  });

  it.each([
    ['the word is missing', 'ОДОБРЕНО', ''],
    ['it says refused', 'ОДОБРЕНО', 'ОДОБРЕНО\r\nОТКЛОНЕНО'],
    ['the response code is another', 'КОД ОТВЕТА                    00', 'КОД ОТВЕТА                    05'],
  ])('does not call it approved when %s', (_what, from, to) => {
    expect(readSlip(slip.replace(from, to)).approved).toBe(false);
  });

  it('does not choose between two contents of one line', () => {
    expect(readSlip(`${slip}\r\n№ ССЫЛКИ:           111111111111`).rrn).toBeNull();
    expect(readSlip(`${slip}\r\nСУММА (RUB)\r\n200.00`).amountMinor).toBeNull();
    expect(readSlip(`${slip}\r\nОТМЕНА ОПЛАТЫ`).operation).toBeNull();
  });

  it('reads an amount behind the word as well', () => {
    expect(readSlip('СУММА (RUB)               150.00').amountMinor).toBe(15_000);
  });

  it('never throws', () => {
    fc.assert(fc.property(fc.string(), (text) => readSlip(text).approved === false));
  });
});
