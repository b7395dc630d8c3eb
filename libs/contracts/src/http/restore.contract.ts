import { afterRestoreStates } from '@kkm/core';
import type { RestoreOverview } from '@kkm/core';
import { z } from 'zod';
import { equipmentId, limits, line, opaqueId, timestamp } from '../fields';

const rrn = z.string().min(1).max(64);
const evidence = line(limits.evidenceLength).describe('How it is known: the slip, the bank’s list, who said so. Kept.');

/** What a restore left to do. */
export const restoreOverviewSchema = z.object({
  restoredAt: timestamp.nullable().describe('Null: the books were never restored.'),
  backedUpAt: timestamp.nullable().describe('What happened since then is what the books may miss.'),
  terminals: z
    .array(
      z.object({
        siteId: equipmentId,
        terminalId: equipmentId,
        state: z.enum(afterRestoreStates).describe('Nothing is charged at a terminal that is `unasked` or `held`.'),
        askedAt: timestamp.nullable(),
      }),
    )
    .readonly(),
  charges: z
    .array(
      z.object({
        siteId: equipmentId,
        terminalId: equipmentId,
        rrn,
        operation: z.string().nullable(),
        amount: z.int().nullable().describe('Nothing of this amount is done at the terminal until the charge is assigned; null: nothing at all.'),
        terminalTime: z.string().nullable(),
        foundAt: timestamp,
      }),
    )
    .readonly(),
}) satisfies z.ZodType<RestoreOverview>;

/** Body of `POST /v1/restore/terminals/{siteId}/{terminalId}/release`. */
export const releaseTerminalBody = z.strictObject({ evidence });

/** Body of `POST /v1/restore/charges/assign`. */
export const assignChargeBody = z.strictObject({
  siteId: equipmentId,
  terminalId: equipmentId,
  rrn,
  paymentId: opaqueId.nullable().describe('The payment whose newest attempt it was; null: none of ours.'),
  evidence,
});
