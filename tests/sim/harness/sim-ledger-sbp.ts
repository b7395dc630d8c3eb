import { exchanges } from '@kkm/contracts';
import type { LedgerCalls } from '@kkm/contracts';
import { KnownError } from '@kkm/core';
import type { ControlHint, QrAnswer, QrRequest } from '@kkm/core';
import { AskForQr, HearNotification, RefundAtBanks, WatchQrs } from '@kkm/flow/ledger';
import type { LedgerStore, LedgerSurroundings, QrHints, QrPorts, QrStore, SbpBanks } from '@kkm/flow/ledger';
import type { Broker } from '@kkm/messaging';
import type { Defect } from './defects';
import type { SbpAudit } from './sbp-audit';
import type { BankLine } from './sim-sbp-bank';

/** What a ledger has of SBP in a world where it is paid. */
export interface LedgerSbp {
  readonly line: BankLine;
  readonly audit: SbpAudit;
}

/** What the use cases of SBP are made of. */
export interface SbpLedgerParts {
  readonly store: LedgerStore;
  readonly qrs: QrStore;
  readonly banks: SbpBanks;
  readonly around: LedgerSurroundings;
  readonly broker: Broker;
  readonly audit: SbpAudit;
  readonly defect: Defect;
}

type Handlers = {
  readonly [Method in 'worker.qr' | 'sbp.notified']: (request: LedgerCalls[Method]['request']) => Promise<LedgerCalls[Method]['answer']>;
};

/** Makes the real use cases of SBP: what workers and banks call, and what is done about codes by itself. */
export function sbpOf({ store, qrs, banks, around, broker, audit, defect }: SbpLedgerParts): {
  readonly handlers: Handlers;
  readonly watch: () => Promise<void>;
  readonly refund: () => Promise<void>;
} {
  const ports: QrPorts = { store, around, hints: hintsOver(broker) };
  const asking = new AskForQr(ports, banks);
  const hearing = new HearNotification(ports, banks);
  const watching = new WatchQrs({ ...ports, qrs, watch }, banks);
  const refunding = new RefundAtBanks({ ...ports, qrs, watch }, banks);
  const ask = (request: QrRequest): Promise<QrAnswer> => asking.execute(request);
  const answer = defect.ask?.(ask, store) ?? ask;
  return {
    handlers: {
      'worker.qr': async (request) => {
        const told = await answer(request);
        audit.answered(request, told);
        return told;
      },
      'sbp.notified': (request) => hearing.execute(request),
    },
    watch: () => watching.look(),
    refund: () => refunding.look(),
  };
}

const watch = {
  asked: (): void => undefined,
  failed: (error: unknown): void => {
    if (!(error instanceof KnownError)) throw error;
  },
};

function hintsOver(broker: Broker): QrHints {
  return {
    changed: ({ siteId, terminalId, attemptId }) => {
      const body: ControlHint = { kind: 'qr-changed', attemptId };
      broker.hint({ exchange: exchanges.control, routingKey: `${siteId}.${terminalId}`, body });
    },
  };
}
