/* What drivers do with a QR on the terminal's screen, and with SBP that the terminal runs itself. */
import type { TerminalRequest } from '@kkm/core';
import type { Scenario } from './conformance-findings';
import { amountMinor, connected, Findings, linkTest, saleRequest } from './conformance-findings';
import type { ConformanceSubject, Run, RunOptions } from './conformance-lab';
import { Lab } from './conformance-lab';

const displaySeconds = 20;

/** A lab whose bank has made a QR of the suite's amount, and the request to show it. */
async function withQr(subject: ConformanceSubject, changes: Parameters<Lab['behave']>[0]) {
  const lab = new Lab(subject);
  const findings = new Findings();
  lab.behave(changes);
  const made = lab.sbpBank.register({ merchantId: 'MA0001', order: 'attempt-1', amountMinor, expiresAtMs: lab.nowMs + 180_000 });
  const payload = made.done ? made.value.payload : '';
  const show: TerminalRequest = { kind: 'show-qr', payload, header: 'КАФЕ', footer: '150.00', seconds: displaySeconds };
  return { lab, findings, conversation: await connected(lab), show };
}

/** How a display ended. */
function endOf({ answer }: Run): string {
  return answer.kind === 'qr-shown' ? (answer.how ?? 'untold') : answer.kind;
}

/** What a display under a fault ends like, how often the guest pays, and whether the terminal is of use afterwards. */
interface DisplayCase extends Partial<RunOptions> {
  readonly under: Parameters<Lab['behave']>[0];
  readonly want: string;
  readonly paid: 0 | 1;
  /** The display is over by then, milliseconds. */
  readonly withinMs?: number;
}

function display(name: string, { under, want, paid, withinMs = displaySeconds * 1_000 + 5_000, ...options }: DisplayCase): Scenario {
  return {
    name,
    run: async (subject) => {
      const { lab, findings, conversation, show } = await withQr(subject, under);
      const beganMs = lab.nowMs;
      const run = await lab.run(conversation, show, options);
      findings.expect(endOf(run) === want, `the display is ${endOf(run)} instead of ${want}`);
      findings.expect(lab.nowMs - beganMs <= withinMs, 'the display ended too late');
      findings.expect(run.asked === 0 && run.sent === 0 && run.stored.length === 0, 'a display was taken for money');
      findings.expect(lab.bank.transactions().length === paid, `the guest paid ${lab.bank.transactions().length} times`);
      if (want === 'unknown') return findings.list;
      findings.wants(await lab.run(conversation, linkTest), 'link');
      findings.expect(lab.terminal.isFree && lab.terminal.screen.state !== 'qr', 'the terminal is not free');
      return findings.list;
    },
  };
}

const repeated: Scenario = {
  name: 'shows a code again and again, and the guest pays once',
  run: async (subject) => {
    const { lab, findings, conversation, show } = await withQr(subject, {});
    for (let round = 0; round < 3; round += 1) findings.expect(endOf(await lab.run(conversation, show)) === 'ended', 'a display was not shown to its end');
    findings.expect(lab.bank.transactions().length === 1, `the guest paid ${lab.bank.transactions().length} times`);
    const { answer } = await lab.run(conversation, { kind: 'report' });
    findings.expect(answer.kind === 'report' && answer.operations?.length === 0, 'the terminal reports a payment it knows nothing of');
    return findings.list;
  },
};

const repeatedAnswer: Scenario = {
  name: 'does not take the repeated end of a display for the next one',
  run: async (subject) => {
    const { lab, findings, conversation, show } = await withQr(subject, { auto: 'none', faults: ['duplicate_result'] });
    findings.expect(endOf(await lab.run(conversation, show)) === 'ended', 'the first display did not end');
    lab.behave({ auto: 'decline', delayMs: 1_000 });
    findings.expect(endOf(await lab.run(conversation, show)) === 'cancelled', 'the second display is not the guest’s to end');
    findings.wants(await lab.run(conversation, saleRequest('attempt-2')), 'declined');
    return findings.list;
  },
};

const displays: readonly Scenario[] = [
  display('shows a code to the end of its time', { under: {}, want: 'ended', paid: 1 }),
  display('tells the guest’s cancel key', { under: { auto: 'decline' }, want: 'cancelled', paid: 0, withinMs: 5_000 }),
  display('tells a terminal that does not show codes', { under: { faults: ['unknown_status'] }, want: 'refused', paid: 0, withinMs: 5_000 }),
  display('takes a code off at once', { under: { auto: 'none' }, want: 'ended', paid: 0, abortAfterMs: 2_000, withinMs: 3_000 }),
  display('shows a code whose frame was refused once', { under: { faults: ['nak_once'] }, want: 'ended', paid: 1 }),
  display('asks for a damaged end of a display again', { under: { faults: ['bad_crc_once'] }, want: 'ended', paid: 1 }),
  display('knows nothing of a display whose link was cut', { under: { faults: ['drop_after_ack'] }, want: 'unknown', paid: 0 }),
  display('knows nothing of a display whose end was cut', { under: { faults: ['drop_mid_result'] }, want: 'unknown', paid: 1 }),
  repeated,
  repeatedAnswer,
];

/** One sale by the terminal's own SBP, and how it ends. */
function ownSbp(name: string, { under, want }: { readonly under: Parameters<Lab['behave']>[0]; readonly want: string }): Scenario {
  return {
    name,
    run: async ({ sbpProfile, ...subject }) => {
      if (!sbpProfile) return [];
      const lab = new Lab({ ...subject, profile: sbpProfile });
      const findings = new Findings();
      lab.behave(under);
      const conversation = await connected(lab);
      const run = await lab.run(conversation, { kind: 'sale', reference: 'attempt-1', amountMinor, currency: 'RUB', sbp: true });
      findings.wants(run, want);
      findings.expect(run.sent === 1 && run.asked === 1, `the sale was sent ${run.sent} times`);
      await lab.wait(600_000);
      findings.judge(lab, run);
      if (want === 'approved')
        findings.expect(run.answer.kind === 'outcome' && run.answer.outcome.facts.card?.entryMode === 'qr', 'it is not told that a QR was paid');
      if (want !== 'unknown') return findings.list;
      conversation.close();
      const again = await connected(lab);
      findings.wants(await lab.run(again, linkTest), 'link');
      const { answer } = await lab.run(again, { kind: 'last-result' });
      const found = answer.kind === 'last-result' ? answer.found : null;
      findings.expect(found?.approved === true && found.operation === 'sale' && found.rrn === lab.bank.transactions()[0]?.rrn, 'the lost charge is not found');
      return findings.list;
    },
  };
}

/** The whole of it. */
export const qrScenarios: readonly Scenario[] = [
  ...displays,
  ownSbp('takes a sale by the terminal’s own SBP', { under: {}, want: 'approved' }),
  ownSbp('takes a guest who cancels the terminal’s own SBP', { under: { auto: 'decline' }, want: 'cancelled' }),
  ownSbp('takes the end of the terminal’s own wait for a scan', { under: { auto: 'none' }, want: 'cancelled' }),
  ownSbp('finds a lost sale by SBP (plain)', { under: { faults: ['drop_after_approval'], personality: 'plain' }, want: 'unknown' }),
  ownSbp('finds a lost sale by SBP (fields)', { under: { faults: ['drop_mid_result'], personality: 'fields' }, want: 'unknown' }),
];
