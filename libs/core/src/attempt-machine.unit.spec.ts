import {
  attemptHappenings,
  attemptMachine,
  attemptStatuses,
  isFinalAttempt,
  liveSaleStatuses,
  nextAttemptStatus,
  terminalHoldingStatuses,
} from './attempt-machine';
import type { AttemptStatus } from './attempt-machine';

/** Every move there is, written down a second time: from, what happens, to. */
const moves = [
  'queued grant granted',
  'queued expire expired',
  'queued withdraw withdrawn',
  'queued fail-unpermitted failed',
  'granted approve approved',
  'granted decline declined',
  'granted cancel cancelled',
  'granted fail failed',
  'granted lose unknown',
  'unknown approve approved',
  'unknown decline declined',
  'unknown cancel cancelled',
  'unknown fail failed',
];

describe('the machine of an attempt', () => {
  it('allows these moves and no other', () => {
    const allowed = attemptStatuses.flatMap((from) =>
      attemptHappenings.flatMap((happening) => {
        const to = nextAttemptStatus(from, happening);
        return to === null ? [] : [`${from} ${happening} ${to}`];
      }),
    );
    expect(allowed.sort()).toEqual([...moves].sort());
  });

  it('has no way out of a final outcome', () => {
    const finals = attemptStatuses.filter(isFinalAttempt);
    expect(finals).toEqual(['approved', 'declined', 'cancelled', 'failed', 'expired', 'withdrawn']);
    for (const status of finals) expect(attemptHappenings.map((happening) => nextAttemptStatus(status, happening))).toEqual(attemptHappenings.map(() => null));
  });

  it('reaches every status from queued, and money only by way of a grant', () => {
    const reached = new Set<AttemptStatus>(['queued']);
    for (const from of reached) for (const to of Object.values(attemptMachine[from])) reached.add(to);
    expect(reached.size).toBe(attemptStatuses.length);
    expect(Object.values(attemptMachine.queued)).not.toContain('approved');
    expect(Object.values(attemptMachine.queued)).not.toContain('unknown');
  });

  it('never goes back to a status that could be granted', () => {
    const targets = attemptStatuses.flatMap((from) => Object.values(attemptMachine[from]));
    expect(targets).not.toContain('queued');
    expect(targets.filter((to) => to === 'granted')).toHaveLength(1);
  });

  it('holds the terminal between grant and outcome, and the payment until it is proved uncharged', () => {
    expect([...terminalHoldingStatuses]).toEqual(['granted', 'unknown']);
    const uncharged = attemptStatuses.filter((status) => isFinalAttempt(status) && status !== 'approved');
    expect([...liveSaleStatuses, ...uncharged].sort()).toEqual([...attemptStatuses].sort());
  });

  it('knows nothing of other words', () => {
    expect(() => isFinalAttempt('done' as AttemptStatus)).toThrow('done is no attempt status');
  });
});
