import type { ConformanceSubject } from '../../kit/conformance-lab';
import { inpasSaDriver } from '../driver';
import { createInpasTerminal, virtualSbpOperation } from '../terminal';

/** The driver and its terminal, as the conformance suite takes them. */
export const inpasSubject: ConformanceSubject = {
  driver: inpasSaDriver,
  profile: {},
  sbpProfile: { sbp: { by: 'terminal', operation: virtualSbpOperation } },
  makeTerminal: ({ bank, sbpBank, now }) =>
    createInpasTerminal({
      identity: { terminalId: 'pax-1', bankTerminalId: '20250001', merchantId: '111111111', serialNumber: 'Q2500000001' },
      bank,
      sbpBank,
      now,
      cardWaitMs: 60_000,
      waitEveryMs: 1_000,
      utcOffsetMinutes: 180,
    }),
};
