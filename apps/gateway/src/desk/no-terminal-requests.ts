import type { TerminalAnswer, TerminalRequests } from '@kkm/flow/kkmserver';

const notSupported = (): Promise<TerminalAnswer> => Promise.resolve({ ok: false, slip: null, reason: 'not_supported' });

/** While workers take no requests outside of payments: every settlement and report is answered as not supported. */
export const noTerminalRequests: TerminalRequests = {
  settle: notSupported,
  report: notSupported,
  settleSite: () => Promise.resolve([]),
};
