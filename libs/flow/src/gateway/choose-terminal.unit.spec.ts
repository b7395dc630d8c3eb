import { sampleBank } from '../testing/gateway-ports';
import { chooseTerminal } from './choose-terminal';
import type { AskedWay } from './choose-terminal';
import type { PaymentEquipment } from './ports';

const sbp = { by: 'bank_qr', windowSeconds: 180 } as const;
const bank = sampleBank;
const asked = (more: Partial<AskedWay> = {}): AskedWay => ({ registerId: 'desk-1', terminalId: null, method: null, ...more });
const found = (
  option: 'none' | 'card' | 'sbp_qr' | 'card_or_sbp_qr',
  more: Partial<PaymentEquipment> = {},
): Pick<PaymentEquipment, 'acquiring' | 'terminal'> => ({
  acquiring: { option, terminalId: option === 'none' ? null : 'pax-1' },
  terminal: { terminalId: 'pax-1', enabled: true, sbp, bank },
  ...more,
});
const codeOf = (work: () => unknown): string => {
  try {
    work();
  } catch (error) {
    return (error as { code: string }).code;
  }
  return 'none';
};

describe('chooseTerminal', () => {
  it.each(['card', 'sbp_qr', 'card_or_sbp_qr'] as const)('takes terminal and method of a register that takes %s', (option) => {
    expect(chooseTerminal(asked(), found(option))).toEqual({ terminalId: 'pax-1', method: option, sbp, bank });
  });

  it('lets a register that takes both take each, and one that takes one only that', () => {
    expect(chooseTerminal(asked({ method: 'sbp_qr' }), found('card_or_sbp_qr')).method).toBe('sbp_qr');
    expect(chooseTerminal(asked({ method: 'card' }), found('card')).method).toBe('card');
    expect(codeOf(() => chooseTerminal(asked({ method: 'sbp_qr' }), found('card')))).toBe('equipment.method_not_enabled');
    expect(codeOf(() => chooseTerminal(asked({ method: 'card_or_sbp_qr' }), found('card')))).toBe('equipment.method_not_enabled');
  });

  it('sets the register’s option aside for a named terminal', () => {
    const terminal = { terminalId: 'pax-2', enabled: true, sbp, bank };
    expect(chooseTerminal(asked({ terminalId: 'pax-2', method: 'sbp_qr' }), found('card', { terminal }))).toEqual({
      terminalId: 'pax-2',
      method: 'sbp_qr',
      sbp,
      bank,
    });
    expect(chooseTerminal(asked({ terminalId: 'pax-2' }), found('none', { terminal })).method).toBe('card');
    expect(chooseTerminal(asked({ terminalId: 'pax-2', registerId: null }), { acquiring: null, terminal }).method).toBe('card');
  });

  it('refuses SBP alone at a terminal that takes none, and begins with the card where either will do', () => {
    const without = { terminal: { terminalId: 'pax-1', enabled: true, sbp: { by: 'none' }, bank } } as const;
    expect(codeOf(() => chooseTerminal(asked(), found('sbp_qr', without)))).toBe('sbp.not_offered');
    expect(codeOf(() => chooseTerminal(asked({ terminalId: 'pax-1', method: 'sbp_qr' }), found('card', without)))).toBe('sbp.not_offered');
    expect(chooseTerminal(asked(), found('card_or_sbp_qr', without))).toEqual({ terminalId: 'pax-1', method: 'card_or_sbp_qr', sbp: { by: 'none' }, bank });
    expect(chooseTerminal(asked(), found('sbp_qr', { terminal: { terminalId: 'pax-1', enabled: true, sbp: { by: 'terminal' }, bank } })).sbp).toEqual({
      by: 'terminal',
    });
  });

  it('refuses what leads to no terminal', () => {
    expect(codeOf(() => chooseTerminal(asked(), { acquiring: null, terminal: null }))).toBe('equipment.not_found');
    expect(codeOf(() => chooseTerminal(asked({ registerId: null }), { acquiring: null, terminal: null }))).toBe('equipment.no_terminal');
    expect(codeOf(() => chooseTerminal(asked(), found('none', { terminal: null })))).toBe('equipment.no_terminal');
    expect(codeOf(() => chooseTerminal(asked({ terminalId: 'pax-9' }), found('card', { terminal: null })))).toBe('equipment.not_found');
    expect(codeOf(() => chooseTerminal(asked(), found('card', { terminal: { terminalId: 'pax-1', enabled: false, sbp, bank } })))).toBe(
      'equipment.no_terminal',
    );
  });
});
