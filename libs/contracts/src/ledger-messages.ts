import {
  currencies,
  entryModes,
  equipmentIdPattern,
  evidenceKinds,
  evidenceLimits,
  healthBuckets,
  lateApprovals,
  makeEvidence,
  methods,
  operations,
  outcomeReasons,
  paymentStatuses,
  reportOperationsMax,
} from '@kkm/core';
import type {
  AttemptResult,
  BankFacts,
  BaselineRequest,
  CancelPaymentRequest,
  ClosePaymentRequest,
  EndBaselineRequest,
  HealthRequest,
  HeartbeatRequest,
  KnowledgeRequest,
  LeaseRequest,
  ListPaymentsRequest,
  OpenPaymentRequest,
  PermitRequest,
  ReadEventsRequest,
  ReadPaymentRequest,
  RedoPaymentRequest,
  RefundPaymentRequest,
  RejectRequestRequest,
  ReplayRequest,
  ResolvePaymentRequest,
  SwitchPaymentRequest,
  VerdictRequest,
} from '@kkm/core';
import { z } from 'zod';
import { amount, bankReference, cursor, drawnId, equipmentId, limits, line, lines, metadata, opaqueId, orderId, purpose, told } from './fields';
import { toldBankIdentity } from './http/bank-identity.contract';
import type { LedgerCalls } from './rpc';
import { sbpWay } from './sbp-messages';

const siteScope = z.array(equipmentId).max(10_000).nullable();
const idempotency = z.object({ key: line(limits.idempotencyKeyLength), fingerprint: z.string().regex(/^[0-9a-f]{64}$/) });
const expiresInSeconds = z.int().min(limits.expiresInSeconds.min).max(limits.expiresInSeconds.max);
const time = z.iso.datetime({ offset: true });

/** Request of `payments.open`. */
export const openPaymentRequest = z.object({
  idempotency,
  siteId: equipmentId,
  orderId,
  registerId: equipmentId.nullable(),
  terminalId: equipmentId,
  amount,
  currency: z.enum(currencies),
  method: z.enum(methods),
  expiresInSeconds,
  sbp: sbpWay.optional(),
  bank: toldBankIdentity.nullable().optional(),
  additional: z.boolean(),
  lateApproval: z.enum(lateApprovals),
  purpose: purpose.optional(),
  metadata,
}) satisfies z.ZodType<OpenPaymentRequest, unknown>;

/** Request of `payments.redo`. */
export const redoPaymentRequest = z.object({
  idempotency,
  scope: siteScope,
  paymentId: opaqueId,
  method: z.enum(methods).nullable(),
  terminalId: equipmentId.nullable(),
  amount: amount.nullable(),
  expiresInSeconds,
  sbp: sbpWay.optional(),
  bank: toldBankIdentity.nullable().optional(),
}) satisfies z.ZodType<RedoPaymentRequest, unknown>;

/** Request of `payments.refund`. */
export const refundPaymentRequest = z.object({
  idempotency,
  scope: siteScope,
  paymentId: opaqueId,
  amount: amount.nullable(),
  reason: lines(limits.evidenceLength).nullable(),
  by: z.discriminatedUnion('kind', [
    z.object({ kind: z.enum(['api_key', 'user']), id: opaqueId, name: told(limits.nameLength) }),
    z.object({ kind: z.literal('message'), id: told(limits.idempotencyKeyLength), name: told(limits.nameLength) }),
  ]),
}) satisfies z.ZodType<RefundPaymentRequest, unknown>;

/** Request of `payments.switch`. */
export const switchPaymentRequest = z.object({
  scope: siteScope,
  paymentId: opaqueId,
  method: z.enum(['card', 'sbp_qr']),
  sbp: sbpWay,
}) satisfies z.ZodType<SwitchPaymentRequest>;

/** Request of `payments.replay`. */
export const replayRequest = z.object({ siteId: equipmentId, idempotency }) satisfies z.ZodType<ReplayRequest>;

/** Request of `payments.cancel`. */
export const cancelPaymentRequest = z.object({ scope: siteScope, paymentId: opaqueId }) satisfies z.ZodType<CancelPaymentRequest>;

/** Request of `payments.resolve`. */
export const resolvePaymentRequest = z.object({
  scope: siteScope,
  paymentId: opaqueId,
  attemptId: opaqueId.nullable(),
  charged: z.boolean(),
  chargedAmount: amount.nullable(),
  evidence: lines(limits.evidenceLength),
  by: z.object({ kind: z.enum(['api_key', 'user']), id: opaqueId, name: told(limits.nameLength) }),
  idempotency: idempotency.nullable(),
}) satisfies z.ZodType<ResolvePaymentRequest, unknown>;

/** Request of `payments.close`. */
export const closePaymentRequest = z.object({ scope: siteScope, paymentId: opaqueId }) satisfies z.ZodType<ClosePaymentRequest>;

/** Request of `payments.verdict`. */
export const verdictRequest = z.object({ scope: siteScope, paymentId: opaqueId }) satisfies z.ZodType<VerdictRequest>;

/** Request of `payments.read`. */
export const readPaymentRequest = z.object({
  scope: siteScope,
  by: z.union([z.strictObject({ paymentId: opaqueId }), z.strictObject({ siteId: equipmentId, orderId })]),
}) satisfies z.ZodType<ReadPaymentRequest>;

/** Request of `payments.list`. */
export const listPaymentsRequest = z.object({
  scope: siteScope,
  siteId: equipmentId.nullable(),
  orderId: orderId.nullable(),
  status: z.enum(paymentStatuses).nullable(),
  purpose: purpose.nullable().default(null),
  method: z.enum(methods).nullable().default(null),
  settlementAccount: told(64).nullable().default(null),
  rrn: bankReference.nullable().default(null),
  authorisationCode: bankReference.nullable().default(null),
  amount: amount.nullable().default(null),
  from: time.nullable(),
  to: time.nullable(),
  limit: z.int().min(1).max(limits.payments.max),
  cursor: cursor.nullable(),
}) satisfies z.ZodType<ListPaymentsRequest, unknown>;

/** Request of `events.read`. */
export const readEventsRequest = z.object({
  scope: siteScope,
  after: cursor.nullable(),
  limit: z.int().min(1).max(limits.events.max),
}) satisfies z.ZodType<ReadEventsRequest>;

const problem = z
  .object({ code: told(100), title: told(200), status: z.int().min(100).max(599), detail: told(4000).optional() })
  .transform(({ detail, ...rest }) => (detail === undefined ? rest : { ...rest, detail }));

/** Request of `payments.reject`. Ids are as the caller wrote them: what was wrong with the request may be just these. */
export const rejectRequestRequest = z.object({
  rejected: z.object({ siteId: told(255).nullable(), orderId: told(255).nullable(), requestId: told(255), problem }),
}) satisfies z.ZodType<RejectRequestRequest, unknown>;

/** Request of `terminals.standing`. */
export const terminalStandingRequest = z.object({ siteId: equipmentId, terminalId: equipmentId }) satisfies z.ZodType<
  LedgerCalls['terminals.standing']['request']
>;

/** Request of `terminals.health`. */
export const terminalHealthRequest = z.object({
  siteId: equipmentId,
  terminalId: equipmentId,
  from: time,
  to: time,
  bucket: z.enum(healthBuckets),
}) satisfies z.ZodType<HealthRequest>;

/** Request of `worker.lease`. */
export const leaseRequest = z.object({
  workerId: drawnId,
  siteId: equipmentId,
  terminalId: equipmentId,
  predecessors: z.array(drawnId).max(100).optional(),
  upkeep: z.boolean().optional(),
}) satisfies z.ZodType<LeaseRequest>;

const rrn = z.string().min(1).max(64);
const terminalTime = z.string().max(32);

/** Request of `worker.baseline`. */
export const baselineRequest = z.object({
  workerId: drawnId,
  siteId: equipmentId,
  terminalId: equipmentId,
  bankTerminalId: z.string().min(1).max(64),
  serialNumber: z.string().min(1).max(64),
  since: terminalTime.min(1),
  operations: z
    .array(
      z.object({
        rrn,
        operation: z.enum(operations).nullable(),
        amountMinor: z.int().min(0).nullable(),
        terminalTime: terminalTime.nullable(),
      }),
    )
    .max(reportOperationsMax),
}) satisfies z.ZodType<BaselineRequest>;

/** Request of `worker.baseline-ends`. */
export const endBaselineRequest = z.object({ workerId: drawnId, siteId: equipmentId, terminalId: equipmentId }) satisfies z.ZodType<EndBaselineRequest>;

/** Request of `worker.knowledge`. */
export const knowledgeRequest = z.object({
  siteId: equipmentId,
  terminalId: equipmentId,
  attemptId: opaqueId,
  rrns: z.array(rrn).max(reportOperationsMax),
}) satisfies z.ZodType<KnowledgeRequest>;

/** Request of `worker.permit`. */
export const permitRequest = z.object({
  workerId: drawnId,
  siteId: equipmentId,
  terminalId: equipmentId,
  attemptId: opaqueId,
  nonce: drawnId,
  predecessors: z.array(drawnId).max(100).optional(),
  recoverOnly: z.boolean().optional(),
}) satisfies z.ZodType<PermitRequest>;

/** Request of `worker.heartbeat`. */
export const heartbeatRequest = z.object({
  workerId: drawnId,
  siteId: equipmentId,
  terminalIds: z.array(equipmentId).max(5_000),
  linkedTerminalIds: z.array(equipmentId).max(5_000).optional(),
  driving: z.array(z.object({ attemptId: opaqueId, nonce: drawnId })).max(5_000),
  leaving: z.boolean(),
}) satisfies z.ZodType<HeartbeatRequest>;

const card = z.object({ maskedPan: z.string().max(64), scheme: z.string().max(64).nullable(), entryMode: z.enum(entryModes) });

const facts = z.object({
  message: told(500).nullable(),
  hostResponseCode: told(32).nullable(),
  card: card.nullable().catch(null),
  rrn: told(64).nullable(),
  authorisationCode: told(64).nullable(),
  bankTerminalId: told(64).nullable(),
  merchantId: told(64).nullable(),
  slip: told(20_000).nullable(),
  terminalTime: told(32).nullable(),
}) satisfies z.ZodType<BankFacts, unknown>;

const outcome = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('approved'), chargedMinor: z.int().min(0), facts }),
  z.object({ kind: z.enum(['declined', 'cancelled', 'failed', 'unknown']), reason: z.enum(outcomeReasons), facts }),
]);

/** A piece that is malformed is left out: no result may be parked over what merely explains it. */
const evidence = z
  .array(
    z
      .object({ kind: z.enum(evidenceKinds), asked: z.string(), said: z.string(), rrn: z.string().nullable(), at: time })
      .transform(makeEvidence)
      .nullable()
      .catch(null),
  )
  .transform((pieces) => pieces.filter((piece) => piece !== null).slice(0, evidenceLimits.ofResult))
  .catch([]);

/** What arrives on `ledger.results`. */
export const attemptResult = z.object({
  resultId: drawnId,
  attemptId: opaqueId,
  paymentId: opaqueId,
  siteId: z.string().regex(equipmentIdPattern),
  terminalId: z.string().regex(equipmentIdPattern),
  workerId: drawnId,
  nonce: drawnId.nullable(),
  outcome,
  readFailures: z.int().min(0),
  source: z.enum(['answer', 'recovery', 'unpermitted']),
  evidence: evidence.exactOptional(),
  heardOut: z.boolean().exactOptional(),
  at: time,
}) satisfies z.ZodType<AttemptResult, unknown>;
