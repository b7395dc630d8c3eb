import type { TerminalAnswer, TerminalRequest } from '@kkm/core';
import { answerOf } from './answers';
import { message } from './fields';
import { parseInpasProfile } from './profile';
import { capturedReceipt } from './testing/slips';

type Entry = readonly [number, string];

const read = (request: TerminalRequest, ...fields: Entry[]): TerminalAnswer =>
  answerOf(message(fields), { request, aborted: false, profile: parseInpasProfile({}) });
const lastResult = (...fields: Entry[]) => {
  const answer = read({ kind: 'last-result' }, [25, '63'], [65, '22'], ...fields);
  if (answer.kind !== 'last-result') throw new Error(answer.kind);
  return answer;
};

describe('a last receipt', () => {
  it('is read from the slip where there is nothing else', () => {
    const { found, raw } = lastResult([90, capturedReceipt()]);
    expect(raw).toBe(capturedReceipt());
    expect(found).toMatchObject({
      operation: 'sale',
      amountMinor: 10_000,
      rrn: '856666703130',
      authorisationCode: '769537',
      bankTerminalId: '40000172',
      reference: null,
      approved: true,
    });
  });

  it('is read from fields and slip where both agree, with the reference', () => {
    const { found } = lastResult([0, '10000'], [14, '856666703130'], [26, '699241280'], [39, '1'], [90, capturedReceipt()]);
    expect(found).toMatchObject({ amountMinor: 10_000, rrn: '856666703130', reference: '699241280', approved: true });
  });

  it.each([
    ['amountMinor', [0, '10100']],
    ['rrn', [14, '856666703131']],
    ['authorisationCode', [13, '000001']],
    ['bankTerminalId', [27, '40000173']],
    ['terminalTime', [21, '20200516022654']],
  ] as const)('has no %s where field and slip differ', (fact, entry) => {
    expect(lastResult(entry, [90, capturedReceipt()]).found?.[fact]).toBeNull();
  });

  it('is not approved when the status field says otherwise', () => {
    expect(lastResult([39, '16'], [90, capturedReceipt()]).found?.approved).toBe(false);
  });

  it.each([[[]], [[[67, '1']]], [[[90, '']]], [[[90, '0xDF^^ ~']]]] as Entry[][][])('is nothing when the terminal sends %j', (fields) => {
    expect(lastResult(...fields).found).toBeNull();
  });
});

describe('a report', () => {
  it('that cannot be read keeps its text and proves nothing', () => {
    expect(read({ kind: 'report' }, [25, '63'], [65, '21'], [90, '0xDF^^ИТОГИ БАНКА~'])).toMatchObject({
      kind: 'report',
      text: 'ИТОГИ БАНКА',
      operations: null,
    });
    expect(read({ kind: 'report', short: true }, [25, '63'], [65, '20'], [90, '0xDF^^ИТОГИ~'])).toMatchObject({ text: 'ИТОГИ', operations: null, since: null });
    expect(read({ kind: 'report' }, [25, '63'], [65, '21'], [67, '1'])).toMatchObject({ kind: 'report', text: '', operations: null });
  });
});

describe('a settlement', () => {
  it('goes by the status, whatever the host code says (captured: ER3 with status 1)', () => {
    expect(read({ kind: 'settle' }, [15, 'ER3'], [25, '59'], [39, '1'])).toEqual({ kind: 'settled', ok: true, text: null });
    expect(read({ kind: 'settle' }, [25, '59'], [39, '34'])).toMatchObject({ ok: false });
  });
});
