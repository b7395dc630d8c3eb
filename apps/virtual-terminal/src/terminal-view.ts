import { formatMinor } from '@kkm/core';
import { formatFault } from '@kkm/drivers/terminals';
import type { PlayedTerminal } from './played-terminal';

/** A terminal as the control API shows it. */
export type TerminalView = ReturnType<typeof terminalView>;

/** What its screen shows, what it will do next, where it is, whether it is there and whether a register is connected. Amounts are minor units. */
export function terminalView({ id, place, isConnected, machine }: PlayedTerminal) {
  const { screen, behaviour } = machine;
  return {
    id,
    port: place.kind === 'tcp' ? place.port : null,
    path: place.kind === 'serial' ? place.path : null,
    connected: isConnected,
    plugged: machine.plugged,
    reachable: isConnected || machine.acceptsConnection,
    screen: { ...screen, text: screen.lines.join('\n'), amount: screen.amountMinor === null ? null : formatMinor(screen.amountMinor) },
    behaviour: { ...behaviour, faults: behaviour.faults.map(formatFault) },
  };
}
