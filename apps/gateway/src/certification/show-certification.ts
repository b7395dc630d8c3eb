import type { Certification, ComparedCertification } from '@kkm/contracts';
import { methodOf } from '@kkm/flow/gateway';
import type { CertificationRecord, CertificationStage } from '@kkm/flow/gateway';

/** A certification as the contract shows it. */
export function showCertification(record: CertificationRecord): Certification {
  const { id, siteId, terminalId, plan, askedBy, startedAt, finishedAt, state, stopping, refusal, stage, outcome } = record;
  return {
    ...{ id, siteId, terminalId, state, ...plan, methods: [...plan.methods], askedBy, startedAt, finishedAt, stopping, refusal },
    step: stepOf(stage),
    prompt: promptOf(record),
    results: [...record.results],
    grade: outcome?.graded?.grade ?? null,
    because: [...(outcome?.graded?.because ?? [])],
    figures: outcome && { ...outcome.figures, failures: [...outcome.figures.failures] },
    money: outcome && { ...outcome.money, notReturned: [...outcome.money.notReturned] },
  };
}

/** A certification beside the terminal's earlier graded ones. */
export function compareCertification(record: CertificationRecord, earlier: readonly CertificationRecord[]): ComparedCertification {
  const shown = earlier.map(showCertification).flatMap(({ id, link, grade, startedAt, figures }) => {
    const { approvalMs = null, readFailureRate = null } = figures ?? {};
    return grade ? [{ id, link, grade, startedAt, approvalMs, readFailureRate }] : [];
  });
  return { ...showCertification(record), earlier: shown };
}

function stepOf(stage: CertificationStage): Certification['step'] {
  switch (stage.kind) {
    case 'payment':
      return stage.chargedSinceMs === null ? 'payment' : 'voiding';
    case 'reconnect':
      return 'reconnecting';
    case 'prompt':
    case 'ended':
      return stage.kind;
  }
}

/** Whether a guest is asked for the terminal's screen says, too; nobody has to answer that. */
function promptOf({ stage, plan }: CertificationRecord): Certification['prompt'] {
  if (stage.kind === 'prompt') return { number: stage.number, kind: stage.prompt };
  if (stage.kind !== 'payment' || stage.paymentId === null || stage.chargedSinceMs !== null || stage.doubtSinceMs !== null) return null;
  return { number: null, kind: methodOf(plan, stage.number) === 'card' ? 'tap_card' : 'scan_qr' };
}
