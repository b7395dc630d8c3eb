import { Rejected } from '@kkm/core';
import type { EquipmentSurroundings, TerminalName } from './ports';

/** Refuses while a terminal has unfinished work, which a change would end, or have recovered by other rules than it was begun by. @throws Rejected `equipment.terminal_busy`. */
export async function mustBeFree({ standing }: Pick<EquipmentSurroundings, 'standing'>, terminal: TerminalName): Promise<void> {
  const { occupantAttemptId, inDoubt } = await standing(terminal);
  if (occupantAttemptId === null && !inDoubt) return;
  throw new Rejected('equipment.terminal_busy', {
    ...(occupantAttemptId === null ? {} : { detail: `Attempt ${occupantAttemptId} at ${terminal.terminalId} ${inDoubt ? 'is in doubt' : 'is running'}.` }),
  });
}
