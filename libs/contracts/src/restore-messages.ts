import type { AssignChargeRequest, ReleaseTerminalRequest } from '@kkm/core';
import { z } from 'zod';
import { equipmentId, line, limits, opaqueId } from './fields';

const evidence = line(limits.evidenceLength);
const by = z.string().min(1).max(200);

/** Request of `restore.release`. */
export const releaseTerminalRequest = z.object({ siteId: equipmentId, terminalId: equipmentId, evidence, by }) satisfies z.ZodType<ReleaseTerminalRequest>;

/** Request of `restore.assign`. */
export const assignChargeRequest = z.object({
  siteId: equipmentId,
  terminalId: equipmentId,
  rrn: z.string().min(1).max(64),
  paymentId: opaqueId.nullable(),
  evidence,
  by,
}) satisfies z.ZodType<AssignChargeRequest>;
