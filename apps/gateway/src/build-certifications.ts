import { randomBytes } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { newId } from '@kkm/core';
import { CertifyTerminal, DriveCertifications } from '@kkm/flow/gateway';
import type { Ledger, TerminalRequests } from '@kkm/flow/gateway';
import type { Log } from '@kkm/messaging';
import type { Sql } from '@kkm/postgres';
import { CertificationDriver } from './certification/certification-driver';
import type { Payments } from './payments';
import { certifications } from './postgres/certifications';

/** What certifications stand on. */
export interface CertificationGround {
  readonly sql: Sql;
  readonly ledger: Ledger;
  readonly payments: Payments;
  readonly requests: TerminalRequests;
  readonly log: Log;
}

/** Builds what certifies terminals, and what drives that, over Postgres and this machine's clock. */
export function buildCertifications({ sql, ledger, payments, requests, log }: CertificationGround): {
  readonly certifyTerminal: CertifyTerminal;
  readonly certificationDriver: CertificationDriver;
} {
  const clock = { wallMs: () => Date.now(), monotonicMs: () => performance.now(), sleep: (ms: number) => pause(ms) };
  const store = certifications(sql);
  const drive = new DriveCertifications({ store, ledger, requests, clock, log, payments: { open: (request) => payments.take.run(request) } });
  const certify = new CertifyTerminal({ store, ledger, clock, newId: (prefix) => newId(prefix, Date.now(), (bytes) => randomBytes(bytes)) });
  return { certifyTerminal: certify, certificationDriver: new CertificationDriver(drive) };
}
