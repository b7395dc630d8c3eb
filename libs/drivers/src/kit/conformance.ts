/*
 * What every driver must do, whatever its protocol: the fault script of the design, chapter 8. Scenarios give back what was wrong, so that
 * the suite itself can be tested: it must find something wrong with drivers that are broken on purpose.
 */
import type { Scenario } from './conformance-findings';
import { amountMinor, connected, Findings, linkTest, saleRequest } from './conformance-findings';
import type { ConformanceSubject, Run, RunOptions } from './conformance-lab';
import { Lab } from './conformance-lab';
import { otherOperations } from './conformance-operations';
import { qrScenarios } from './conformance-qr';
import type { Behaviour } from './virtual-terminal';

type Changes = Parameters<Lab['behave']>[0];

/** One sale under faults, and the books ten minutes later. */
async function sale(subject: ConformanceSubject, changes: Changes, options: Partial<RunOptions> & { readonly chunkBytes?: number } = {}) {
  const lab = new Lab(subject, options.chunkBytes);
  const findings = new Findings();
  lab.behave(changes);
  const conversation = await connected(lab);
  const run = await lab.run(conversation, saleRequest('attempt-1'), options);
  return { lab, findings, conversation, run };
}

/** What a scenario of one sale is made of. */
interface SaleCase extends Partial<RunOptions> {
  readonly under: Changes;
  readonly want: string;
  readonly chunkBytes?: number;
}

/** A scenario of one sale with a wanted answer; financial bytes go out once. */
function oneSale(name: string, { under: changes, want, ...options }: SaleCase): Scenario {
  return {
    name,
    run: async (subject) => {
      const { lab, findings, run } = await sale(subject, changes, options);
      findings.wants(run, want);
      const demanded = changes.faults?.includes('nak_once') ? 2 : 1;
      findings.expect(run.sent === demanded, `the sale was sent ${run.sent} times`);
      findings.expect(run.asked === run.sent, 'it was sent without asking whether it still may');
      await lab.wait(600_000);
      findings.judge(lab, run);
      return findings.list;
    },
  };
}

/** A sale whose result is lost; the terminal must be found again, and must tell what became of it. */
function lostSale(
  name: string,
  { fault, personality, charged }: { readonly fault: string; readonly personality: Behaviour['personality']; readonly charged: boolean },
): Scenario {
  return {
    name: `${name} (${personality})`,
    run: async (subject) => {
      const { lab, findings, conversation, run } = await sale(subject, { faults: [fault], personality });
      findings.wants(run, 'unknown');
      findings.expect(run.sent === 1, `the sale was sent ${run.sent} times`);
      conversation.close();
      // On a cable that is back at once the terminal repeats its result to nobody, and has no ear for others until it gives up.
      await lab.wait(20_000);
      const again = await connected(lab);
      findings.wants(await lab.run(again, linkTest), 'link');
      const { answer } = await lab.run(again, { kind: 'last-result' });
      const record = answer.kind === 'last-result' ? answer.found : null;
      findings.expect((record !== null) === charged, charged ? 'the last receipt is not found' : 'a last receipt of nothing');
      const [booked] = lab.bank.transactions();
      if (record) {
        findings.expect(
          record.approved && record.amountMinor === amountMinor && record.rrn === booked?.rrn && record.operation === 'sale',
          'the last receipt is misread',
        );
        findings.expect(record.reference === (personality === 'fields' ? subject.driver.reference('attempt-1') : null), 'the reference is misread');
      }
      const report = (await lab.run(again, { kind: 'report' })).answer;
      findings.expect(report.kind === 'report' && report.operations?.length === (charged ? 1 : 0), 'the report is misread');
      findings.judge(lab, run);
      return findings.list;
    },
  };
}

const personalities = ['plain', 'fields'] as const;

const lostSales = personalities.flatMap((personality) => [
  lostSale('finds the charge after a link cut before the ACK', { fault: 'drop_before_ack', personality, charged: true }),
  lostSale('finds the charge after a link cut behind the ACK', { fault: 'drop_after_ack', personality, charged: true }),
  lostSale('finds the charge after a link cut behind the approval', { fault: 'drop_after_approval', personality, charged: true }),
  lostSale('finds the charge after a link cut within the result', { fault: 'drop_mid_result', personality, charged: true }),
  lostSale('finds the charge after the cable was out', { fault: 'unplug(2000)', personality, charged: true }),
  lostSale('finds no charge after the terminal rebooted', { fault: 'reboot', personality, charged: false }),
]);

const sales: readonly Scenario[] = [
  oneSale('takes an approval', { under: {}, want: 'approved' }),
  oneSale('takes a decline', { under: { auto: 'decline' }, want: 'declined' }),
  oneSale('takes the end of the card wait as cancelled', { under: { auto: 'none' }, want: 'cancelled' }),
  oneSale('stops when asked while a card is waited for', { under: { auto: 'none' }, want: 'cancelled', abortAfterMs: 2_000 }),
  oneSale('lets the result decide when asked to stop too late', { under: { faults: ['slow_bank(3000)'] }, want: 'approved', abortAfterMs: 1_000 }),
  oneSale('waits for a slow bank', { under: { faults: ['slow_bank(120000)'] }, want: 'approved' }),
  oneSale('leaves silence in doubt', { under: { faults: ['silent'] }, want: 'unknown' }),
  oneSale('leaves silence behind the ACK to the result or to doubt', { under: { faults: ['late_result(90000)'] }, want: 'unknown' }),
  oneSale('repeats what was refused by NAK, and that only', { under: { faults: ['nak_once'] }, want: 'approved' }),
  oneSale('asks for a damaged result again', { under: { faults: ['bad_crc_once'] }, want: 'approved' }),
  oneSale('reads bytes one at a time', { under: { faults: ['split_bytes'] }, want: 'approved' }),
  oneSale('reads pieces of three bytes', { under: {}, want: 'approved', chunkBytes: 3 }),
  oneSale('reads joined frames', { under: { faults: ['coalesce'] }, want: 'approved' }),
  oneSale('takes a repeated result once', { under: { faults: ['duplicate_result'] }, want: 'approved' }),
  oneSale('says when the bank was not reached', { under: { faults: ['host_unreachable'] }, want: 'failed' }),
  oneSale('leaves an unlisted status in doubt', { under: { faults: ['unknown_status'] }, want: 'unknown' }),
  oneSale('takes a partial approval for what it is', { under: { faults: ['partial_approval(5000)'] }, want: 'approved' }),
  oneSale('adopts its own result, not the foreign one behind it', { under: { faults: ['foreign_sale'] }, want: 'approved' }),
  oneSale('acknowledges nothing that could not be stored', { under: {}, want: 'unknown', storeMs: null }),
  oneSale('keeps a result whose storing takes long', { under: {}, want: 'approved', storeMs: 12_000 }),
];

const withheld: Scenario = {
  name: 'sends nothing when the permit has run out',
  run: async (subject) => {
    const { lab, findings, run } = await sale(subject, {}, { maySend: () => false });
    findings.wants(run, 'not-sent');
    findings.expect(run.sent === 0 && lab.written.length === 0, 'bytes were sent without a permit');
    return findings.list;
  },
};

const withheldRepetition: Scenario = {
  name: 'does not repeat after a NAK when the permit has run out meanwhile',
  run: async (subject) => {
    let asked = 0;
    const { lab, findings, run } = await sale(subject, { faults: ['nak_once'] }, { maySend: () => (asked += 1) === 1 });
    findings.expect(run.sent === 1, `the sale was sent ${run.sent} times`);
    await lab.wait(600_000);
    findings.judge(lab, run);
    return findings.list;
  },
};

const readFailures: Scenario = {
  name: 'proves that a card was not read, each time',
  run: async (subject) => {
    const { lab, findings, conversation, run } = await sale(subject, { faults: ['read_failures(2)'], delayMs: 5 });
    const second = await lab.run(conversation, saleRequest('attempt-1'));
    const third = await lab.run(conversation, saleRequest('attempt-1'));
    for (const failed of [run, second]) findings.expect(failed.answer.kind === 'outcome' && failed.answer.readFailure, 'an unread card is not told');
    findings.wants(third, 'approved');
    findings.judge(lab, third);
    return findings.list;
  },
};

const cancelIsNoReadFailure: Scenario = {
  name: 'does not take a cancel for an unread card',
  run: async (subject) => {
    const { findings, run } = await sale(subject, { auto: 'none' }, { abortAfterMs: 500 });
    findings.expect(run.answer.kind === 'outcome' && !run.answer.readFailure, 'a cancel counts as an unread card');
    return findings.list;
  },
};

const repeatedThenNext: Scenario = {
  name: 'does not take a repeated result for the next sale',
  run: async (subject) => {
    const { lab, findings, conversation, run } = await sale(subject, { faults: ['duplicate_result'] });
    const next = await lab.run(conversation, saleRequest('attempt-2', 700));
    const [first, second] = lab.bank.transactions();
    const rrnOf = ({ answer }: Run): string | null => (answer.kind === 'outcome' ? answer.outcome.facts.rrn : null);
    findings.expect(rrnOf(run) === first?.rrn && rrnOf(next) === second?.rrn && second?.amount === 700, 'results are mixed up');
    return findings.list;
  },
};

const busyTerminal: Scenario = {
  name: 'gets nothing out of a terminal that still works on a lost sale',
  run: async (subject) => {
    const { lab, findings, conversation } = await sale(subject, { auto: 'none', faults: ['drop_after_ack'] });
    conversation.close();
    const again = await connected(lab);
    findings.wants(await lab.run(again, linkTest), 'unknown');
    await lab.wait(100);
    const reckless = await connected(lab);
    const second = await lab.run(reckless, saleRequest('attempt-2'));
    const kind = second.answer.kind === 'outcome' ? second.answer.outcome.kind : second.answer.kind;
    findings.expect(kind === 'failed' || kind === 'unknown', `a second sale beside a running one is ${kind}`);
    lab.feed({ kind: 'customer', action: 'tap', card: 'ok' });
    await lab.wait(10_000);
    findings.judge(lab, second, 'attempt-2');
    return findings.list;
  },
};

const abandoned: Scenario = {
  name: 'takes nothing for its own that an earlier session is still owed',
  run: async (subject) => {
    const { lab, findings, run } = await sale(subject, { auto: 'none' }, { closeAfterMs: 2_000 });
    findings.wants(run, 'unknown');
    const reckless = await connected(lab);
    // On a cable the terminal has not noticed that the register went away: this is the result of the first sale, for whoever has the port open now.
    lab.feed({ kind: 'customer', action: 'tap', card: 'ok' });
    lab.behave({});
    const second = await lab.run(reckless, saleRequest('attempt-2', 700));
    await lab.wait(60_000);
    findings.judge(lab, run);
    findings.judge(lab, second, 'attempt-2');
    reckless.close();
    const again = await connected(lab);
    findings.wants(await lab.run(again, linkTest), 'link');
    const { answer } = await lab.run(again, { kind: 'report' });
    findings.expect(answer.kind === 'report' && answer.operations?.length === lab.bank.transactions().length, 'the report is misread');
    return findings.list;
  },
};

const silentEnd: Scenario = {
  name: 'closes itself after an unknown answer',
  run: async (subject) => {
    const { lab, findings, conversation } = await sale(subject, { faults: ['silent'] });
    let closed = false;
    void conversation.closed.then(() => (closed = true));
    await lab.wait(1_000);
    findings.expect(closed, 'the conversation stays open');
    findings.wants(await lab.run(conversation, saleRequest('attempt-2')), 'not-sent');
    return findings.list;
  },
};

/** A scenario that cannot go on has found something too. */
function unstoppable({ name, run }: Scenario): Scenario {
  return { name, run: (subject) => run(subject).catch((error: unknown) => [String(error)]) };
}

const script: readonly Scenario[] = [
  ...sales,
  ...lostSales,
  withheld,
  withheldRepetition,
  readFailures,
  cancelIsNoReadFailure,
  repeatedThenNext,
  busyTerminal,
  abandoned,
  silentEnd,
  ...otherOperations,
  ...qrScenarios,
];

/** The whole fault script. */
export const scenarios: readonly Scenario[] = script.map(unstoppable);
