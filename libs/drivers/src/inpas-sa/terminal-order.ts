import { unreachable } from '@kkm/core';
import type { Operation } from '@kkm/core';
import type { BankAnswer, FakeBank } from '../kit/fake-bank';
import type { Fault } from '../kit/faults';
import type { Behaviour, CardKind } from '../kit/virtual-terminal';
import type { Message } from './fields';
import { amountOf, fieldNumbers as f, textOf } from './fields';

/** What the register asked a virtual terminal to do, and how it is to go wrong. */
export class TerminalOrder {
  /** Minor units; 0 when the request names none. */
  readonly amountMinor: number;

  constructor(
    readonly kind: Operation | 'sbp' | 'qr',
    readonly request: Message,
    readonly behaviour: Behaviour,
    private readonly faults: readonly Fault[],
  ) {
    this.amountMinor = amountOf(request) ?? 0;
  }

  /** Whether the fault was asked for. */
  has(name: Fault['name']): boolean {
    return this.faults.some((fault) => fault.name === name);
  }

  /** The fault's number; 0 without that fault. */
  valueOf(name: Fault['name']): number {
    return this.faults.find((fault) => fault.name === name)?.value ?? 0;
  }

  /** What a shown QR holds, its lines, and how long it is to be shown. */
  qr(): { readonly text: string; readonly lines: readonly string[]; readonly seconds: number } {
    const text = /^0xDF\^\^(.*)~$/s.exec(textOf(this.request, f.receipt) ?? '')?.[1] ?? '';
    const lines = (textOf(this.request, f.message) ?? '').split('\n').filter((line) => line !== '');
    return { text, lines, seconds: Number(textOf(this.request, f.displaySeconds) ?? 0) };
  }

  /** Lets the bank decide. */
  askBank(bank: FakeBank, terminalId: string, card: CardKind): BankAnswer {
    const { amountMinor, request } = this;
    const reference = textOf(request, f.reference);
    const rrn = textOf(request, f.rrn);
    switch (this.kind) {
      case 'sale':
      case 'sbp':
        return bank.sale({ terminalId, reference, card, amountMinor: Math.min(amountMinor, this.valueOf('partial_approval') || amountMinor) });
      case 'void':
        return bank.void({ terminalId, reference, rrn, amountMinor });
      case 'refund':
        return bank.refund({ terminalId, reference, rrn, amountMinor });
      case 'reversal':
        return this.behaviour.reversal === 'er3' ? { approved: false, hostCode: 'ER3', text: '' } : bank.reverseLast(terminalId, reference);
      case 'qr':
        return { approved: false, hostCode: '12', text: '' };
      default:
        return unreachable(this.kind);
    }
  }
}
