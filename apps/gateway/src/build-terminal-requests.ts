import { randomBytes } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { newId } from '@kkm/core';
import { TerminalRequests } from '@kkm/flow/gateway';
import type { TerminalRequestPorts } from '@kkm/flow/gateway';
import type { Sql } from '@kkm/postgres';
import { terminalRequests } from './postgres/terminal-requests';

/** What requests to terminals stand on. */
export interface TerminalRequestGround extends Pick<TerminalRequestPorts, 'ledger' | 'commands'> {
  readonly sql: Sql;
}

/** Builds what asks terminals outside of payments, over Postgres and this machine's clock. */
export function buildTerminalRequests({ sql, ledger, commands }: TerminalRequestGround): TerminalRequests {
  return new TerminalRequests({
    store: terminalRequests(sql),
    ledger,
    commands,
    clock: { wallMs: () => Date.now(), monotonicMs: () => performance.now(), sleep: (ms) => pause(ms) },
    newId: (prefix) => newId(prefix, Date.now(), (bytes) => randomBytes(bytes)),
  });
}
