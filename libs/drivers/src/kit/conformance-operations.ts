import type { TerminalAnswer, TerminalRequest } from '@kkm/core';
import type { Scenario } from './conformance-findings';
import { amountMinor, connected, Findings, linkTest, saleRequest } from './conformance-findings';
import type { ConformanceSubject } from './conformance-lab';
import { Lab } from './conformance-lab';

const asked = { reference: 'attempt-2', amountMinor, currency: 'RUB' } as const;

/** One approved sale, and the conversation it was made on. */
async function sold(subject: ConformanceSubject) {
  const lab = new Lab(subject);
  const findings = new Findings();
  const conversation = await connected(lab);
  findings.wants(await lab.run(conversation, saleRequest('attempt-1')), 'approved');
  const rrn = lab.bank.transactions()[0]?.rrn ?? '';
  return { lab, findings, conversation, original: { rrn, authorisationCode: null } };
}

/** A return behind a sale: what it answers, how often it is sent, and what the bank books. */
function returning(
  name: string,
  request: (original: { readonly rrn: string; readonly authorisationCode: string | null }) => TerminalRequest,
  booked: number,
): Scenario {
  return {
    name,
    run: async (subject) => {
      const { lab, findings, conversation, original } = await sold(subject);
      const run = await lab.run(conversation, request(original));
      findings.wants(run, 'approved');
      findings.expect(run.sent === 1 && run.asked === 1, `it was sent ${run.sent} times`);
      findings.expect(!run.acknowledgedEarly && run.stored.length === 1, 'it was not stored before it was acknowledged');
      const [, row] = lab.bank.transactions();
      findings.expect(row?.kind === request(original).kind && row.amount === booked, 'the bank booked something else');
      return findings.list;
    },
  };
}

const ambiguousReversal: Scenario = {
  name: 'believes no answer to an auto-reversal but its approval',
  run: async (subject) => {
    const { lab, findings, conversation } = await sold(subject);
    lab.behave({ reversal: 'er3' });
    findings.wants(await lab.run(conversation, { kind: 'reversal', ...asked }), 'unknown');
    return findings.list;
  },
};

const refusedReturn: Scenario = {
  name: 'takes a refused return for a refusal',
  run: async (subject) => {
    const { lab, findings, conversation, original } = await sold(subject);
    const tooMuch = await lab.run(conversation, { kind: 'refund', ...asked, amountMinor: amountMinor + 1, original });
    findings.wants(tooMuch, 'declined');
    findings.expect(lab.bank.transactions().length === 1, 'more was returned than charged');
    return findings.list;
  },
};

const settlement: Scenario = {
  name: 'reads an empty report behind a settlement as empty, and a day before it as full',
  run: async (subject) => {
    const { lab, findings, conversation } = await sold(subject);
    const operations = async (): Promise<number | null> => {
      const { answer } = await lab.run(conversation, { kind: 'report' });
      return answer.kind === 'report' ? (answer.operations?.length ?? null) : null;
    };
    findings.expect((await operations()) === 1, 'the day is misread');
    const settled = await lab.run(conversation, { kind: 'settle' });
    findings.expect(settled.answer.kind === 'settled' && settled.answer.ok && !settled.acknowledgedEarly, 'the settlement failed');
    findings.expect((await operations()) === 0, 'the empty day is misread');
    return findings.list;
  },
};

const harmless: Scenario = {
  name: 'asks for no permit where no money moves',
  run: async (subject) => {
    const lab = new Lab(subject);
    const findings = new Findings();
    const conversation = await connected(lab);
    const requests: readonly (readonly [TerminalRequest, TerminalAnswer['kind']])[] = [
      [linkTest, 'link'],
      [{ kind: 'last-result' }, 'last-result'],
      [{ kind: 'report' }, 'report'],
      [{ kind: 'report', short: true }, 'report'],
      [{ kind: 'show-qr', payload: 'https://qr.nspk.ru/AS10001', header: 'КАФЕ', footer: '150.00', seconds: 5 }, 'qr-shown'],
      [{ kind: 'settle' }, 'settled'],
    ];
    for (const [request, kind] of requests) {
      const run = await lab.run(conversation, request, { maySend: () => false });
      findings.wants(run, kind);
      findings.expect(run.asked === 0 && run.sent === 0, `${kind} asked for a permit`);
    }
    return findings.list;
  },
};

/** What drivers do besides sales. */
export const otherOperations: readonly Scenario[] = [
  returning('voids a sale', (original) => ({ kind: 'void', ...asked, original }), amountMinor),
  returning('refunds a part of a sale', (original) => ({ kind: 'refund', ...asked, amountMinor: 4_000, original }), 4_000),
  returning('reverses the last sale', () => ({ kind: 'reversal', ...asked }), amountMinor),
  ambiguousReversal,
  refusedReturn,
  settlement,
  harmless,
];
