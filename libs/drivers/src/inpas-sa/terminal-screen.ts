import { formatMinor } from '@kkm/core';
import type { Operation } from '@kkm/core';
import type { Screen } from '../kit/virtual-terminal';

/** What guests read on a virtual terminal. */
export const screens = {
  idle: { state: 'idle', lines: ['ДОБРО ПОЖАЛОВАТЬ'], amountMinor: null, qr: null },
  off: { state: 'off', lines: [], amountMinor: null, qr: null },
  card: (amountMinor: number): Screen => ({
    state: 'card',
    lines: ['ОПЛАТА', `${formatMinor(amountMinor)} ₽`, 'ПРИЛОЖИТЕ ИЛИ ВСТАВЬТЕ КАРТУ'],
    amountMinor,
    qr: null,
  }),
  busy: (amountMinor: number, operation: Operation): Screen => ({
    state: 'busy',
    lines: [words[operation], `${formatMinor(amountMinor)} ₽`, 'СВЯЗЬ С БАНКОМ. ПОДОЖДИТЕ'],
    amountMinor,
    qr: null,
  }),
  approved: (amountMinor: number): Screen => ({ state: 'approved', lines: ['ОДОБРЕНО', `${formatMinor(amountMinor)} ₽`], amountMinor, qr: null }),
  refused: (text: string): Screen => ({ state: 'refused', lines: [text], amountMinor: null, qr: null }),
  sbp: (amountMinor: number, text: string): Screen => ({
    state: 'qr',
    lines: ['ОПЛАТА ПО СБП', `${formatMinor(amountMinor)} ₽`, 'ОТСКАНИРУЙТЕ QR-КОД'],
    amountMinor,
    qr: text,
  }),
  qr: (text: string, lines: readonly string[]): Screen => ({ state: 'qr', lines: ['ОТСКАНИРУЙТЕ QR-КОД', ...lines], amountMinor: null, qr: text }),
} as const satisfies Readonly<Record<string, Screen | ((...facts: never[]) => Screen)>>;

const words: Readonly<Record<Operation, string>> = { sale: 'ОПЛАТА', void: 'ОТМЕНА ОПЕРАЦИИ', refund: 'ВОЗВРАТ', reversal: 'АВТООТМЕНА' };
