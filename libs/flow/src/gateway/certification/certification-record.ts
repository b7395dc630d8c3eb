import { certificationFigures, gradeOf, testMoney } from '@kkm/core';
import type { CertificationFigures, CertificationPlan, CertificationPrompt, Graded, Payment, TestMoney, TestResult } from '@kkm/core';

/** What a certification waits for, or does next. Times are milliseconds of the gateway's clock. */
export type CertificationStage =
  | {
      readonly kind: 'payment';
      readonly number: number;
      /** Null: not opened yet. */
      readonly paymentId: string | null;
      readonly sinceMs: number;
      /** Since when it is charged; null: it is not. */
      readonly chargedSinceMs: number | null;
      /** Since when one of its attempts is in doubt; null: none is. */
      readonly doubtSinceMs: number | null;
    }
  | { readonly kind: 'prompt'; readonly number: number; readonly prompt: PersonsPrompt }
  | { readonly kind: 'reconnect'; readonly after: 'cable' | 'restart'; readonly sinceMs: number; readonly tries: number }
  | { readonly kind: 'ended' };

/** What a person says that he did. */
export type PersonsPrompt = Exclude<CertificationPrompt, 'tap_card' | 'scan_qr'>;

type PaymentStage = Extract<CertificationStage, { kind: 'payment' }>;

/** A certification as it is kept. `version` grows with every change: whoever decided on an older one decides anew. */
export interface CertificationRecord {
  readonly id: string;
  readonly siteId: string;
  readonly terminalId: string;
  readonly plan: CertificationPlan;
  readonly askedBy: string;
  readonly startedAt: string;
  readonly finishedAt: string | null;
  readonly state: 'running' | 'done' | 'stopped';
  /** Somebody asked for its end, or it cannot go on: what runs is brought to rest, and nothing new begins. */
  readonly stopping: boolean;
  /** The code by which a test payment was refused; null: none was. */
  readonly refusal: string | null;
  readonly stage: CertificationStage;
  readonly results: readonly TestResult[];
  readonly reconnects: Pick<CertificationFigures, 'cableReconnectMs' | 'restartReconnectMs'>;
  /** From its end on. Without a grade when it did not do all that was planned. */
  readonly outcome: { readonly graded: Graded | null; readonly figures: CertificationFigures; readonly money: TestMoney } | null;
  readonly version: number;
}

/** How long a certification waits before it goes on without an answer, milliseconds. */
export const certificationTimes = {
  /** For the outcome of a payment in doubt. The terminal is locked so long, and the run ends. */
  doubtMs: 300_000,
  /** For a charge to be given back, doubts of that not counted. */
  returnMs: 120_000,
  /** For the terminal to answer after its cable was pulled, or after it was started anew. */
  reconnectMs: 300_000,
} as const;

const prompts: Readonly<Record<PersonsPrompt, number>> = { pull_cable: 1, plug_cable: 2, restart_terminal: 3 };

/** A certification that begins now with its first payment. */
export function beginCertification(asked: Pick<CertificationRecord, 'id' | 'siteId' | 'terminalId' | 'plan' | 'askedBy'>, nowMs: number): CertificationRecord {
  return {
    ...asked,
    startedAt: new Date(nowMs).toISOString(),
    finishedAt: null,
    state: 'running',
    stopping: false,
    refusal: null,
    stage: paymentStage(1, nowMs),
    results: [],
    reconnects: { cableReconnectMs: null, restartReconnectMs: null },
    outcome: null,
    version: 1,
  };
}

/** How the guest of that test payment pays: the planned methods in turns. */
export function methodOf({ methods }: CertificationPlan, number: number): 'card' | 'sbp_qr' {
  return methods[(number - 1) % methods.length] ?? 'card';
}

/** The record once the payment of its stage was looked at. */
export function afterPayment(record: CertificationRecord, payment: Payment, nowMs: number): CertificationRecord {
  const { stage } = record;
  if (stage.kind !== 'payment') return record;
  const seen = look(stage, payment, nowMs);
  const isLost = seen.doubtSinceMs !== null && nowMs - seen.doubtSinceMs >= certificationTimes.doubtMs;
  if (!isLost && !isAtRest(seen, payment, nowMs)) return { ...record, stage: seen };
  const result = resultOf(payment, { number: seen.number, method: methodOf(record.plan, seen.number), doubtMs: doubtOf(payment, nowMs) });
  return nextStage({ ...record, results: [...record.results, result], stopping: record.stopping || isLost }, nowMs);
}

function look(stage: PaymentStage, { attempts, chargedAmount }: Payment, nowMs: number): PaymentStage {
  const inDoubt = attempts.some(({ status }) => status === 'unknown');
  const chargedSinceMs = chargedAmount > 0 ? (stage.chargedSinceMs ?? nowMs) : null;
  if (inDoubt) return { ...stage, chargedSinceMs, doubtSinceMs: stage.doubtSinceMs ?? nowMs };
  if (stage.doubtSinceMs === null) return { ...stage, chargedSinceMs };
  // The time for giving back begins anew once the terminal is free again.
  return { ...stage, chargedSinceMs: chargedAmount > 0 ? nowMs : null, doubtSinceMs: null };
}

/** For how long its attempts were in doubt, by the ledger's notes: a doubt may come and go between two looks. Null: none was. */
function doubtOf({ attempts }: Payment, nowMs: number): number | null {
  const doubts = attempts.flatMap(({ doubtedAt, finishedAt }) =>
    doubtedAt === null ? [] : [Math.max(0, (finishedAt === null ? nowMs : Date.parse(finishedAt)) - Date.parse(doubtedAt))],
  );
  return doubts.length === 0 ? null : doubts.reduce((sum, one) => sum + one, 0);
}

/** Whether nothing more is to be waited for: uncharged for good, or charged and given back, or given up. */
function isAtRest({ chargedSinceMs }: PaymentStage, { status, chargedAmount, refundedAmount, surfaced }: Payment, nowMs: number): boolean {
  if (status === 'pending' || status === 'in_progress' || status === 'in_doubt') return false;
  if (chargedAmount > refundedAmount) return chargedSinceMs !== null && nowMs - chargedSinceMs >= certificationTimes.returnMs;
  return surfaced.every(({ disposition }) => disposition !== 'undecided');
}

function resultOf(payment: Payment, about: Pick<TestResult, 'number' | 'method' | 'doubtMs'>): TestResult {
  const sales = payment.attempts.filter(({ operation }) => operation === 'sale');
  const sale = sales.find(({ status }) => status === 'approved') ?? sales.at(-1);
  const isTimed = sale?.status === 'approved' && sale.grantedAt !== null && sale.finishedAt !== null;
  return {
    ...about,
    paymentId: payment.id,
    status: payment.status,
    // Nobody came for it: no worker reaches the terminal.
    reason: sale?.reason ?? (sale?.status === 'expired' ? 'terminal_unreachable' : null),
    approvalMs: isTimed ? Date.parse(sale.finishedAt ?? '') - Date.parse(sale.grantedAt ?? '') : null,
    readFailures: payment.attempts.reduce((sum, { readFailures }) => sum + readFailures, 0),
    charged: payment.chargedAmount,
    refunded: payment.refundedAmount,
  };
}

/** The record after the terminal was asked whether it answers: `answeredAtMs` when it did, null when it did not. */
export function afterLinkTest(record: CertificationRecord, answeredAtMs: number | null, nowMs: number): CertificationRecord {
  const { stage } = record;
  if (stage.kind !== 'reconnect') return record;
  const isOver = nowMs - stage.sinceMs >= certificationTimes.reconnectMs;
  if (answeredAtMs === null && !isOver) return { ...record, stage: { ...stage, tries: stage.tries + 1 } };
  const took = answeredAtMs === null ? 'never' : Math.max(0, answeredAtMs - stage.sinceMs);
  const reconnects = { ...record.reconnects, [stage.after === 'cable' ? 'cableReconnectMs' : 'restartReconnectMs']: took };
  return nextStage({ ...record, reconnects, stopping: record.stopping || took === 'never' }, nowMs);
}

/** The record after a person did what prompt `number` asks; null when that is not asked now. */
export function afterPrompt(record: CertificationRecord, number: number, nowMs: number): CertificationRecord | null {
  const { stage } = record;
  if (stage.kind !== 'prompt' || stage.number !== number) return null;
  switch (stage.prompt) {
    case 'pull_cable':
      return { ...record, stage: promptStage('plug_cable') };
    case 'plug_cable':
      return { ...record, stage: { kind: 'reconnect', after: 'cable', sinceMs: nowMs, tries: 1 } };
    case 'restart_terminal':
      return { ...record, stage: { kind: 'reconnect', after: 'restart', sinceMs: nowMs, tries: 1 } };
  }
}

/** The record once it is to end: at once, unless a payment must come to rest first. One that may just be opening is such a payment, too. */
export function stopping(record: CertificationRecord): CertificationRecord {
  return { ...record, stopping: true, stage: record.stage.kind === 'payment' ? record.stage : { kind: 'ended' } };
}

/** The record with its end: what the ledger says of each payment now is what counts. */
export function finish(record: CertificationRecord, payments: readonly Payment[], nowMs: number): CertificationRecord {
  const results = record.results.map((result) => {
    const payment = payments.find(({ id }) => id === result.paymentId);
    return payment ? { ...result, status: payment.status, charged: payment.chargedAmount, refunded: payment.refundedAmount } : result;
  });
  const figures = certificationFigures(results, record.reconnects);
  const money = testMoney(results);
  const isWhole = results.length === record.plan.payments;
  // A terminal that stays silent, or whose outcome stays unknown, has failed; one whose test was called off has not.
  const isJudged = !record.stopping || figures.inDoubt.open > 0 || Object.values(record.reconnects).includes('never');
  const graded = isJudged && (isWhole || figures.inDoubt.open > 0) ? gradeOf(figures, money) : null;
  return {
    ...record,
    results,
    state: graded ? 'done' : 'stopped',
    finishedAt: new Date(nowMs).toISOString(),
    stage: { kind: 'ended' },
    outcome: { graded, figures, money },
  };
}

function nextStage(record: CertificationRecord, nowMs: number): CertificationRecord {
  return { ...record, stage: stageAfter(record, nowMs) };
}

function stageAfter({ stopping: isStopping, results, plan, reconnects }: CertificationRecord, nowMs: number): CertificationStage {
  if (isStopping) return { kind: 'ended' };
  if (results.length < plan.payments) return paymentStage(results.length + 1, nowMs);
  if (plan.cablePull && reconnects.cableReconnectMs === null) return promptStage('pull_cable');
  if (plan.restart && reconnects.restartReconnectMs === null) return promptStage('restart_terminal');
  return { kind: 'ended' };
}

function paymentStage(number: number, nowMs: number): PaymentStage {
  return { kind: 'payment', number, paymentId: null, sinceMs: nowMs, chargedSinceMs: null, doubtSinceMs: null };
}

function promptStage(prompt: PersonsPrompt): CertificationStage {
  return { kind: 'prompt', number: prompts[prompt], prompt };
}
