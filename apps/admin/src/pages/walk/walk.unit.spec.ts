import type { LinkTest } from '../../equipment/link-test';
import { newWalk, withFoundTerminalId } from './walk';

const { bank } = newWalk('club-1');
const found = (bankTerminalId: string | null): LinkTest =>
  ({
    state: 'done',
    reason: null,
    text: null,
    problem: null,
    link: { tookMs: 1, bankTerminalId, serialNumber: null, terminalTime: null, host: null },
  }) as LinkTest;

describe('the bank’s id of a terminal', () => {
  it('is taken from the link test', () => expect(withFoundTerminalId(bank, found('10000001')).terminalId).toBe('10000001'));
  it('stays as a person typed it', () => expect(withFoundTerminalId({ ...bank, terminalId: 'A1' }, found('10000001')).terminalId).toBe('A1'));
  it('stays unknown where the terminal tells none', () => expect(withFoundTerminalId(bank, found(null))).toEqual(bank));
  it('stays unknown where the terminal was not reached', () => expect(withFoundTerminalId(bank, { ...found(null), link: null })).toEqual(bank));
});
