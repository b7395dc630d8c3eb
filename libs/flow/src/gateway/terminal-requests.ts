import { check, newTerminal, Rejected } from '@kkm/core';
import type { AnswerRequestRequest, ControlHint, KeptRequest, LinkDraft, RequestKind, TakeRequestAnswer, TakeRequestRequest } from '@kkm/core';
import { canonical } from './fingerprint';
import type { Clock } from '../worker/ports';
import type { CommandPublisher, Ledger } from './ports';
import type { RequestFilter, RequestStore, StoredRequest } from './request-store';

/** What {@link TerminalRequests} stands on. */
export interface TerminalRequestPorts {
  readonly store: RequestStore;
  readonly ledger: Pick<Ledger, 'standing'>;
  readonly commands: Pick<CommandPublisher, 'hint'>;
  readonly clock: Clock;
  readonly newId: (prefix: 'req') => string;
}

/** The times of requests, milliseconds. */
export const requestTimes = {
  /** A worker takes a request within this time, or it has failed. */
  takeWithinMs: 50_000,
  /** A worker that took one tells how it ended within this time; settlements take minutes. */
  answerWithinMs: 900_000,
  /** How often whoever waits looks. */
  lookEveryMs: 200,
} as const;

/** What somebody asks of a terminal. */
export interface TerminalAsk {
  readonly siteId: string;
  /** {@link newTerminal} for one that is not saved yet. */
  readonly terminalId: string;
  readonly kind: RequestKind;
  /** Settings that are not saved, for a link test. */
  readonly draft?: LinkDraft | null;
  /** A report with every operation. */
  readonly detailed?: boolean;
  /** Under one key of a site a request is made once; left out: every call makes one. */
  readonly key?: string | null;
  /** Whoever asks, in words. */
  readonly by: string;
  /** How long to wait for the answer. */
  readonly waitMs: number;
  /** Ends the wait, not the request. */
  readonly gone?: AbortSignal;
}

/** Asks terminals what is no payment: link test, report, settlement (ADR 0015). The request is kept with its answer; the worker that holds the terminal's lease does it. */
export class TerminalRequests {
  constructor(private readonly ports: TerminalRequestPorts) {}

  /**
   * Asks, and waits for the end at most `waitMs`; the request goes on after that. What the terminal or a worker refuses is an answer, not an exception.
   * @throws Rejected `terminal.in_doubt`, `equipment.terminal_busy` for a settlement; `idempotency.key_reused`. Unavailable: nothing was asked.
   */
  async run(ask: TerminalAsk): Promise<KeptRequest> {
    const { siteId, terminalId, kind, detailed = false, key = null, draft = null } = ask;
    const known = key === null ? null : await this.ports.store.byKey(siteId, key);
    if (known) return this.ended(sameAs(known, { terminalId, kind, detailed, draft }), ask);
    if (kind === 'settle') await this.mustBeFree(siteId, terminalId);
    const askedAtMs = this.ports.clock.wallMs();
    const id = this.ports.newId('req');
    const times = { askedAtMs, expiresAtMs: askedAtMs + requestTimes.takeWithinMs };
    const added = await this.ports.store.add({ id, siteId, terminalId, kind, detailed, key, draft, askedBy: ask.by, ...times });
    // Somebody else used the key meanwhile.
    if (!added) return this.run(ask);
    // A terminal that is not saved has no queue: the workers of the site ask for such tests by themselves.
    const hint: ControlHint = { kind: 'request', siteId, terminalId, requestId: id };
    if (terminalId !== newTerminal) this.ports.commands.hint({ siteId, terminalId }, hint);
    const kept = await this.ports.store.find(id);
    check(kept, 'what was stored a moment ago is found');
    return this.ended(kept, ask);
  }

  /** A page, newest first. */
  async list(filter: RequestFilter): Promise<readonly KeptRequest[]> {
    await this.lapse();
    return this.ports.store.list(filter);
  }

  /** A worker has the terminal for itself and asks whether the request is its own. */
  async take(request: TakeRequestRequest): Promise<TakeRequestAnswer> {
    const taken = await this.ports.store.take(request, this.ports.clock.wallMs());
    return taken ? { kind: 'yours', request: { kind: taken.kept.kind, detailed: taken.kept.detailed, draft: taken.draft } } : { kind: 'gone' };
  }

  /** Link tests of new terminals that wait for a worker of the site. */
  waiting(siteId: string, limit: number): Promise<readonly string[]> {
    return this.ports.store.newTerminals(siteId, this.ports.clock.wallMs(), limit);
  }

  /** A worker tells how a request ended. */
  async answered(request: AnswerRequestRequest): Promise<null> {
    await this.ports.store.answer(request, this.ports.clock.wallMs());
    return null;
  }

  /** A settlement wipes out what is to prove the outcome of an unfinished attempt (design-money, clause 6). The ledger is asked again at the terminal. */
  private async mustBeFree(siteId: string, terminalId: string): Promise<void> {
    const { occupantAttemptId, inDoubt } = await this.ports.ledger.standing({ siteId, terminalId });
    if (inDoubt) throw new Rejected('terminal.in_doubt', { detail: `Attempt ${occupantAttemptId ?? ''} is in doubt.` });
    if (occupantAttemptId !== null) throw new Rejected('equipment.terminal_busy', { detail: `Attempt ${occupantAttemptId} is running.` });
  }

  private async ended(asked: KeptRequest, { waitMs, gone }: TerminalAsk): Promise<KeptRequest> {
    const { clock, store } = this.ports;
    const untilMs = clock.monotonicMs() + waitMs;
    let newest = asked;
    while (isOpen(newest) && gone?.aborted !== true && clock.monotonicMs() < untilMs) {
      await clock.sleep(requestTimes.lookEveryMs);
      await this.lapse();
      newest = (await store.find(asked.id)) ?? newest;
    }
    return newest;
  }

  private lapse(): Promise<void> {
    const nowMs = this.ports.clock.wallMs();
    return this.ports.store.lapse({ nowMs, takenUntilMs: nowMs - requestTimes.answerWithinMs });
  }
}

/** Whether a request may still change. */
function isOpen({ state }: KeptRequest): boolean {
  return state === 'asked' || state === 'running';
}

function sameAs({ kept, draft }: StoredRequest, asked: Required<Pick<TerminalAsk, 'terminalId' | 'kind' | 'detailed' | 'draft'>>): KeptRequest {
  const same = kept.terminalId === asked.terminalId && kept.kind === asked.kind && kept.detailed === asked.detailed;
  if (!same || canonical(draft) !== canonical(asked.draft)) throw new Rejected('idempotency.key_reused');
  return kept;
}
