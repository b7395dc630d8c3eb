import { randomBytes } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { limits } from '@kkm/contracts';
import { newId } from '@kkm/core';
import { ReadTerminalHealth, TerminalRequests } from '@kkm/flow/gateway';
import type { HealthLedger, TerminalRequestPorts } from '@kkm/flow/gateway';
import type { Sql } from '@kkm/postgres';
import type { WorkerTrust } from './access/worker-trust';
import { WorkerEquipment } from './equipment/worker-equipment';
import { equipmentOfSite } from './postgres/payment-equipment';
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

/** Builds what workers read of their site: its terminals, and the link tests that wait for one of them. */
export function buildWorkerEquipment(sql: Sql, requests: TerminalRequests, trust: WorkerTrust): WorkerEquipment {
  return new WorkerEquipment(
    (siteId, knownRevision) => equipmentOfSite(sql, siteId, knownRevision),
    (siteId) => requests.waiting(siteId, limits.linkTestsWaiting),
    trust,
  );
}
