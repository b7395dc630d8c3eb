import { commandStatuses, Unavailable } from '@kkm/core';
import type { CheckDocument, KkmAnswer, KkmCommand } from '@kkm/core';
import type { FiscalRegister, ReceiptFailurePolicy, ReceiptOutcome, ReceiptRequest, TaskRequest } from '../fiscal-register';
import { looseFlag, looseInteger, looseMember, looseObject, looseText } from '../loose-members';
import type { LooseMembers } from '../loose-members';
import type { RegisterName } from '../virtual/virtual-books';
import { forwarded, forwardedCheck, isUnprinted, shiftCommand, slipDocuments } from './forwarded-check';
import type { ForwardedChecks } from './forwarded-checks';
import { findLostCheck } from './lost-check';
import { isAboutShift, payloadOf, textOf } from './remote-answers';
import type { RemoteCommands } from './remote-commands';
import type { RemoteEnd } from './remote-register';

/** A register's settings where another one makes its receipts. */
export interface ForwardRegisterSettings extends RegisterName {
  readonly numDevice: number;
  readonly unitName: string;
  readonly onReceiptFailure: ReceiptFailurePolicy;
  /** The number of the register there. */
  readonly numDeviceThere: number;
}

/** What such registers work with. */
export interface ForwardRegisterPorts {
  readonly commands: RemoteCommands;
  readonly checks: ForwardedChecks;
  readonly nowMs: () => number;
}

/** Tasks that change nothing, and so may be asked for again at will. */
const looks: readonly string[] = ['GetLineLength', 'GetDataKKT', 'GetDataCheck', 'GetCounters'];

/** Of a shift that is too old, as `SessionState` numbers it. */
const overdueShift = 3;

/**
 * A register whose receipts a KkmServer-compatible one elsewhere makes (`fiscal: forward`). At most one receipt per check: it goes there under one id; a lost answer is asked for, and
 * the check is sent again only when it is proved that none was made. A shift that is refused is ended and begun there once, and the check repeated under a second id made from the first.
 */
export class ForwardRegister implements FiscalRegister {
  constructor(
    private readonly settings: ForwardRegisterSettings,
    private readonly ports: ForwardRegisterPorts,
  ) {}

  get onReceiptFailure(): ReceiptFailurePolicy {
    return this.settings.onReceiptFailure;
  }

  async preflight(check: CheckDocument): Promise<string | null> {
    const first = await this.hindrance(check);
    if (first !== 'shift') return first;
    await this.renewShift(this.settings.registerId, { cashier: { name: textOf(check.asSent, 'CashierName'), vatin: textOf(check.asSent, 'CashierVATIN') } });
    const second = await this.hindrance(check);
    return second === 'shift' ? 'Касса не готова: её рабочий день длится больше 24 часов и не закрывается.' : second;
  }

  async receipt(request: ReceiptRequest): Promise<ReceiptOutcome> {
    const { key } = request;
    const first = await this.made(key, request);
    if (first.kind !== 'refused' || !isAboutShift(first.error)) return this.outcome(key, request, first);
    const second = `${key}-shift`;
    // Once for a check: while the answer of the second is looked for, the shift is left alone.
    if (!(await this.ports.checks.isBegun(this.settings, second))) await this.renewShift(key, request.command);
    return this.outcome(second, request, await this.made(second, request));
  }

  async task({ key, task, asSent }: TaskRequest): Promise<KkmAnswer> {
    const name = looseText(looseMember(asSent, 'Command')) || task.kind;
    const command = forwarded(asSent, name, this.settings.numDeviceThere);
    const end = looks.includes(task.kind) ? await this.ports.commands.look(command) : await this.changed(key, command);
    if (end.kind === 'done') return this.answer(end.answer);
    if (end.kind === 'refused') return { ...this.answer(end.answer), status: commandStatuses.error, error: end.error, payload: {} };
    throw new Unavailable('register.unavailable', { detail: end.kind === 'lost' ? end.error : 'касса не ответила' });
  }

  /** What a check came to under an id: sent now, or before. */
  private async made(id: string, request: ReceiptRequest): Promise<RemoteEnd> {
    const { commands, checks } = this.ports;
    const data = await this.data();
    if (data.kind === 'lost') return data;
    const numberNow = data.kind === 'done' ? looseInteger(looseMember(data.answer, 'CheckNumber')) : null;
    const begun = await checks.begin(this.settings, id, numberNow);
    const command = forwardedCheck(request, this.settings.numDeviceThere);
    if (begun.first) return commands.send(id, command);
    const known = await commands.result(id);
    if (known.kind !== 'unknown') return known;
    const { numDeviceThere: numDevice } = this.settings;
    const parts = { commands, checks, register: this.settings, numDevice, nowMs: this.ports.nowMs() };
    const lost = await findLostCheck(request.check, { begun, numberNow }, parts);
    switch (lost.kind) {
      case 'made': {
        const of = (answer: LooseMembers, name: string): LooseMembers => ({ [name]: looseMember(answer, name) });
        const session = data.kind === 'done' ? of(data.answer, 'SessionNumber') : {};
        return { kind: 'done', answer: { CheckNumber: lost.number, ...session, ...of(lost.document, 'QRCode'), ...of(lost.document, 'URL') } };
      }
      case 'never-made':
        return commands.send(id, command);
      case 'unclear':
        return { kind: 'lost', error: 'касса не помнит этого чека, но могла его напечатать: посмотрите её последние чеки' };
    }
  }

  private async outcome(id: string, request: ReceiptRequest, end: RemoteEnd): Promise<ReceiptOutcome> {
    if (end.kind === 'refused') return { kind: 'refused', error: end.error };
    if (end.kind !== 'done') return { kind: 'unknown', error: end.kind === 'lost' ? end.error : 'касса не ответила' };
    const number = looseInteger(looseMember(end.answer, 'CheckNumber'));
    if (number !== null && request.check.fiscal) await this.ports.checks.made(this.settings, id, number);
    const slips = await this.printSlips(request);
    const warning = [textOf(end.answer, 'Warning'), slips].filter((text) => text !== null).join(' ');
    return { kind: 'made', payload: withoutUndefined(payloadOf(end.answer)), warning: warning === '' ? null : warning };
  }

  /** The receipt is made: a slip that cannot be printed beside it is a warning. */
  private async printSlips(request: ReceiptRequest): Promise<string | null> {
    for (const document of slipDocuments(request, this.settings.numDeviceThere)) {
      const end = await this.ports.commands.look(document);
      if (end.kind !== 'done') return 'Слип банка не напечатан.';
    }
    return null;
  }

  /** What changes the register is asked about before it is sent again. */
  private async changed(key: string, command: LooseMembers): Promise<RemoteEnd> {
    const { first } = await this.ports.checks.begin(this.settings, key, null);
    const known = first ? null : await this.ports.commands.result(key);
    return known === null || known.kind === 'unknown' ? this.ports.commands.send(key, command) : known;
  }

  /** Why a receipt could not be made now; `shift` where that can be mended. */
  private async hindrance(check: CheckDocument): Promise<string | null> {
    const data = await this.data();
    if (data.kind === 'refused') return data.error;
    if (data.kind !== 'done') return `Касса не отвечает: ${data.kind === 'lost' ? data.error : 'нет ответа'}.`;
    const info = looseObject(looseMember(data.answer, 'Info'));
    const says = (name: string, value: boolean): boolean => looseMember(info, name) !== undefined && looseFlag(looseMember(info, name)) === value;
    if (says('OnOff', false) || says('Active', false)) return 'Касса выключена.';
    if (says('PaperOver', true) && !isUnprinted(check)) return 'В кассе закончилась бумага.';
    if (!check.fiscal) return null;
    if (says('FN_MemOverflowl', true)) return 'Память фискального накопителя кассы переполнена.';
    return looseInteger(looseMember(info, 'SessionState')) === overdueShift ? 'shift' : null;
  }

  private data(): Promise<RemoteEnd> {
    return this.ports.commands.look({ Command: 'GetDataKKT', NumDevice: this.settings.numDeviceThere });
  }

  /** Ends the shift there and begins another. Each may be refused because it is so already; the check that follows tells whether it helped. */
  private async renewShift(reason: string, command: Pick<KkmCommand, 'cashier'>): Promise<void> {
    const { numDeviceThere } = this.settings;
    for (const name of ['CloseShift', 'OpenShift'] as const)
      await this.ports.commands.send(`${reason}-${name}-${this.ports.nowMs()}`, shiftCommand(name, command, numDeviceThere));
  }

  private answer(answer: LooseMembers): KkmAnswer {
    const { numDevice, unitName } = this.settings;
    const [message, warning] = [textOf(answer, 'Message'), textOf(answer, 'Warning')];
    return { status: commandStatuses.ok, error: '', message, warning, numDevice, unitName, payload: payloadOf(answer) };
  }
}

function withoutUndefined(members: LooseMembers): LooseMembers {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined && value !== null));
}
