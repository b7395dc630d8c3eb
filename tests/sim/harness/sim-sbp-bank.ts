import { Indeterminate, Rejected, Unavailable } from '@kkm/core';
import { sbpTimes } from '@kkm/flow/ledger';
import type { QrAtBank, RefundAtBank, SbpBank, SbpBanks, SbpNotification, SbpRefund } from '@kkm/flow/ledger';
import type { BookedQr, BookedRefund, SbpBooks } from './sbp-books';
import type { Scheduler } from './scheduler';
import type { Seeded } from './seeded';
import type { SimProcess } from './sim-process';

/** What the ledger may ask of the bank. */
export type BankCall = 'create' | 'status' | 'cancel' | 'refund' | 'refund-status';

/** What may go wrong with the next such call: its question or its answer is lost, or nobody is there. */
export interface BankFault {
  readonly call: BankCall | 'any';
  readonly how: 'lost-before' | 'lost-after' | 'slow' | 'down';
  readonly untilMs: number;
  /** Only the next such call; otherwise all until then. */
  readonly once: boolean;
}

/** The bank as the network reaches it. */
export class BankLine {
  readonly faults: BankFault[] = [];

  constructor(
    readonly books: SbpBooks,
    readonly around: { readonly scheduler: Scheduler; readonly random: Seeded },
  ) {}

  /** What goes wrong with this call; null when nothing does. */
  trouble(call: BankCall): BankFault['how'] | null {
    const now = this.around.scheduler.nowMs();
    const at = this.faults.findIndex((fault) => fault.untilMs > now && (fault.call === 'any' || fault.call === call));
    const fault = this.faults[at];
    if (fault?.once) this.faults.splice(at, 1);
    return fault?.how ?? null;
  }
}

/** Whether a notification is the bank's own: its signature is over the whole body. */
export const signatureOf = (body: string): string => `signed:${body.length}:${body}`;

/** Makes the banks of the one site as a ledger process reaches them: every call takes time, may be lost before or after its effect, and the process may die in it. */
export function banksOf(process: SimProcess, line: BankLine): SbpBanks {
  const bank = bankOf(process, line);
  return { active: () => process.through(() => 'raiffeisen' as const), of: () => process.through(() => bank) };
}

function bankOf(process: SimProcess, line: BankLine): SbpBank {
  const { books } = line;
  const call = <T>(what: BankCall, work: () => T): Promise<T> => asked(process, line, { what, work });
  return {
    create: ({ orderId, amountMinor, expiresAtMs }) =>
      call('create', () => {
        const qr = books.create({ orderId, amountMinor, expiresAtMs });
        if (!qr) throw new Rejected('sbp.refused');
        return { qrId: qr.qrId, payload: qr.payload, expiresAtMs: qr.expiresAtMs };
      }),
    status: ({ qrId }) => call('status', () => said(books.find(qrId), books)),
    cancel: ({ qrId }) => call('cancel', () => books.cancel(qrId)),
    refund: (refund) => call('refund', () => given(books.refund(refund), line)),
    refundStatus: ({ refundId }: SbpRefund) =>
      call('refund-status', () => {
        const known = books.refunds.find((refund) => refund.refundId === refundId);
        return known ? given(known, line) : { kind: 'unknown' as const };
      }),
    readNotification: (headers, body) => {
      if (headers['x-signature'] !== signatureOf(body)) throw new Rejected('sbp.signature_invalid');
      return JSON.parse(body) as SbpNotification;
    },
    notificationReply: 'OK',
  };
}

async function asked<T>(process: SimProcess, line: BankLine, { what, work }: { readonly what: BankCall; readonly work: () => T }): Promise<T> {
  const { scheduler, random } = line.around;
  await process.turn();
  const trouble = line.trouble(what);
  const answer = await new Promise<() => T>((resolve) => {
    const answered = (then: () => T, afterMs: number): void => void scheduler.after(afterMs, () => process.wake(() => resolve(then)));
    const fails = (error: Error, afterMs: number): void =>
      answered(() => {
        throw error;
      }, afterMs);
    if (trouble === 'down') return fails(new Unavailable('sbp.bank_unavailable'), random.whole(1, 500));
    if (trouble === 'lost-before') return fails(new Indeterminate('sbp.no_answer'), sbpTimes.callMs);
    // The question is on its way: it arrives whatever becomes of whoever asked.
    scheduler.after(random.whole(5, trouble === 'slow' ? 2_400 : 120), () => {
      const done = outcomeOf(work);
      if (trouble === 'lost-after') fails(new Indeterminate('sbp.no_answer'), sbpTimes.callMs - 200);
      else answered(done, random.whole(5, trouble === 'slow' ? 2_400 : 120));
    });
  });
  await process.turn();
  return answer();
}

function outcomeOf<T>(work: () => T): () => T {
  try {
    const value = work();
    return () => value;
  } catch (error) {
    return () => {
      throw error;
    };
  }
}

function said({ qrId, amountMinor, transactionId }: BookedQr, books: SbpBooks): QrAtBank {
  const kind = books.status(qrId);
  if (kind === 'paid') return { kind, amountMinor, transactionId };
  return kind === 'declined' ? { kind, message: 'ОТКАЗ' } : { kind };
}

function given(refund: BookedRefund | null, { around }: BankLine): RefundAtBank {
  if (!refund) throw new Rejected('sbp.refused');
  if (around.scheduler.nowMs() < refund.doneAtMs) return { kind: 'working' };
  if (refund.declined) return { kind: 'declined', message: 'ОТКАЗ' };
  return { kind: 'done', amountMinor: refund.amountMinor, transactionId: `R${refund.refundId}` };
}
