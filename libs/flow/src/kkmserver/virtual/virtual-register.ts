import { commandStatuses, unreachable } from '@kkm/core';
import type { CheckDocument, KkmAnswer } from '@kkm/core';
import type { FiscalRegister, ReceiptFailurePolicy, ReceiptOutcome, ReceiptRequest, TaskRequest } from '../fiscal-register';
import { registerErrors } from '../register-errors';
import { countersData, kktData } from './kkt-data';
import { lineLength } from './slip-lines';
import type { RegisterName, VirtualBooks, VirtualChange } from './virtual-books';
import { notFiscalWarning, paidMembers, slipOf, takenSums, virtualCheck } from './virtual-check';
import { receiptTypeOf, sessionState, withCheck, withoutShift, withShift } from './virtual-state';
import type { VirtualState } from './virtual-state';

/** A virtual register's settings. */
export interface VirtualRegisterSettings extends RegisterName {
  readonly numDevice: number;
  readonly unitName: string;
  readonly enabled: boolean;
  readonly onReceiptFailure: ReceiptFailurePolicy;
}

/** What virtual registers work with. */
export interface VirtualRegisterPorts {
  readonly books: VirtualBooks;
  readonly nowMs: () => number;
  /** A time as the café's clocks show it, `yyyy-MM-ddTHH:mm:ss`. */
  readonly local: (ms: number) => string;
}

/**
 * A register that is none (`fiscal: none`): numbers checks and shifts, counts, keeps a drawer's balance and renders slips, and says on everything that it is not fiscal. A check
 * never fails for its shift: one is opened, and one older than a day is ended first, as clients that meet an error about shifts would send the check again under another id.
 */
export class VirtualRegister implements FiscalRegister {
  constructor(
    private readonly settings: VirtualRegisterSettings,
    private readonly ports: VirtualRegisterPorts,
  ) {}

  get onReceiptFailure(): ReceiptFailurePolicy {
    return this.settings.onReceiptFailure;
  }

  preflight(check: CheckDocument): Promise<string | null> {
    return Promise.resolve(receiptTypeOf(check.type) === null ? registerErrors.unknownType(check.type) : null);
  }

  async receipt(request: ReceiptRequest): Promise<ReceiptOutcome> {
    const made = await this.ports.books.change(this.settings, request.key, (state) => this.madeCheck(request, state));
    return made.kind === 'refused' ? made : { kind: 'made', payload: made.entry.payload, warning: notFiscalWarning };
  }

  async task({ key, task }: TaskRequest): Promise<KkmAnswer> {
    switch (task.kind) {
      case 'OpenShift':
        return this.changed(key, opened);
      case 'CloseShift':
      case 'ZReport':
        return this.changed(key, closed);
      case 'DepositingCash':
        return this.changed(key, cashBy(task.amount));
      case 'PaymentCash':
        return this.changed(key, cashBy(-task.amount));
      case 'XReport':
      case 'PrintDocument':
        return this.answer({}, notFiscalWarning);
      case 'OpenCashDrawer':
      case 'OfdReport':
        return this.answer({}, null);
      case 'GetLineLength':
        return this.answer({ LineLength: lineLength }, null);
      case 'GetDataKKT':
        return this.answer(await this.data(), null);
      case 'GetCounters':
        return this.answer(countersData(await this.ports.books.read(this.settings)), notFiscalWarning);
      case 'GetDataCheck':
        return this.readBack(task.fiscalNumber);
      default:
        return unreachable(task);
    }
  }

  private madeCheck(request: ReceiptRequest, before: VirtualState): VirtualChange {
    const { check } = request;
    const nowMs = this.ports.nowMs();
    if (receiptTypeOf(check.type) === null) return { kind: 'refused', error: registerErrors.unknownType(check.type) };
    const sums = takenSums(request);
    const state = check.fiscal ? withCheck(inShift(before, nowMs), check, sums) : before;
    const circumstances = { unitName: this.settings.unitName, at: this.ports.local(nowMs), state };
    const numbers = { CheckNumber: state.documentNumber, SessionNumber: state.shiftNumber, SessionCheckNumber: state.checksInShift };
    if (!check.fiscal)
      return { kind: 'made', state, entry: { payload: { ...numbers, LineLength: lineLength, Slip: slipOf(request, circumstances) }, check: null } };
    const fiscal = virtualCheck(request, circumstances);
    const payload = { ...numbers, LineLength: lineLength, QRCode: fiscal.qrCode, ...paidMembers(sums) };
    return { kind: 'made', state, entry: { payload, check: fiscal } };
  }

  private async changed(key: string, change: Change): Promise<KkmAnswer> {
    const made = await this.ports.books.change(this.settings, key, (state) => change(state, this.ports.nowMs()));
    return made.kind === 'refused' ? this.refusal(made.error) : this.answer(made.entry.payload, notFiscalWarning);
  }

  private async data(): Promise<KkmAnswer['payload']> {
    const ms = this.ports.nowMs();
    return kktData(await this.ports.books.read(this.settings), { ms, local: this.ports.local(ms), enabled: this.settings.enabled });
  }

  private async readBack(number: number): Promise<KkmAnswer> {
    const check = number < 0 ? null : await this.ports.books.check(this.settings, number);
    if (check === null) return this.refusal(registerErrors.noSuchCheck(number));
    return this.answer({ Slip: check.slip, QRCode: check.qrCode, RegisterCheck: check.data }, notFiscalWarning);
  }

  private answer(payload: KkmAnswer['payload'], warning: string | null): KkmAnswer {
    const { numDevice, unitName } = this.settings;
    return { status: commandStatuses.ok, error: '', message: null, warning, numDevice, unitName, payload };
  }

  private refusal(error: string): KkmAnswer {
    return { ...this.answer({}, null), status: commandStatuses.error, error };
  }
}

type Change = (state: VirtualState, nowMs: number) => VirtualChange;

function opened(state: VirtualState, nowMs: number): VirtualChange {
  return state.shiftOpenedAtMs === null ? numbered(withShift(state, nowMs)) : { kind: 'refused', error: registerErrors.shiftOpen };
}

function closed(state: VirtualState): VirtualChange {
  return state.shiftOpenedAtMs === null ? { kind: 'refused', error: registerErrors.noShift } : numbered(withoutShift(state));
}

function cashBy(amount: number): Change {
  return (state, nowMs) => {
    const cash = state.cash + amount;
    if (sessionState(state, nowMs) !== 2) return { kind: 'refused', error: registerErrors.noShift };
    if (cash < 0) return { kind: 'refused', error: registerErrors.drawerTooEmpty };
    return { kind: 'made', state: { ...state, cash }, entry: { payload: {}, check: null } };
  };
}

function numbered(state: VirtualState): VirtualChange {
  return { kind: 'made', state, entry: { payload: { CheckNumber: state.documentNumber, SessionNumber: state.shiftNumber }, check: null } };
}

/** The register with a shift that takes checks. */
function inShift(state: VirtualState, nowMs: number): VirtualState {
  switch (sessionState(state, nowMs)) {
    case 1:
      return withShift(state, nowMs);
    case 2:
      return state;
    case 3:
      return withShift(withoutShift(state), nowMs);
  }
}
