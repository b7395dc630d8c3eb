import { canonical, fingerprint } from './fingerprint';

describe('the fingerprint of a request', () => {
  const digest = (text: string): string => text;

  it('is the same for the same members in another order', () => {
    expect(canonical({ b: [1, { d: null, c: true }], a: 'ж' })).toBe('{"a":"ж","b":[1,{"c":true,"d":null}]}');
    expect(canonical({ a: 1, b: undefined })).toBe(canonical({ a: 1 }));
  });

  it('differs by what was asked and by every value', () => {
    const one = fingerprint(digest, 'payments.open', { amount: 100 });
    expect(fingerprint(digest, 'payments.redo pay_1', { amount: 100 })).not.toBe(one);
    expect(fingerprint(digest, 'payments.open', { amount: 101 })).not.toBe(one);
    expect(fingerprint(digest, 'payments.open', { amount: '100' })).not.toBe(one);
  });

  it.each([null, true, 0, -0.5, 1e21, 'a"\\\n\u2028ж', [], {}, [[], { a: [{}] }], { '': 1, __x: 2, 10: 3, 9: 4 }].map((value) => [value]))(
    'reads back as the request it was made of: %j',
    (value) => {
      expect(JSON.parse(canonical(value))).toEqual(value);
    },
  );

  it('takes no value that JSON has not', () => {
    expect(() => canonical(Number.NaN)).toThrow();
    expect(() => canonical({ a: 1n })).toThrow();
  });
});
