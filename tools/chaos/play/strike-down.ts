import type { LinkFault } from '@kkm/testkit';
import { monotonicMs, pause } from '../../bench/measure/clock';
import type { Strike } from '../count/facts';
import type { PlannedStrike } from '../plan/strikes';
import type { GuardedProcess } from './guarded-process';
import type { Screens } from './screens';
import type { Servers } from './servers';
import type { Ways } from './ways';

/** Everything a strike can fall on. */
export interface Field {
  readonly gateway: GuardedProcess;
  readonly ledger: GuardedProcess;
  readonly workers: readonly GuardedProcess[];
  readonly servers: Servers;
  readonly ways: Ways;
  readonly screens: Screens;
  readonly terminalIds: readonly string[];
}

/** A blow with its target chosen. `strike` calls `moment` directly before it falls, and resolves when all is well again. */
interface Aimed {
  readonly target: string;
  /** Asked at the moment itself: workers hand terminals over. */
  readonly terminalIds: () => readonly string[];
  readonly blocksRecovery: boolean;
  readonly strike: (moment: () => void) => Promise<void>;
}

/** So long a strike waits for a payment that it can hurt; then it falls all the same. */
const aimMsMax = 4_000;
const aimEveryMs = 25;

/** Lets a planned strike fall when a payment is at work that it can hurt, and returns what happened once all is well again. Null: there was nothing to strike. */
export async function strikeDown(planned: PlannedStrike, field: Field): Promise<Strike | null> {
  const aimed = await untilAtWork(planned, field);
  const fell: { readonly atMs: number; readonly terminalIds: readonly string[] }[] = [];
  await aimed.strike(() => fell.push({ terminalIds: aimed.terminalIds(), atMs: Date.now() }));
  const [moment] = fell;
  if (!moment) return null;
  return { kind: planned.kind, target: aimed.target, blocksRecovery: aimed.blocksRecovery, ...moment, untilMs: Date.now() };
}

async function untilAtWork(planned: PlannedStrike, field: Field): Promise<Aimed> {
  const deadline = monotonicMs() + aimMsMax;
  for (;;) {
    const aimed = aimAt(planned, field);
    if (field.screens.atWork(aimed.terminalIds()).length > 0 || monotonicMs() > deadline) return aimed;
    await pause(aimEveryMs);
  }
}

function aimAt(planned: PlannedStrike, field: Field): Aimed {
  const { kind, forMs, draw } = planned;
  const { gateway, ledger, servers } = field;
  const everywhere = { terminalIds: () => field.terminalIds };
  switch (kind) {
    case 'kill-gateway':
      return { ...everywhere, target: gateway.name, blocksRecovery: false, strike: (moment) => gateway.kill(forMs, moment) };
    case 'freeze-gateway':
      return { ...everywhere, target: gateway.name, blocksRecovery: false, strike: (moment) => gateway.freeze(forMs, moment) };
    case 'kill-ledger':
      return { ...everywhere, target: ledger.name, blocksRecovery: true, strike: (moment) => ledger.kill(forMs, moment) };
    case 'freeze-ledger':
      return { ...everywhere, target: ledger.name, blocksRecovery: true, strike: (moment) => ledger.freeze(forMs, moment) };
    case 'kill-worker':
    case 'freeze-worker':
      return aimAtWorker(picked(field.workers, draw), planned, field);
    case 'restart-rabbitmq':
      return { ...everywhere, target: 'rabbitmq', blocksRecovery: true, strike: (moment) => servers.restart('rabbitmq', moment) };
    case 'restart-postgres':
      return { ...everywhere, target: 'postgres', blocksRecovery: true, strike: (moment) => servers.restart('postgres', moment) };
    case 'cut-terminal-link':
      return aimAtTerminal(planned, field, { kind: 'refused' });
    case 'silence-terminal-link':
      return aimAtTerminal(planned, field, { kind: 'frozen' });
    case 'cut-broker-link':
      return aimAtBrokerLink(planned, field, { kind: 'refused' });
    case 'delay-messages':
      return aimAtBrokerLink(planned, field, { kind: 'delay', ms: planned.delayMs });
  }
}

function aimAtWorker(worker: GuardedProcess, { kind, forMs }: PlannedStrike, { ways }: Field): Aimed {
  const strike = (moment: () => void): Promise<void> => (kind === 'kill-worker' ? worker.kill(forMs, moment) : worker.freeze(forMs, moment));
  return { target: worker.name, terminalIds: () => ways.terminalsOf(worker.pid), blocksRecovery: true, strike };
}

/** A terminal at work, when there is one. */
function aimAtTerminal({ forMs, draw }: PlannedStrike, { screens, ways, terminalIds }: Field, fault: LinkFault): Aimed {
  const atWork = screens.atWork(terminalIds);
  const terminalId = picked(atWork.length > 0 ? atWork : terminalIds, draw);
  const strike = (moment: () => void): Promise<void> => ways.terminalLink(terminalId).breakFor(forMs, fault, moment);
  return { target: terminalId, terminalIds: () => [terminalId], blocksRecovery: true, strike };
}

function aimAtBrokerLink({ forMs, draw }: PlannedStrike, { gateway, ledger, workers, ways, terminalIds }: Field, fault: LinkFault): Aimed {
  const service = picked([ledger, gateway, ...workers], draw);
  return {
    target: `${service.name} to rabbitmq`,
    terminalIds: () => (workers.includes(service) ? ways.terminalsOf(service.pid) : terminalIds),
    blocksRecovery: fault.kind === 'refused' && service !== gateway,
    strike: (moment) => ways.brokerLink(service.name).breakFor(forMs, fault, moment),
  };
}

function picked<T>(some: readonly T[], draw: number): T {
  const one = some[Math.floor(draw * some.length)];
  if (one === undefined) throw new Error('There is nothing to pick from');
  return one;
}
