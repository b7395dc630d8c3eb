import { unreachable } from '@kkm/core';
import type { KkmAnswer } from '@kkm/core';
import { chargeFacts, chargingSale, slipText } from './charge-facts';
import { errorAnswer, notFoundAnswer, okAnswer } from './command-answers';
import type { CommandRecord } from './command-store';
import { doorTexts } from './door-texts';
import type { FindOriginal } from './find-original';
import { receiptKey } from './command-keys';
import type { CommandPorts, TerminalAnswer } from './ports';

/** Answers the commands that move no money and make no receipt. Repeating one after a crash does no more than it did the first time. */
export class AnswerCommand {
  constructor(
    private readonly ports: Pick<CommandPorts, 'units' | 'terminals' | 'serverData'>,
    private readonly original: FindOriginal,
  ) {}

  /** @throws Unavailable when what it takes cannot be had now. */
  async run(record: CommandRecord): Promise<KkmAnswer> {
    const { siteId, unit } = record;
    const { wish } = record.command;
    switch (wish.kind) {
      case 'List':
        return okAnswer(null, { ListUnit: await this.ports.units.list(siteId, wish.filters) });
      case 'GetServerData':
        return okAnswer(null, { ServerData: await this.ports.serverData() });
      case 'OnOffUnut':
        return this.onOff(record, wish.active);
      case 'AuthorisationByPaymentCard':
      case 'AuthConfirmationByPaymentCard':
      case 'CancelAuthorisationByPaymentCard':
        return errorAnswer(unit, doorTexts.cannotHold);
      case 'TransactionDetails':
        return this.details(record);
      case 'RegisterTask':
        return this.task(record);
      case 'Settlement':
      case 'TerminalReport':
      case 'PrintSlipOnTerminal':
        return this.atTerminal(record);
      case 'PayByPaymentCard':
      case 'ReturnPaymentByPaymentCard':
      case 'CancelPaymentByPaymentCard':
      case 'EmergencyReversal':
      case 'RegisterCheck':
        return errorAnswer(unit, doorTexts.noReference);
      default:
        return unreachable(wish);
    }
  }

  private async onOff({ siteId, command }: CommandRecord, active: boolean): Promise<KkmAnswer> {
    const { numDevice } = command.unit;
    return (await this.ports.units.onOff(siteId, numDevice, active)) ? okAnswer(null, {}) : notFoundAnswer(numDevice);
  }

  private async details(record: CommandRecord): Promise<KkmAnswer> {
    const found = await this.original.run(record);
    if ('error' in found) return errorAnswer(record.unit, found.error);
    const attempt = chargingSale(found.payment);
    if (!attempt) return errorAnswer(record.unit, doorTexts.chargeNotFound);
    return okAnswer(record.unit, chargeFacts({ payment: found.payment, attempt, receiptNumber: null, amountMinor: found.payment.chargedAmount }));
  }

  private async atTerminal(record: CommandRecord): Promise<KkmAnswer> {
    const { id: key, siteId, terminalId, unit, command } = record;
    if (terminalId === null) return notFoundAnswer(command.unit.numDevice);
    const { terminals } = this.ports;
    // No profile of this release has a terminal print its own slips: they come with the answer.
    if (command.wish.kind === 'PrintSlipOnTerminal') return okAnswer(unit, { PrintSlipOnTerminal: false });
    if (command.wish.kind === 'TerminalReport')
      return terminalAnswer(record, await terminals.report({ siteId, terminalId, detailed: command.wish.detailed, key }));
    return terminalAnswer(record, await terminals.settle({ siteId, terminalId, key }));
  }

  /** Closing the register's day also settles the terminals where it is set so; that one of them does not answer is a warning: the day is closed. */
  private async task(record: CommandRecord): Promise<KkmAnswer> {
    const { siteId, registerId, command } = record;
    const { wish } = command;
    if (wish.kind !== 'RegisterTask') return errorAnswer(record.unit, doorTexts.noRegister);
    const register = registerId === null ? null : await this.ports.units.registerById(siteId, registerId);
    if (!register) return notFoundAnswer(command.unit.numDevice);
    const answer = await register.fiscal.task({ key: receiptKey(record), task: wish.task, command, asSent: wish.asSent });
    if (wish.task.kind !== 'CloseShift' || !register.settleOnCloseShift || answer.error !== '') return answer;
    const faults = await this.ports.terminals.settleSite({ siteId, key: record.id });
    return faults.length === 0 ? answer : { ...answer, warning: [answer.warning, ...faults].filter((text) => text !== null).join(' ') };
  }
}

function terminalAnswer({ unit }: CommandRecord, { state, slip, reason }: TerminalAnswer): KkmAnswer {
  if (state === 'unknown') return errorAnswer(unit, doorTexts.terminalUnknown);
  if (state === 'failed') return errorAnswer(unit, doorTexts.terminalRefused(reason));
  return okAnswer(unit, slip === null ? {} : { Slip: slipText(slip) });
}
