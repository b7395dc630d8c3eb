import { accountFitsBik, isInn, isOtherBankTerminal } from './bank-details';

describe('a taxpayer’s number', () => {
  // Numbers that organisations publish: the tax service itself, the central bank, a large bank; and the example of a person's in the literature.
  it.each(['7707329152', '7702235133', '7707083893', '500100732259'])('is %s', (inn) => expect(isInn(inn)).toBe(true));
  it.each(['7707329153', '7707083983', '500100732269', '500100732258', '770732915', '77073291520', '', 'abcdefghij', '770708389३'])('is not %s', (inn) =>
    expect(isInn(inn)).toBe(false),
  );
});

describe('the bank’s number of a terminal', () => {
  it('is another one only where both are known, and zeros in front do not matter', () => {
    expect(isOtherBankTerminal('00266286', '00266287')).toBe(true);
    expect(isOtherBankTerminal('00266286', '10266286')).toBe(true);
    expect([isOtherBankTerminal('00266286', '266286'), isOtherBankTerminal('j0266286', 'J0266286')]).toEqual([false, false]);
    expect([isOtherBankTerminal(null, '00266286'), isOtherBankTerminal('00266286', null)]).toEqual([false, false]);
  });
});

describe('the key digit of an account', () => {
  it('fits one bank', () => {
    expect(accountFitsBik('40702810900000002851', '044525225')).toBe(keyOf('40702810900000002851', '225'));
    const own = withKey('40702810000000012345', '225');
    expect([accountFitsBik(own, '044525225'), accountFitsBik(own, '044525226')]).toEqual([true, false]);
  });

  it('is another one wherever a single digit is wrong', () => {
    const own = withKey('40702810000000012345', '593');
    for (let at = 0; at < 20; at += 1) {
      const wrong = `${own.slice(0, at)}${(Number(own[at]) + 1) % 10}${own.slice(at + 1)}`;
      expect([wrong, accountFitsBik(wrong, '044525593')]).toEqual([wrong, false]);
    }
  });

  it('is counted with the branch where the central bank keeps the account', () => {
    const own = withKey('40101810000000010041', '045');
    expect(accountFitsBik(own, '044545000')).toBe(true);
    expect(accountFitsBik(own, '044545001')).toBe(true);
  });
});

/** The rule once more, written as the order tells it: all products, the last digits of their sum. */
function keyOf(account: string, three: string): boolean {
  const weights = '71371371371371371371371';
  return [...`${three}${account}`].map((digit, at) => Number(digit) * Number(weights[at])).reduce((sum, product) => sum + product) % 10 === 0;
}

/** The account with the ninth digit that makes it right. */
function withKey(account: string, three: string): string {
  const fits = [...'0123456789'].map((key) => `${account.slice(0, 8)}${key}${account.slice(9)}`).find((candidate) => keyOf(candidate, three));
  return fits ?? '';
}
