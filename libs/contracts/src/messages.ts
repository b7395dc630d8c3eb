import { z } from 'zod';
import { equipmentId, limits, line, opaqueId, orderId } from './fields';
import { cancelPaymentBody, openPaymentBody, redoPaymentBody, refundPaymentBody } from './http/payments.contract';
import type { SiteEquipmentRequest } from './rpc';

/** Types of the messages a caller may publish to `kkm.ingress`, with the routing key's end that belongs to each. */
export const ingressTypes = {
  'icafecloud.payment.requested.v1': 'payment.requested',
  'icafecloud.redo.requested.v1': 'redo.requested',
  'icafecloud.cancel.requested.v1': 'cancel.requested',
  'icafecloud.refund.requested.v1': 'refund.requested',
} as const;
/** One of {@link ingressTypes}. */
export type IngressType = keyof typeof ingressTypes;

/** The attributes every message must have (CloudEvents 1.0.2). Further attributes are allowed, as the specification says. */
export const ingressEnvelope = z.looseObject({
  specversion: z.literal('1.0'),
  id: line(limits.idempotencyKeyLength).describe('The idempotency key.'),
  source: z.string().min(1).max(500),
  type: z.enum(Object.keys(ingressTypes) as [IngressType, ...IngressType[]]),
  data: z.unknown(),
});

/** Names the payment: by its id, or by site and order (the newest payment of the order). */
const paymentName = { paymentId: opaqueId.optional(), siteId: equipmentId.optional(), orderId: orderId.optional() };

/** Whether a message names its payment in one of the two ways. */
function namesPayment(data: { readonly paymentId?: string | undefined; readonly siteId?: string | undefined; readonly orderId?: string | undefined }): boolean {
  return data.paymentId !== undefined ? data.orderId === undefined : data.siteId !== undefined && data.orderId !== undefined;
}
const naming = 'must hold paymentId, or siteId and orderId';

/** `data` of `icafecloud.payment.requested.v1`. */
export const paymentRequested = openPaymentBody;
/** `data` of `icafecloud.redo.requested.v1`. */
export const redoRequested = z.strictObject({ ...redoPaymentBody.shape, ...paymentName }).refine(namesPayment, naming);
/** `data` of `icafecloud.cancel.requested.v1`. */
export const cancelRequested = z.strictObject({ ...cancelPaymentBody.shape, ...paymentName }).refine(namesPayment, naming);
/** `data` of `icafecloud.refund.requested.v1`. */
export const refundRequested = z.strictObject({ ...refundPaymentBody.shape, ...paymentName }).refine(namesPayment, naming);

/** Request of `equipment.of-site`. */
export const siteEquipmentRequest = z.object({
  siteId: equipmentId,
  knownRevision: z.int().min(0).nullable(),
  linkTests: z.boolean().default(false),
}) satisfies z.ZodType<SiteEquipmentRequest>;
