import { check, idCommandMember, Rejected, Unavailable, unreachable } from '@kkm/core';
import type { CheckDocument, Method, OpenedPayment, Payment } from '@kkm/core';
import { fingerprint } from '../gateway/fingerprint';
import type { AnswerCommand } from './answer-command';
import { acquiredBy, checkAnswer, errorAnswer } from './command-answers';
import { chargeKey, orderIdOf, receiptKey, returnKey } from './command-keys';
import type { CommandRecord } from './command-store';
import { doorTexts } from './door-texts';
import type { FindOriginal } from './find-original';
import type { CommandPorts } from './ports';
import { afterReceipt, changed, ended, endOfReturn, isChargeEnded, isTooLate, later, sumHindrance } from './saga';
import type { Step } from './saga';

/** Seconds until a charge that has not begun on its terminal is dropped. */
const expiresInSeconds = 180;

/** A payment is looked at again this often while its end is waited for. */
const waitMs = 5_000;

/** What moves no money is tried for so long, then the client is told that it cannot be done. A terminal takes minutes to settle. */
const answerWithinMs = { usual: 60_000, terminal: 960_000 } as const;

/** So much of a command's id is told with its payment. */
const idCommandMax = 200;

/** Does what {@link nextStep} says; each step may have been done before, by this process or by one that died. Answers with the record to be written; null: nothing is to be. */
export class SagaSteps {
  constructor(
    private readonly ports: CommandPorts,
    private readonly uses: { readonly answer: AnswerCommand; readonly original: FindOriginal },
  ) {}

  /** @throws Unavailable where the step came to nothing and is to be done again later. */
  async run(record: CommandRecord, step: Step, payment: Payment | null): Promise<CommandRecord | null> {
    switch (step.kind) {
      case 'prepare':
        return this.prepare(record);
      case 'answer':
        return this.answer(record);
      case 'find':
        return this.find(record);
      case 'charge':
        return this.charge(record);
      case 'give-back':
        return this.giveBack(record);
      case 'receipt':
        return this.receipt(record, payment);
      case 'wait':
        await this.ports.payments.waited(step.payment, { isEnded: (newest) => isOver(record, newest), waitMs });
        return null;
      case 'write':
        return step.next;
      case 'rest':
        return null;
      default:
        return unreachable(step);
    }
  }

  private get nowMs(): number {
    return this.ports.clock.wallMs();
  }

  /** Nothing was asked of anybody yet: a refusal is the register's own, in its own words, and the client may mend it and send the bill again. */
  private async prepare(record: CommandRecord): Promise<CommandRecord> {
    const register = await this.registerOf(record);
    const hindrance = register ? await register.fiscal.preflight(checkOf(record)) : doorTexts.gaveUp(doorTexts.noRegister);
    return hindrance === null ? changed(record, { stage: 'charging' }, this.nowMs) : ended(record, { answer: errorAnswer(record.unit, hindrance) }, this.nowMs);
  }

  private async answer(record: CommandRecord): Promise<CommandRecord> {
    try {
      return ended(record, { answer: await this.uses.answer.run(record) }, this.nowMs);
    } catch (error) {
      if (error instanceof Rejected) return this.refused(record, error);
      const isAtTerminal = record.terminalId !== null;
      const withinMs = isAtTerminal ? answerWithinMs.terminal : answerWithinMs.usual;
      if (!(error instanceof Unavailable) || this.nowMs - record.takenAtMs < withinMs) throw error;
      const text = isAtTerminal ? doorTexts.terminalUnknown : doorTexts.gaveUp(record.lastError ?? '');
      return ended(record, { answer: errorAnswer(record.unit, text) }, this.nowMs);
    }
  }

  private async find(record: CommandRecord): Promise<CommandRecord> {
    const found = await this.uses.original.run(record);
    if ('error' in found) return ended(record, { answer: errorAnswer(record.unit, found.error) }, this.nowMs);
    // Written before it is given back: a repeat must not find another one.
    return changed(record, { paymentId: found.payment.id }, this.nowMs);
  }

  private async charge(record: CommandRecord): Promise<CommandRecord> {
    try {
      const opened = await (isTooLate(record, this.nowMs) ? this.openedBefore(record) : this.open(record));
      if (!opened) return ended(record, { answer: errorAnswer(record.unit, doorTexts.startedTooLate) }, this.nowMs);
      return changed(record, { paymentId: opened.payment.id }, this.nowMs);
    } catch (error) {
      if (error instanceof Rejected) return this.refused(record, error);
      throw error;
    }
  }

  private async open(record: CommandRecord): Promise<OpenedPayment> {
    const { siteId, registerId, terminalId, chargeAmount: amount, idCommand } = record;
    check(amount !== null && terminalId !== null, 'a charge has an amount and a terminal');
    const asSent = this.chargeAsSent(record);
    return this.ports.payments.take({
      idempotencyKey: chargeKey(record, this.ports.digest),
      scope: [siteId],
      siteId,
      orderId: asSent.orderId,
      amount,
      currency: 'RUB',
      method: await this.methodOf(record),
      registerId,
      terminalId,
      expiresInSeconds,
      additional: false,
      metadata: { [idCommandMember]: idCommand.replace(/[\p{Cc}\p{Cs}]/gu, '').slice(0, idCommandMax) },
      asSent,
    });
  }

  /** The guest has left: what was asked for before he did counts, and nothing is asked for any more. */
  private openedBefore(record: CommandRecord): Promise<OpenedPayment | null> {
    const { digest } = this.ports;
    const idempotency = { key: chargeKey(record, digest), fingerprint: fingerprint(digest, 'payments.open', this.chargeAsSent(record)) };
    return this.ports.payments.replay({ siteId: record.siteId, idempotency });
  }

  private chargeAsSent(record: CommandRecord): { readonly orderId: string; readonly amount: number | null } {
    return { orderId: orderIdOf(record, this.ports.digest), amount: record.chargeAmount };
  }

  /** As the register's automatic acquiring says where it says anything; else whatever its terminal takes. */
  private async methodOf({ siteId, registerId, terminalId }: CommandRecord): Promise<Method> {
    const { acquiring, terminal } = await this.ports.equipment.forPayment({ siteId, registerId, terminalId });
    if (acquiring && acquiring.option !== 'none') return acquiring.option;
    return terminal && terminal.sbp.by !== 'none' ? 'card_or_sbp_qr' : 'card';
  }

  private async giveBack(record: CommandRecord): Promise<CommandRecord> {
    const { siteId, paymentId, idCommand } = record;
    check(paymentId !== null, 'what is given back was found');
    const amount = record.stage === 'giving_back' ? null : amountBack(record);
    try {
      const opened = await this.ports.payments.refund({
        idempotencyKey: returnKey(record, this.ports.digest),
        scope: [siteId],
        paymentId,
        amount,
        reason: record.stage === 'giving_back' ? 'The receipt of its check failed.' : record.command.name,
        by: { kind: 'message', id: idCommand, name: 'KkmServer' },
        asSent: { amount },
      });
      return changed(record, { returnAttemptId: returnIn(opened) }, this.nowMs);
    } catch (error) {
      if (!(error instanceof Rejected)) throw error;
      return record.stage === 'giving_back'
        ? { ...later(record, doorTexts.refused(error), this.nowMs), refusals: record.refusals + 1 }
        : this.refused(record, error);
    }
  }

  private async receipt(record: CommandRecord, payment: Payment | null): Promise<CommandRecord> {
    const register = await this.registerOf(record);
    const around = { payment, nowMs: this.nowMs, policy: register?.fiscal.onReceiptFailure ?? 'keep' } as const;
    const hindrance = register ? sumHindrance(record, payment) : doorTexts.noRegister;
    if (!register || hindrance !== null) return afterReceipt(record, { kind: 'refused', error: hindrance ?? '' }, around);
    const outcome = await register.fiscal.receipt({ key: receiptKey(record), check: checkOf(record), command: record.command, payment });
    if (outcome.kind !== 'made') return afterReceipt(record, outcome, { ...around, nowMs: this.nowMs });
    const returned = payment && record.returnAttemptId !== null ? (endOfReturn(payment, record.returnAttemptId)?.attempt ?? null) : null;
    return ended(record, { answer: checkAnswer(record, acquiredBy(record, payment, returned), outcome) }, this.nowMs);
  }

  /** The same request is being opened here by somebody else just now: come again. All else will never succeed. */
  private refused(record: CommandRecord, error: Rejected): CommandRecord {
    const text = doorTexts.refused(error);
    return error.code === 'idempotency.in_progress' ? later(record, text, this.nowMs) : ended(record, { answer: errorAnswer(record.unit, text) }, this.nowMs);
  }

  private async registerOf({ siteId, registerId }: CommandRecord) {
    return registerId === null ? null : this.ports.units.registerById(siteId, registerId);
  }
}

function isOver({ stage, acquiring, returnAttemptId }: CommandRecord, payment: Payment): boolean {
  if (stage === 'charging' && acquiring === 'charge') return isChargeEnded(payment);
  return returnAttemptId !== null && endOfReturn(payment, returnAttemptId) !== null;
}

function checkOf({ command }: CommandRecord): CheckDocument {
  check(command.wish.kind === 'RegisterCheck', 'only a check has a receipt');
  return command.wish.check;
}

/** What a command wants back; null: all that is left. */
function amountBack({ command: { wish } }: CommandRecord): number | null {
  if (wish.kind === 'RegisterCheck') return wish.check.sums.electronic;
  return wish.kind === 'ReturnPaymentByPaymentCard' || wish.kind === 'CancelPaymentByPaymentCard' ? wish.amount : null;
}

function returnIn({ payment, attemptId, command }: OpenedPayment): string {
  const id = attemptId ?? command?.attemptId ?? payment.attempts.findLast(({ operation }) => operation !== 'sale')?.id;
  check(id, 'a return has an attempt');
  return id;
}
