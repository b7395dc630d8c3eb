import { randomBytes } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { newId } from '@kkm/core';
import { ReadTerminalHealth, TerminalRequests } from '@kkm/flow/gateway';
import type { HealthLedger, TerminalRequestPorts } from '@kkm/flow/gateway';
import type { Sql } from '@kkm/postgres';
import { terminalRequests } from './postgres/terminal-requests';

/** What requests to terminals, and their health, stand on. */
export interface TerminalRequestGround extends Pick<TerminalRequestPorts, 'ledger' | 'commands'> {
  readonly sql: Sql;
  readonly health: HealthLedger;
}

/** Builds what asks terminals outside of payments, over Postgres and this machine's clock, and what tells of their health. */
export function buildTerminalRequests({ sql, ledger, commands, health }: TerminalRequestGround): {
  readonly terminalRequests: TerminalRequests;
  readonly terminalHealth: ReadTerminalHealth;
} {
  const clock = { wallMs: () => Date.now(), monotonicMs: () => performance.now(), sleep: (ms: number) => pause(ms) };
  const requests = new TerminalRequests({
    store: terminalRequests(sql),
    ledger,
    commands,
    clock,
    newId: (prefix) => newId(prefix, Date.now(), (bytes) => randomBytes(bytes)),
  });
  return { terminalRequests: requests, terminalHealth: new ReadTerminalHealth({ ledger: health, requests, clock }) };
}
