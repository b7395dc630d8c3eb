import type { WorkerPorts } from '@kkm/flow/worker';
import type { Defect } from './defects';
import { storing } from './planted';

/** Changes what the ledger tells a worker about a terminal. */
const knowing = (change: (ports: WorkerPorts) => Partial<WorkerPorts['ledger']>): Defect => ({
  worker: (ports) => ({ ...ports, ledger: { ...ports.ledger, ...change(ports) } }),
});

/** Every operation of a report counts as known: absence is proved by a report that shows the charge. */
export const strangersIgnored: Defect = knowing(({ ledger }) => ({
  knowledge: async (request) => ({ ...(await ledger.knowledge(request)), known: request.rrns }),
}));

/** A report need not reach back past the grant: any period will do. */
export const reachIgnored: Defect = {
  worker: (ports) => ({
    ...ports,
    links: {
      ...ports.links,
      open: async (settings) => {
        const inner = await ports.links.open(settings);
        return {
          closed: inner.closed,
          abort: () => inner.abort(),
          close: () => inner.close(),
          run: async (request, hooks) => {
            const answer = await inner.run(request, hooks);
            return answer.kind === 'report' ? { ...answer, since: 'always' } : answer;
          },
        };
      },
    },
    ledger: {
      ...ports.ledger,
      knowledge: async (request) => {
        const told = await ports.ledger.knowledge(request);
        return { ...told, anchor: told.anchor && { kind: 'period', since: 'always' } };
      },
    },
  }),
};

/** A command that has to wait for its terminal is given up instead of held. */
export const waitingParked: Defect = knowing(({ ledger }) => ({
  permit: async (request) => {
    const answer = await ledger.permit(request);
    return answer.kind === 'terminal-busy' || answer.kind === 'terminal-in-doubt' ? { kind: 'unknown-attempt' } : answer;
  },
}));

/** Reports are read all the time and become the baseline while an attempt is unfinished: its own operation is then taken for somebody else's. */
export const baselineAnytime: Defect = {
  worker: (ports) => ({ ...ports, times: { ...ports.times, baselineMs: 1_000, baselineRetryMs: 1_000 } }),
  recovery: (recovery) => {
    recovery.isGuarded = false;
  },
};

/** Nobody is sent for what nobody works on. */
export const errandsForgotten: Defect = storing(() => ({ dueErrands: () => Promise.resolve([]) }));

/** A result of an attempt that the ledger does not know is dropped instead of kept for a person. */
export const orphansDropped: Defect = {
  ...storing(() => ({ keepOrphan: () => Promise.resolve() })),
};

/** A worker claims its living peers' leases as a dead predecessor's. */
export const livingInherited: Defect = {
  worker: (ports) => {
    const seen = new Set<string>();
    return {
      ...ports,
      ledger: {
        ...ports.ledger,
        heartbeat: async (request) => {
          const answer = await ports.ledger.heartbeat(request);
          for (const workerId of answer.workerIds) if (workerId !== ports.workerId) seen.add(workerId);
          return answer;
        },
        lease: (request) => ports.ledger.lease({ ...request, predecessors: [...seen] }),
        permit: (request) => ports.ledger.permit({ ...request, predecessors: [...seen] }),
      },
    };
  },
};
