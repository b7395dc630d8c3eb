import type { EventPage, ParkedSummary, Payment, PaymentPage, Verdict } from '@kkm/core';
import { pause } from '../../bench/measure/clock';

/** What the gateway said to one request: an answer that stands, or that the same request may be sent again. */
type Heard = { readonly status: number; readonly body: unknown } | 'again';

/** How a caller's request ended. `refused`: it can never succeed as written. `unheard`: nobody said until the caller gave up. */
export type Answer =
  { readonly kind: 'payment'; readonly payment: Payment } | { readonly kind: 'refused'; readonly code: string } | { readonly kind: 'unheard' };

/** A gateway that says nothing for so long is asked again. */
const answerMs = 4_000;
const againMs = 200;
/** So many verdicts are asked for at a time. */
const askersMax = 8;
const readTriesMax = 20;

/** A caller of KKM as the documents ask for: repeats every request, with its key, until it is answered. */
export class Caller {
  /** How often a request was repeated because the gateway or something behind it was away. */
  repeats = 0;

  constructor(
    private readonly api: string,
    private readonly apiKey: string,
    /** Nothing is repeated after it. */
    private readonly givesUp: AbortSignal,
  ) {}

  /** Opens a payment. */
  open(body: Readonly<Record<string, unknown>>, key: string): Promise<Answer> {
    return this.insist('/v1/payments', body, key);
  }

  /** Asks for a further attempt on the same bill. */
  redo(paymentId: string, body: Readonly<Record<string, unknown>>, key: string): Promise<Answer> {
    return this.insist(`/v1/payments/${paymentId}/redo`, body, key);
  }

  /** Asks to stop. */
  cancel(paymentId: string): Promise<Answer> {
    return this.insist(`/v1/payments/${paymentId}/cancel`, {}, null);
  }

  /** Decides a payment in doubt, as a person. */
  resolve(paymentId: string, decision: Readonly<Record<string, unknown>>): Promise<Answer> {
    return this.insist(`/v1/payments/${paymentId}/resolution`, decision, null);
  }

  /** A page of the feed; null when it could not be read now. */
  async events(after: string | null): Promise<EventPage | null> {
    const heard = await this.send('GET', `/v1/events?limit=1000${after === null ? '' : `&after=${encodeURIComponent(after)}`}`, {});
    return heard !== 'again' && heard.status === 200 ? (heard.body as EventPage) : null;
  }

  /** All payments of the site. Throws when the gateway does not answer although nothing is struck any more. */
  async payments(siteId: string): Promise<readonly Payment[]> {
    const all: Payment[] = [];
    let cursor: string | null = null;
    do {
      const page: PaymentPage = await this.page(siteId, cursor);
      all.push(...page.payments);
      cursor = page.next;
    } while (cursor !== null);
    return all;
  }

  /** All parked messages, settled or not. */
  async parked(): Promise<readonly ParkedSummary[]> {
    const all: ParkedSummary[] = [];
    let cursor: string | null = null;
    do {
      const page: { readonly parkedMessages: readonly ParkedSummary[]; readonly next: string | null } = await this.read(
        `/v1/parked-messages?limit=200${cursor === null ? '' : `&cursor=${encodeURIComponent(cursor)}`}`,
      );
      all.push(...page.parkedMessages);
      cursor = page.next;
    } while (cursor !== null);
    return all;
  }

  /** What KKM answers to "was the customer charged?", by payment. */
  async verdicts(paymentIds: readonly string[]): Promise<ReadonlyMap<string, Verdict>> {
    const answers = new Map<string, Verdict>();
    const left = [...paymentIds];
    const askInTurn = async (): Promise<void> => {
      for (let id = left.pop(); id !== undefined; id = left.pop()) answers.set(id, await this.read<Verdict>(`/v1/payments/${id}/verdict`));
    };
    await Promise.all(Array.from({ length: askersMax }, askInTurn));
    return answers;
  }

  private page(siteId: string, cursor: string | null): Promise<PaymentPage> {
    return this.read(`/v1/payments?siteId=${siteId}&limit=200${cursor === null ? '' : `&cursor=${encodeURIComponent(cursor)}`}`);
  }

  private async read<T>(path: string): Promise<T> {
    for (let tries = 1; tries <= readTriesMax; tries += 1) {
      const heard = await this.send('GET', path, {});
      if (heard !== 'again' && heard.status === 200) return heard.body as T;
      await pause(againMs * 5);
    }
    throw new Error(`The gateway does not answer GET ${path}`);
  }

  private async insist(path: string, body: unknown, key: string | null): Promise<Answer> {
    for (let first = true; !this.givesUp.aborted; first = false) {
      if (!first) this.repeats += 1;
      const heard = await this.send('POST', path, { body, key });
      if (heard !== 'again') return answerOf(heard);
      await pause(againMs);
    }
    return { kind: 'unheard' };
  }

  private async send(method: string, path: string, { body, key = null }: { readonly body?: unknown; readonly key?: string | null }): Promise<Heard> {
    const headers = {
      authorization: `Bearer ${this.apiKey}`,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...(key === null ? {} : { 'idempotency-key': `"${key}"` }),
    };
    try {
      const answer = await fetch(`${this.api}${path}`, {
        method,
        headers,
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        signal: AbortSignal.timeout(answerMs),
      });
      const heard = { status: answer.status, body: await answer.json() };
      return answer.status >= 500 || codeOf(heard.body) === 'idempotency.in_progress' ? 'again' : heard;
    } catch {
      return 'again'; // Refused, cut, silent, or half an answer: the gateway may be dead or frozen.
    }
  }
}

function answerOf({ status, body }: Exclude<Heard, 'again'>): Answer {
  return status < 300 ? { kind: 'payment', payment: body as Payment } : { kind: 'refused', code: codeOf(body) };
}

function codeOf(body: unknown): string {
  return typeof body === 'object' && body !== null && 'code' in body ? String(body.code) : '';
}
