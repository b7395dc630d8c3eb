import { strikeKinds } from '../plan/strikes';
import { booksOf, paymentOf, saleOf } from '../testing/made-up';
import { account } from './accounting';
import { doubtTimes } from './doubts';
import type { HitRow } from './hits';
import { percent, verdictRows } from './verdict';
import type { Measured } from './verdict';

const enough: readonly HitRow[] = strikeKinds.map((what) => ({ what, done: 5, live: 5, duringRecovery: 0, required: 5 }));
const charged = Array.from({ length: 10 }, (_, index) => paymentOf(`p${index}`, 'succeeded'));
const sales = charged.map(({ id }) => saleOf(`${id}-1`));

const good: Measured = {
  rated: { seconds: 1, outagesCount: false },
  accounting: account(booksOf(charged, sales)),
  hits: enough,
  doubts: doubtTimes([]),
  faulted: 2,
  troubles: [],
  ownEnds: [],
};

function unmet(members: Partial<Measured>): readonly string[] {
  return verdictRows({ ...good, ...members })
    .filter(({ met }) => !met)
    .map(({ what, measured }) => `${what}: ${measured}`);
}

describe('the verdict on a campaign', () => {
  it('is good when everything was shown and nobody was wronged', () => {
    expect(unmet({})).toEqual([]);
  });

  it.each<[string, Partial<Measured>, RegExp]>([
    ['one payment was charged twice', { accounting: account(booksOf(charged, [...sales, saleOf('p1-1', { rrn: 'again' })])) }, /^charged twice: 1$/],
    ['one charge was lost', { accounting: account(booksOf(charged, [...sales, saleOf('unknown')])) }, /^lost.*: 1$/],
    [
      'one payment is not accounted for',
      { faulted: 3, accounting: account(booksOf([...charged, paymentOf('open', 'pending')], sales)) },
      /^accepted, and neither.*: 1$/,
    ],
    ['one kind of strike hit too seldom', { hits: [...enough.slice(1), { ...(enough[0] as HitRow), live: 4 }] }, /: not kill-gateway \(4 of 5\)$/],
    ['something did not come back', { troubles: ['rabbitmq'] }, /did not come back: 1$/],
    ['a service died by itself', { ownEnds: ['gateway: 1'] }, /without having been struck: 1$/],
    ['too few payments were faulted', { faulted: 1 }, /showed a fault: 10\.0 %$/],
    ['too few payments came', { rated: { seconds: 1.1, outagesCount: false } }, /accept them: 9\.1$/],
    ['too few payments came in a full run', { rated: { seconds: 1.1, outagesCount: true } }, /outages included: 9\.1$/],
    ['a doubt took too long', { doubts: { ...good.doubts, within5s: 0.949 } }, /within 5 s.*: 94\.9 %$/],
    ['a doubt was not resolved', { doubts: { ...good.doubts, within30s: 0.999 } }, /within 30 s.*: 99\.9 %$/],
  ])('is bad when %s', (_, members, row) => {
    expect(unmet(members)).toEqual([expect.stringMatching(row)]);
  });

  it('is bad when fewer than 60 of 100 payments end charged', () => {
    const half = [...charged.slice(0, 5), ...Array.from({ length: 5 }, (_, index) => paymentOf(`q${index}`, 'declined'))];
    expect(unmet({ accounting: account(booksOf(half, sales.slice(0, 5))) })).toEqual(['payments that ended charged: 50.0 %']);
  });

  it('never rounds a share up to its target', () => {
    expect(percent(0.59999)).toBe('59.9 %');
  });
});
