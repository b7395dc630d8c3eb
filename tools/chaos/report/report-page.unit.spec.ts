import { account } from '../count/accounting';
import { doubtsOf, doubtTimes } from '../count/doubts';
import { faultHits, strikeHits } from '../count/hits';
import { verdictRows } from '../count/verdict';
import { attemptOf, booksOf, grantedOf, paymentOf, saleOf } from '../testing/made-up';
import type { ChaosReport } from './chaos-report';
import { reportPage } from './report-page';

function madeUp(): ChaosReport {
  const doubtful = paymentOf('pay_doubt', 'in_doubt', { attempts: [attemptOf('att_doubt', 'unknown', { message: '<script>alert(1)</script>' })] });
  const accounting = account(
    booksOf([paymentOf('pay_1', 'succeeded'), doubtful], [saleOf('pay_1-1'), saleOf('att_doubt'), saleOf('pay_1-1', { rrn: 'again' })]),
  );
  const doubts = doubtsOf([grantedOf({ inDoubtAtMs: 1_200 })], [], []);
  const [strikes, faults] = [strikeHits([], [], 60), faultHits([], 60)];
  const verdict = verdictRows({
    rated: { seconds: 60, outagesCount: false },
    accounting,
    hits: [...strikes, ...faults],
    doubts: doubtTimes(doubts),
    faulted: 1,
    troubles: [],
    ownEnds: [],
  });
  return {
    seed: 7,
    seconds: 60,
    loadSeconds: 61,
    beganAt: '2026-01-01T00:00:00.000Z',
    machine: 'a machine',
    passed: verdict.every(({ met }) => met),
    verdict,
    ...accounting,
    strikes,
    faults,
    doubtTimes: doubtTimes(doubts),
    others: { perSecond: 1, redone: 0, repeatedRequests: 0, refusals: { 'payment.order_busy': 2 }, ownEnds: [], parkedMessages: {} },
    doubts,
    fallen: [],
  };
}

describe('the page of a campaign', () => {
  const page = reportPage(madeUp());

  it('says on top what is wrong', () => {
    expect(page.indexOf('Failed: charged twice: 1')).toBeGreaterThan(0);
    expect(page.indexOf('Failed: charged twice: 1')).toBeLessThan(page.indexOf('<h2>'));
  });

  it('asks nobody else for anything and runs nothing', () => {
    expect(page).not.toMatch(/(src|href)=|https?:\/\/|<script/);
  });

  it('shows what is in doubt with its evidence, as text', () => {
    expect(page).toContain('pay_doubt, in doubt: 15000 RUB on pax-1. The bank has 15000 with RRN rrn of att_doubt.');
    expect(page).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
  });

  it('lists the violation, every strike and every fault, and the histogram', () => {
    for (const text of ['pay_1: sale rrn of pay_1-1', 'restart-rabbitmq', 'unknown_status', '<svg', 'payment.order_busy (2)']) expect(page).toContain(text);
  });
});
