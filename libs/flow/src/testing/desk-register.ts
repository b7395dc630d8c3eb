import type { CheckDocument, KkmCommand } from '@kkm/core';
import type { DoorRegister, DoorUnits, FiscalRegister, ReceiptFailurePolicy, ReceiptOutcome, ReceiptRequest, TaskRequest } from '../kkmserver/fiscal-register';
import { okAnswer } from '../kkmserver/command-answers';

/** A fiscal register of a test: one receipt per key, for ever, and what it answers to the next ones is set. */
export class DeskRegister implements FiscalRegister {
  onReceiptFailure: ReceiptFailurePolicy = 'keep';
  /** Why no receipt could be made now. */
  hindrance: string | null = null;
  /** Answers to the next receipts; none left: they are made. `lost` makes one and answers with silence. */
  readonly answers: (Extract<ReceiptOutcome, { kind: 'refused' | 'unknown' }> | 'lost')[] = [];
  readonly receipts = new Map<string, ReceiptRequest>();
  readonly tasks: TaskRequest[] = [];
  asked = 0;
  /** Resolved before a receipt is answered. */
  hold: Promise<void> = Promise.resolve();

  preflight(_check: CheckDocument): Promise<string | null> {
    return Promise.resolve(this.hindrance);
  }

  async receipt(request: ReceiptRequest): Promise<ReceiptOutcome> {
    this.asked += 1;
    await this.hold;
    const answer = this.answers.shift();
    if (answer && answer !== 'lost') return answer;
    if (!this.receipts.has(request.key)) this.receipts.set(request.key, request);
    if (answer === 'lost') return { kind: 'unknown', error: 'касса не ответила' };
    const number = [...this.receipts.keys()].indexOf(request.key) + 1;
    return { kind: 'made', payload: { CheckNumber: number, SessionNumber: 1, QRCode: `t=1&i=${number}` }, warning: null };
  }

  async task(request: TaskRequest) {
    this.tasks.push(request);
    return okAnswer({ numDevice: 1, unitName: 'Касса' }, { CheckNumber: 1, SessionNumber: 1 });
  }
}

/** One register with number 1 and one terminal with number 2, its payment withdrawal device. */
export class DeskUnits implements DoorUnits {
  readonly fiscal = new DeskRegister();
  acquiring: DoorRegister['acquiring'] = { option: 'card', terminalId: 'pax-1' };
  enabled = true;
  settleOnCloseShift = false;

  async register(siteId: string, { unit }: KkmCommand): Promise<DoorRegister | null> {
    return unit.numDevice <= 1 ? this.registerById(siteId, 'desk-1') : null;
  }

  async registerById(_siteId: string, registerId: string): Promise<DoorRegister | null> {
    const { acquiring, enabled, settleOnCloseShift, fiscal } = this;
    if (registerId !== 'desk-1') return null;
    return { numDevice: 1, unitName: 'Касса', registerId, terminalId: null, enabled, acquiring, settleOnCloseShift, fiscal };
  }

  async terminal(_siteId: string, numDevice: number) {
    if (numDevice > 2) return null;
    return { numDevice: 2, unitName: 'Терминал', registerId: numDevice === 2 ? null : 'desk-1', terminalId: 'pax-1', enabled: this.enabled };
  }

  async list() {
    return [{ NumDevice: 1 }, { NumDevice: 2 }];
  }

  async onOff(_siteId: string, numDevice: number, active: boolean): Promise<boolean> {
    if (numDevice !== 1) return false;
    this.enabled = active;
    return true;
  }
}
