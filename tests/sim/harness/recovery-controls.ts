import type { Control } from './defects';
import { crowding, parting, settling } from './focused';
import { baselineAnytime, errandsForgotten, livingInherited, orphansDropped, reachIgnored, strangersIgnored, waitingParked } from './planted-recovery';

/** Planted defects of recovery: what proves that nothing was charged, who is sent for what nobody works on, and what waits. */
export const recoveryControls: readonly Control[] = [
  {
    clause: 5,
    name: 'a report that shows an unknown operation proves that nothing was charged',
    seed: 26,
    caught: /but the bank has the money|the bank booked .* which is failed/,
    defect: strangersIgnored,
  },
  {
    clause: 5,
    name: 'a report that does not reach back proves that nothing was charged',
    seed: 9,
    draw: settling,
    caught: /but the bank has the money|the bank booked .* which is failed/,
    defect: reachIgnored,
  },
  {
    clause: 6,
    name: 'a report becomes the baseline while an attempt is unfinished',
    seed: 28,
    draw: parting,
    caught: /but the bank has the money|the bank booked .* which is failed|in doubt at rest/,
    defect: baselineAnytime,
  },
  {
    clause: 9,
    name: 'nobody is sent for an attempt that nobody works on',
    seed: 9,
    caught: /at rest|no terminal’s answer was recorded/,
    defect: errandsForgotten,
  },
  {
    clause: 11,
    name: 'a command that has to wait for its terminal is given up',
    seed: 4,
    draw: crowding,
    caught: /a command was given up/,
    defect: waitingParked,
  },
  {
    clause: 12,
    name: 'a charge of an attempt that nobody knows is dropped',
    seed: 3,
    caught: /a charge that nobody knows is not kept/,
    defect: orphansDropped,
  },
  {
    clause: null,
    name: 'a living worker’s lease is inherited',
    seed: 2,
    caught: /moved under a live permit|the lease of a living worker was ended/,
    defect: livingInherited,
  },
];
