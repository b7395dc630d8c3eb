import { check, decidePermit } from '@kkm/core';
import type { PermitAnswer, PermitEffect, PermitFacts, PermitRequest } from '@kkm/core';
import { cancelAfter, changeOf, hiddenChangeOf } from './change';
import type { Change, LeaseGuard } from './change';
import { endReturn } from './decide-return';
import { happen, withdraw } from './end-attempt';
import type { FoundFacts, LedgerStore, TerminalRecord } from './ledger-store';
import { attemptOf, permittedAttempt } from './records';
import type { AttemptRecord, PaymentRecord } from './records';
import { awaitsTerminal } from './resolution';
import { sbpTimes } from './sbp/sbp-bank';
import type { LedgerSurroundings } from './surroundings';
import { stale, untilSaved } from './until-saved';

/** Answers a worker that asks to send an attempt's financial bytes. The only place that gives permits; the database gives each once. */
export class GrantPermit {
  constructor(
    private readonly store: LedgerStore,
    private readonly around: LedgerSurroundings,
  ) {}

  /** Never throws for what the worker may meet: every refusal is an answer. */
  async execute(request: PermitRequest): Promise<PermitAnswer> {
    return untilSaved(async () => {
      const found = await this.store.permitFacts(request.attemptId);
      const facts = this.factsOf(request, found);
      const { answer, effect } = decidePermit(facts, this.around.times);
      if (effect === 'none' || !found) return answer;
      const change = this.changeFor(effect, request, found);
      const saved = (await this.store.save(change)) === 'saved';
      // With the old lease ended the same request is decided anew.
      return saved && effect !== 'lapse' ? answer : stale;
    });
  }

  private factsOf(request: PermitRequest, found: FoundFacts | null): PermitFacts {
    const attempt = found ? attemptOf(found.record, request.attemptId) : null;
    const known = found && attempt && found.record.shown.siteId === request.siteId && attempt.shown.terminalId === request.terminalId;
    const occupant = found?.terminal.occupant ?? null;
    return {
      nowMs: this.around.nowMs(),
      request,
      attempt: known ? askedAbout(attempt) : null,
      // A cancel is meant for a sale; what gives money back is not stopped by it.
      cancelRequested: attempt?.shown.operation === 'sale' ? (found?.record.shown.cancelRequested ?? null) : null,
      occupant: occupant?.attemptId === request.attemptId ? null : occupant,
      leaseHolder: found?.terminal.lease?.workerId ?? null,
      afterRestore: found?.afterRestore,
    };
  }

  private changeFor(
    effect: Exclude<PermitEffect, 'none'>,
    request: PermitRequest,
    found: { readonly record: PaymentRecord; readonly terminal: TerminalRecord },
  ): Change {
    const { record, terminal } = found;
    const attempt = attemptOf(record, request.attemptId);
    const now = this.around.nowMs();
    switch (effect) {
      case 'grant':
        return grantChange({ record, attempt, request, lease: guardOf(request, terminal) }, this.around);
      case 'expire':
        return expireChange(record, attempt, this.around);
      case 'withdraw':
        return changeOf(record, { changed: [withdraw(attempt, now)], shown: { cancelRequested: 'done' } }, this.around);
      case 'take-over-recovery':
        return takeOverChange({ record, attempt, request, lease: guardOf(request, terminal) }, this.around);
      case 'lapse':
        return lapseChange(record, attempt, now);
    }
  }
}

/** The change that ends a queued attempt whose time is over. */
export function expireChange(record: PaymentRecord, attempt: AttemptRecord, around: LedgerSurroundings): Change {
  const expired = happen(attempt, 'expire', around.nowMs());
  if (attempt.shown.operation !== 'sale') return endReturn(record, { ended: expired }, around);
  return changeOf(record, { changed: [expired], shown: { cancelRequested: cancelAfter(record.shown.cancelRequested, 'expired') } }, around);
}

function askedAbout(attempt: AttemptRecord): NonNullable<PermitFacts['attempt']> {
  const { permit, expiresAtMs } = attempt;
  return {
    ...permittedAttempt(attempt),
    expiresAtMs,
    grantedTo: permit?.grantedTo ?? null,
    awaitsTerminal: awaitsTerminal(attempt),
  };
}

interface Asking {
  readonly record: PaymentRecord;
  readonly attempt: AttemptRecord;
  readonly request: PermitRequest;
  readonly lease: LeaseGuard;
}

function grantChange({ record, attempt, request, lease }: Asking, around: LedgerSurroundings): Change {
  const now = around.nowMs();
  const { nonce, workerId } = request;
  const permit = { nonce, workerId, grantedTo: workerId, grantedAtMs: now, leaseUntilMs: now + around.times.leaseMs, takeOvers: 0 };
  const granted = { ...happen(attempt, 'grant', now), permit };
  const silent = attempt.shown.operation !== 'sale';
  // Should nobody come to ask what to show, the attempt is looked at again then.
  const qr = attempt.qr && { attemptId: attempt.shown.id, qr: { ...attempt.qr, nextAskAtMs: permit.leaseUntilMs + sbpTimes.askedMs } };
  const wanted = { changed: [granted], lease, silent, ...(qr && { qr }) };
  return changeOf(record, { ...wanted, permit: { kind: 'grant', attemptId: attempt.shown.id, permit } }, around);
}

function takeOverChange({ record, attempt, request, lease }: Asking, around: LedgerSurroundings): Change {
  const before = attempt.permit;
  check(before, 'a permit is taken over from someone');
  const atMs = around.nowMs();
  const permit = { ...before, nonce: request.nonce, workerId: request.workerId, leaseUntilMs: atMs + around.times.leaseMs, takeOvers: before.takeOvers + 1 };
  return hiddenChangeOf(record, { permit: { kind: 'take-over', attemptId: attempt.shown.id, from: before.nonce, atMs, permit }, lease });
}

/** Ends the lease of a handling whose process is dead: the asking worker has opened its journal. */
function lapseChange(record: PaymentRecord, attempt: AttemptRecord, nowMs: number): Change {
  check(attempt.permit, 'a lease that ends belongs to a permit');
  return hiddenChangeOf(record, { permit: { kind: 'lapse', attemptId: attempt.shown.id, nonce: attempt.permit.nonce, leaseUntilMs: nowMs } });
}

function guardOf(request: PermitRequest, terminal: TerminalRecord): LeaseGuard {
  check(terminal.lease, 'a permit is given under a lease');
  return { siteId: request.siteId, terminalId: request.terminalId, version: terminal.lease.version };
}
