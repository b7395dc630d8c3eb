import { moneyPaths, operations } from '@kkm/core';
import { z } from 'zod';
import { amount, currency, equipmentId, limits, method, opaqueId, timestamp } from './fields';

/** Body of a message in a terminal's queue. Its attempt, not the message, is what the ledger gives a permit for. */
export const paymentCommand = z.strictObject({
  attemptId: opaqueId,
  paymentId: opaqueId,
  siteId: equipmentId,
  terminalId: equipmentId,
  operation: z.enum(operations),
  method,
  moneyPath: z.enum(moneyPaths).optional(),
  amount,
  currency,
  expiresAt: timestamp,
  original: z.strictObject({ attemptId: opaqueId, rrn: z.string().min(1).max(64), authorisationCode: z.string().min(1).max(64).nullable() }).nullable(),
});

/** Body of a message in a terminal's control queue. */
export const controlHint = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('cancel'), attemptId: opaqueId }),
  z.strictObject({ kind: z.literal('settings-changed'), revision: z.int().min(0) }),
  z.strictObject({ kind: z.literal('qr-changed'), attemptId: opaqueId }),
  z.strictObject({ kind: z.literal('recover'), command: paymentCommand }),
]);

/** One terminal as its workers get it. The profile is checked by the driver that it is for. */
export const terminalSettings = z.strictObject({
  terminalId: equipmentId,
  siteId: equipmentId,
  name: z.string().max(limits.nameLength),
  driver: z.string().min(1).max(64),
  transport: z.strictObject({
    kind: z.literal('tcp'),
    mode: z.enum(['connect', 'listen']),
    host: z.string().min(1).max(255),
    port: z.int().min(1).max(65_535),
  }),
  profile: z.record(z.string(), z.unknown()),
  readAttemptsMax: z.int().min(1).max(limits.readAttempts.max),
  enabled: z.boolean(),
  revision: z.int().min(0),
});

/** What `equipment.of-site` answers. */
export const siteEquipment = z.strictObject({ revision: z.int().min(0), terminals: z.array(terminalSettings).max(10_000).nullable() });
