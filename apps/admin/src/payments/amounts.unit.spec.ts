import { minorOf, typedOf } from './amounts';

describe('an amount that is typed', () => {
  it.each([
    ['150', 15_000],
    ['150.5', 15_050],
    ['150,05', 15_005],
    [' 1 500,00 ₽', 150_000],
    ['1\u00a0500', 150_000],
    ['0.01', 1],
  ])('reads %j', (typed, minor) => {
    expect(minorOf(typed)).toBe(minor);
  });

  it.each(['', '0', '0,00', '-5', '1.234', '1,500.00', '1e3', 'сто', '12345678901', '15.', '١٥'])('does not guess at %j', (typed) => {
    expect(minorOf(typed)).toBeNull();
  });

  it.each([1, 10, 99, 100, 15_005, 15_050, 99_999_999_999])('writes %d so that it is read again', (minor) => {
    if (minor <= 10_000_000_000) expect(minorOf(typedOf(minor))).toBe(minor);
    else expect(minorOf(typedOf(minor))).toBeNull();
  });
});
