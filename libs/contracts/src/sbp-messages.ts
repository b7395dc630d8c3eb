import { guestSwitches, qrDisplays, qrWindowSeconds, sbpBankNames } from '@kkm/core';
import type { QrRequest, SbpNotificationRequest, SbpWay, SetSbpAccountRequest } from '@kkm/core';
import { z } from 'zod';
import { drawnId, equipmentId, limits, line, opaqueId } from './fields';
import type { LedgerCalls } from './rpc';

/** How SBP is paid at a terminal. */
export const sbpWay = z.discriminatedUnion('by', [
  z.object({
    by: z.literal('bank_qr'),
    windowSeconds: z.int().min(qrWindowSeconds.min).max(qrWindowSeconds.max),
    guestSwitch: z.enum(guestSwitches).optional(),
  }),
  z.object({ by: z.enum(['terminal', 'none']) }),
]) satisfies z.ZodType<SbpWay>;

/** Request of `worker.qr`. */
export const qrRequest = z.object({
  workerId: drawnId,
  siteId: equipmentId,
  terminalId: equipmentId,
  attemptId: opaqueId,
  nonce: drawnId,
  display: z.enum(qrDisplays),
}) satisfies z.ZodType<QrRequest>;

/** Request of `sbp.notified`. */
export const sbpNotificationRequest = z.object({
  bank: z.enum(sbpBankNames),
  siteId: equipmentId,
  headers: z.record(z.string().max(128), z.string().max(4_096)),
  body: z.string().max(65_536),
}) satisfies z.ZodType<SbpNotificationRequest>;

/** Request of `sbp.account`. */
export const sbpAccountRequest = z.object({ siteId: equipmentId }) satisfies z.ZodType<LedgerCalls['sbp.account']['request']>;

/** Request of `sbp.set-account`. */
export const setSbpAccountRequest = z.object({
  siteId: equipmentId,
  bank: z.enum(sbpBankNames),
  baseUrl: z.url({ protocol: /^https?$/ }).max(500),
  merchantId: line(64),
  sealedSecret: z
    .string()
    .regex(/^[A-Za-z0-9_-]{64,4096}$/)
    .nullable(),
  by: line(limits.nameLength),
}) satisfies z.ZodType<SetSbpAccountRequest>;
