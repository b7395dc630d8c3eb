import type { VirtualBooks, VirtualChange } from '../kkmserver/virtual/virtual-books';
import { freshState } from '../kkmserver/virtual/virtual-state';
import type { VirtualState } from '../kkmserver/virtual/virtual-state';

const register = { siteId: 'club-1', registerId: 'desk-1' };

/** One more document, told by its number; a check when it is one. */
function numbering(isCheck: boolean): (state: VirtualState) => VirtualChange {
  return (state) => {
    const number = state.documentNumber + 1;
    const check = isCheck ? { number, slip: `slip ${number}`, qrCode: 't=', data: { FiscalNumber: number } } : null;
    return { kind: 'made', state: { ...state, documentNumber: number }, entry: { payload: { CheckNumber: number }, check } };
  };
}

/** What every keeper of virtual registers does. */
export function virtualBooksConformance(start: () => Promise<VirtualBooks>): void {
  let books: VirtualBooks;
  beforeEach(async () => {
    books = await start();
  });
  const made = async (key: string, isCheck = false, of = register): Promise<unknown> => {
    const answer = await books.change(of, key, numbering(isCheck));
    return answer.kind === 'made' ? answer.entry.payload['CheckNumber'] : answer.error;
  };

  it('begins with a fresh register', async () => {
    expect(await books.read(register)).toEqual(freshState);
    expect(await books.check(register, 0)).toBeNull();
  });

  it('makes one thing under one key, and decides nothing again', async () => {
    expect(await made('one')).toBe(1);
    expect(await made('two')).toBe(2);
    const decided: string[] = [];
    const again = await books.change(register, 'one', (state) => {
      decided.push('again');
      return numbering(false)(state);
    });
    expect([again, decided]).toEqual([{ kind: 'made', entry: { payload: { CheckNumber: 1 }, check: null } }, []]);
    expect((await books.read(register)).documentNumber).toBe(2);
  });

  it('keeps registers of the same name at two sites apart', async () => {
    expect(await made('one')).toBe(1);
    expect(await made('one', false, { siteId: 'club-2', registerId: 'desk-1' })).toBe(1);
    expect(await made('one', false, { siteId: 'club-1', registerId: 'desk-2' })).toBe(1);
  });

  it('changes nothing when a command is refused, and asks again under the same key', async () => {
    expect(await books.change(register, 'one', () => ({ kind: 'refused', error: 'no' }))).toEqual({ kind: 'refused', error: 'no' });
    expect(await books.read(register)).toEqual(freshState);
    expect(await made('one')).toBe(1);
  });

  it('finds a check by its number, and the last one', async () => {
    await made('a', true);
    await made('b', true);
    await made('shift');
    expect((await books.check(register, 0))?.slip).toBe('slip 2');
    expect((await books.check(register, 1))?.data).toEqual({ FiscalNumber: 1 });
    expect(await books.check(register, 3)).toBeNull();
    expect(await books.check({ ...register, siteId: 'club-2' }, 1)).toBeNull();
  });

  it('numbers without gap and repetition whatever comes at once', async () => {
    const keys = Array.from({ length: 12 }, (_, index) => `key-${index % 8}`);
    const numbers = await Promise.all(keys.map((key) => made(key, true)));
    expect([...new Set(numbers)].sort((a, b) => Number(a) - Number(b))).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    keys.forEach((key, index) => expect(numbers[index]).toBe(numbers[keys.indexOf(key)]));
    expect((await books.read(register)).documentNumber).toBe(8);
  });
}
