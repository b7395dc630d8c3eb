import { verdictOf } from '@kkm/core';
import type { Attempt, BankIdentity, ControlHint, OpenedPayment, Payment, PaymentCommand } from '@kkm/core';
import type { Digest, Ledger, PaymentEquipment } from '../gateway/ports';
import type { OpeningPorts } from '../gateway/take-payment';

/** What the bank knows the terminal of the tests by. */
export const sampleBank: BankIdentity = {
  terminalId: '00266286',
  merchantId: '780000334',
  legalEntity: { name: 'Night Club LLC', inn: '7707083893' },
  settlementAccount: { number: '40702810900000005555', bik: null },
};

/** A queued payment of the tests; `more` replaces members. */
export function samplePayment(more: Partial<Payment> = {}): Payment {
  const at = '2026-01-01T00:00:00.000Z';
  const attempt: Attempt = {
    id: 'att_1',
    number: 1,
    operation: 'sale',
    method: 'card',
    terminalId: 'pax-1',
    amount: 15_000,
    status: 'queued',
    reason: null,
    message: null,
    hostResponseCode: null,
    card: null,
    rrn: null,
    authorisationCode: null,
    bankTerminalId: null,
    bank: null,
    slip: null,
    readFailures: 0,
    qr: null,
    createdAt: at,
    grantedAt: null,
    finishedAt: null,
    doubtedAt: null,
    resolvedBy: null,
  };
  return {
    id: 'pay_1',
    siteId: 'club-1',
    orderId: 'o-1',
    registerId: 'desk-1',
    terminalId: 'pax-1',
    amount: 15_000,
    currency: 'RUB',
    method: 'card',
    status: 'pending',
    chargedAmount: 0,
    refundedAmount: 0,
    redoable: false,
    cancelRequested: null,
    purpose: 'sale',
    switchTo: null,
    sequence: 1,
    attempts: [attempt],
    conflicts: [],
    surfaced: [],
    createdAt: at,
    updatedAt: at,
    expiresAt: at,
    closedAt: null,
    metadata: {},
    ...more,
  };
}

/** The command of a payment's first attempt. */
export function sampleCommand(payment: Payment): PaymentCommand {
  const { id: paymentId, siteId, terminalId, amount, currency, expiresAt, method } = payment;
  return { attemptId: payment.attempts[0]?.id ?? '', paymentId, siteId, terminalId, amount, currency, expiresAt, method, operation: 'sale', original: null };
}

/** The gateway's ports with everything in memory: answers are set, calls are kept. */
export class GatewayPorts implements OpeningPorts {
  equipmentFound: PaymentEquipment = {
    acquiring: { option: 'card', terminalId: 'pax-1' },
    terminal: { terminalId: 'pax-1', enabled: true, sbp: { by: 'bank_qr', windowSeconds: 180 }, bank: sampleBank },
    lateApproval: 'keep',
  };
  opened: OpenedPayment = { payment: samplePayment(), command: sampleCommand(samplePayment()), replayed: false };
  earlier: OpenedPayment | null = null;
  driving: { readonly siteId: string; readonly terminalId: string; readonly attemptId: string } | null = null;
  /** Thrown by the named call. */
  readonly failures = new Map<keyof Ledger | 'publish', Error>();
  readonly calls: { readonly name: string; readonly request: unknown }[] = [];
  readonly published: PaymentCommand[] = [];
  readonly hints: { readonly terminalId: string; readonly hint: ControlHint }[] = [];
  /** Resolved before `open` answers. */
  hold: Promise<void> = Promise.resolve();

  readonly digest: Digest = (text) => text;
  readonly equipment = { forPayment: () => Promise.resolve(this.equipmentFound) };
  readonly commands = {
    publish: async (command: PaymentCommand): Promise<void> => {
      this.note('publish', command);
      this.published.push(command);
    },
    hint: (terminal: { readonly terminalId: string }, hint: ControlHint): void => void this.hints.push({ terminalId: terminal.terminalId, hint }),
  };
  readonly ledger: Ledger = {
    open: async (request) => {
      await this.hold;
      return this.answer('open', request, this.opened);
    },
    redo: async (request) => this.answer('redo', request, this.opened),
    replay: async (request) => this.answer('replay', request, this.earlier),
    cancel: async (request) => this.answer('cancel', request, { payment: this.opened.payment, driving: this.driving }),
    refund: async (request) => this.answer('refund', request, this.opened),
    switch: async (request) => this.answer('switch', request, { payment: this.opened.payment, driving: this.driving }),
    resolve: async (request) => this.answer('resolve', request, this.opened.payment),
    close: async (request) => this.answer('close', request, this.opened.payment),
    verdict: async (request) => this.answer('verdict', request, verdictOf(this.opened.payment, [])),
    read: async (request) => this.answer('read', request, this.opened.payment),
    list: async (request) => this.answer('list', request, { payments: [this.opened.payment], next: null }),
    reject: async (request) => this.answer('reject', request, null),
    events: async (request) => this.answer('events', request, { events: [], next: 'c_0' }),
    feedEnd: async () => this.answer('feedEnd', null, { next: 'c_0' }),
    standing: async (request) =>
      this.answer('standing', request, { terminalId: request.terminalId, occupantAttemptId: null, inDoubt: false, leaseHolder: null }),
  };

  /** Names of the calls, in order. */
  get callNames(): readonly string[] {
    return this.calls.map(({ name }) => name);
  }

  private answer<T>(name: keyof Ledger, request: unknown, value: T): T {
    this.note(name, request);
    return value;
  }

  private note(name: keyof Ledger | 'publish', request: unknown): void {
    this.calls.push({ name, request });
    const failure = this.failures.get(name);
    if (failure) throw failure;
  }
}

/** The code of the `Rejected` or `Unavailable` that a promise ends with; `none` when it resolves. */
export async function codeOf(work: Promise<unknown>): Promise<string> {
  try {
    await work;
    return 'none';
  } catch (error) {
    if (error instanceof Error && 'code' in error) return String((error as { readonly code: unknown }).code);
    throw error;
  }
}
