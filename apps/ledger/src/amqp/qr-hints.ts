import { exchanges } from '@kkm/contracts';
import type { ControlHint } from '@kkm/core';
import type { QrHints } from '@kkm/flow/ledger';
import type { Broker } from '@kkm/messaging';

/** A worker asks by itself sooner than this. */
const expiresMs = 5_000;

/** Hints that what is to be shown has changed; gone when nobody takes them in time. */
export function qrHints(broker: Broker): QrHints {
  return {
    changed: ({ siteId, terminalId, attemptId }) => {
      const body: ControlHint = { kind: 'qr-changed', attemptId };
      broker.hint({ exchange: exchanges.control, routingKey: `${siteId}.${terminalId}`, body, expiresMs });
    },
  };
}
