import { randomBytes } from 'node:crypto';
import { newId, noBankFacts, permitTimes } from '@kkm/core';
import type { AttemptResult, IdPrefix, Outcome, OpenPaymentRequest, PaymentCommand, PermitRequest, ResolvePaymentRequest } from '@kkm/core';
import {
  CancelPayment,
  CloseEnded,
  ClosePayment,
  DecideLateMoney,
  GrantPermit,
  Heartbeat,
  LeaseTerminal,
  ListPayments,
  OpenPayment,
  ReadEvents,
  ReadPayment,
  ReadTerminalStanding,
  ReadVerdict,
  RecordResult,
  RedoPayment,
  RejectRequest,
  ResolvePayment,
  SweepExpired,
} from '@kkm/flow/ledger';
import type { LedgerStore, LedgerSurroundings, QrStore } from '@kkm/flow/ledger';
import { sqlOf } from '@kkm/postgres';
import type { DataSource } from 'typeorm';
import { openLedgerDatabase } from '../postgres/open-ledger-database';
import { PostgresLedgerStore } from '../postgres/postgres-ledger-store';
import { PostgresOutbox } from '../postgres/postgres-outbox';
import { noBanks } from '@kkm/flow/testing';

/** A clock that tests move. */
export interface TrialClock {
  nowMs: number;
}

/** A ledger on a real database, with its use cases, for tests. Requests are built with what most tests need. */
export class LedgerOnTrial {
  readonly outbox: PostgresOutbox;
  readonly opening: OpenPayment;
  readonly redoing: RedoPayment;
  readonly cancelling: CancelPayment;
  readonly resolving: ResolvePayment;
  readonly closing: ClosePayment;
  readonly closingEnded: CloseEnded;
  readonly verdicts: ReadVerdict;
  readonly permitting: GrantPermit;
  readonly leasing: LeaseTerminal;
  readonly heartbeats: Heartbeat;
  readonly recording: RecordResult;
  readonly sweeping: SweepExpired;
  readonly deciding: DecideLateMoney;
  readonly reading: ReadPayment;
  readonly listing: ListPayments;
  readonly feed: ReadEvents;
  readonly rejecting: RejectRequest;
  readonly standing: ReadTerminalStanding;

  private constructor(
    readonly dataSource: DataSource,
    readonly store: LedgerStore & QrStore,
    readonly clock: TrialClock,
  ) {
    const around: LedgerSurroundings = { nowMs: () => clock.nowMs, newId: (prefix) => this.newId(prefix), times: permitTimes };
    this.outbox = new PostgresOutbox(dataSource);
    this.opening = new OpenPayment(store, around, noBanks);
    this.redoing = new RedoPayment(store, around, noBanks);
    this.cancelling = new CancelPayment(store, around);
    this.resolving = new ResolvePayment(store, around);
    this.closing = new ClosePayment(store, around);
    this.closingEnded = new CloseEnded(store, around);
    this.verdicts = new ReadVerdict(store);
    this.permitting = new GrantPermit(store, around);
    this.leasing = new LeaseTerminal(store, around);
    this.heartbeats = new Heartbeat(store, around);
    this.recording = new RecordResult(store, around);
    this.sweeping = new SweepExpired(store, around);
    this.deciding = new DecideLateMoney(store, around);
    this.reading = new ReadPayment(store);
    this.listing = new ListPayments(store);
    this.feed = new ReadEvents(store);
    this.rejecting = new RejectRequest(store, around);
    this.standing = new ReadTerminalStanding(store);
  }

  /** Opens the database at `url`, migrated; `clock` may be shared between several. */
  static async on(url: string, clock: TrialClock = { nowMs: Date.now() }): Promise<LedgerOnTrial> {
    const dataSource = await openLedgerDatabase({ url, poolSize: 8 });
    return new LedgerOnTrial(dataSource, new PostgresLedgerStore({ dataSource }), clock);
  }

  /** A new id of the test's time. */
  newId(prefix: IdPrefix): string {
    return newId(prefix, this.clock.nowMs, randomBytes);
  }

  /** Rows of any query, for a look behind the port. */
  async rows<Row extends object>(text: string, values: readonly unknown[] = []): Promise<Row[]> {
    return sqlOf(this.dataSource).rows<Row>({ name: '', text }, values);
  }

  /** Opens a payment and returns its command. Every call is an order of its own unless told otherwise. */
  async open(wanted: Partial<OpenPaymentRequest> = {}): Promise<PaymentCommand> {
    const { command } = await this.opening.execute(this.openRequest(wanted));
    if (!command) throw new Error('The payment was opened before.');
    return command;
  }

  /** A request to open a payment. */
  openRequest(wanted: Partial<OpenPaymentRequest> = {}): OpenPaymentRequest {
    const unique = this.newId('ref');
    return {
      idempotency: { key: unique, fingerprint: 'same' },
      siteId: 'club-1',
      orderId: unique,
      registerId: null,
      terminalId: `pax-${unique}`,
      amount: 15_000,
      currency: 'RUB',
      method: 'card',
      expiresInSeconds: 180,
      additional: false,
      lateApproval: 'keep',
      metadata: {},
      ...wanted,
    };
  }

  /** A permit request for a command, under a new nonce. */
  permitRequest(command: PaymentCommand, wanted: Partial<PermitRequest> = {}): PermitRequest {
    const { siteId, terminalId, attemptId } = command;
    return { workerId: 'worker-1', siteId, terminalId, attemptId, nonce: this.newId('nonce'), ...wanted };
  }

  /** Takes lease and permit for a command; returns the nonce granted. */
  async grant(command: PaymentCommand, wanted: Partial<PermitRequest> = {}): Promise<string> {
    const request = this.permitRequest(command, wanted);
    await this.leasing.execute(request);
    const answer = await this.permitting.execute(request);
    if (answer.kind !== 'granted') throw new Error(`The permit was refused: ${answer.kind}.`);
    return request.nonce;
  }

  /** A result for a command. */
  result(command: PaymentCommand, nonce: string | null, outcome: Outcome, wanted: Partial<AttemptResult> = {}): AttemptResult {
    const { attemptId, paymentId, siteId, terminalId } = command;
    const source = nonce === null ? 'unpermitted' : 'answer';
    return {
      resultId: this.newId('res'),
      attemptId,
      paymentId,
      siteId,
      terminalId,
      workerId: 'worker-1',
      nonce,
      outcome,
      readFailures: 0,
      source,
      at: new Date(this.clock.nowMs).toISOString(),
      ...wanted,
    };
  }

  /** Opens, permits and records: a payment with the outcome wanted. */
  async paid(outcome: Outcome, wanted: Partial<OpenPaymentRequest> = {}): Promise<PaymentCommand> {
    const command = await this.open(wanted);
    const nonce = await this.grant(command);
    await this.recording.execute(this.result(command, nonce, outcome));
    return command;
  }

  /** A person's decision about a payment in doubt. */
  async resolve({ paymentId }: PaymentCommand, charged: boolean, wanted: Partial<ResolvePaymentRequest> = {}) {
    const by = { kind: 'api_key', id: 'key_1', name: 'Manager' } as const;
    const evidence = 'the guest’s bank shows it';
    return this.resolving.execute({ scope: null, paymentId, attemptId: null, charged, chargedAmount: null, evidence, by, idempotency: null, ...wanted });
  }

  /** A charge that came too late for a cancel, at a site that voids such; the command of its void. */
  async voiding(wanted: Partial<OpenPaymentRequest> = {}): Promise<PaymentCommand> {
    const command = await this.open({ lateApproval: 'void', ...wanted });
    const nonce = await this.grant(command);
    await this.cancelling.execute({ scope: null, paymentId: command.paymentId });
    await this.recording.execute(this.result(command, nonce, approved()));
    const giving = (await this.deciding.execute()).find(({ paymentId }) => paymentId === command.paymentId);
    if (!giving) throw new Error('The charge is not voided.');
    return giving;
  }

  /** The payment as it is now. */
  async payment(command: PaymentCommand) {
    return this.reading.execute({ scope: null, by: { paymentId: command.paymentId } });
  }

  /** Gives the connections back. */
  async close(): Promise<void> {
    await this.dataSource.destroy();
  }
}

/** An approval of `chargedMinor`, with a retrieval reference. */
export function approved(chargedMinor = 15_000, rrn: string | null = '828913349373'): Outcome {
  return {
    kind: 'approved',
    chargedMinor,
    facts: { ...noBankFacts, message: 'ОДОБРЕНО', hostResponseCode: '00', rrn, authorisationCode: '247629', bankTerminalId: '00266286' },
  };
}

/** A refusal by the bank. */
export const declined: Outcome = { kind: 'declined', reason: 'insufficient_funds', facts: { ...noBankFacts, hostResponseCode: '51' } };

/** The guest pressed the red button. */
export const cancelled: Outcome = { kind: 'cancelled', reason: 'customer_cancelled', facts: noBankFacts };

/** The terminal was not reachable. */
export const failed: Outcome = { kind: 'failed', reason: 'terminal_unreachable', facts: noBankFacts };

/** The link was cut after the first byte. */
export const unknown: Outcome = { kind: 'unknown', reason: 'unrecognised', facts: noBankFacts };
