import type { Conversation, PermitAnswer } from '@kkm/core';
import { withCrashPoints } from '@kkm/crash-points';
import type { Reach, Steps } from '@kkm/crash-points';
import type { Journal, JournalEntry, ResultPublisher, TerminalLinks, Worker, WorkerLedger, WorkerPorts } from '@kkm/flow/worker';

/** The worker's ports with a crash point at each durable step; the ports themselves where none can be armed. */
export function crashingPorts(ports: WorkerPorts, reach: Reach | null): WorkerPorts {
  if (!reach) return ports;
  return {
    ...ports,
    ledger: crashingLedger(ports.ledger, reach),
    links: crashingLinks(ports.links, reach),
    journal: crashingJournal(ports.journal, reach),
    results: crashingResults(ports.results, reach),
  };
}

/** The worker with crash points around each delivery. */
export function crashingWorker(worker: Worker, reach: Reach | null): Worker {
  return withCrashPoints(worker, reach, {
    handle: () => ({ before: 'worker.delivery:before', after: 'worker.delivery:after', later: 'worker.delivery:acked' }),
  });
}

function crashingLedger(ledger: WorkerLedger, reach: Reach): WorkerLedger {
  return withCrashPoints(ledger, reach, {
    lease: () => ({ before: 'worker.lease:before', after: 'worker.lease:after' }),
    showQr: () => ({ before: 'worker.qr:before', sent: 'worker.qr:sent', after: 'worker.qr:after' }),
    permit: () => ({ before: 'worker.permit:before', sent: 'worker.permit:sent', after: afterPermit }),
  });
}

function afterPermit({ kind }: PermitAnswer): 'worker.permit:after' | 'worker.take-over:after' | null {
  if (kind === 'granted') return 'worker.permit:after';
  return kind === 'already-granted' ? 'worker.take-over:after' : null;
}

function crashingJournal(journal: Journal, reach: Reach): Journal {
  return withCrashPoints(journal, reach, {
    write: (entry) => writeSteps(entry),
    finish: () => ({ before: 'worker.finish:before', after: 'worker.finish:after' }),
  });
}

function writeSteps(entry: JournalEntry): Steps<void> {
  switch (entry.state) {
    case 'begun':
      return { before: 'worker.begun:before', after: 'worker.begun:after' };
    case 'in-doubt':
      return { before: 'worker.in-doubt:before', after: 'worker.in-doubt:after' };
    case 'answered':
      return entry.result.source === 'recovery' && entry.result.outcome.kind !== 'unknown'
        ? { before: 'worker.recovered:before', after: 'worker.recovered:after' }
        : { before: 'worker.answered:before', after: 'worker.answered:after' };
  }
}

function crashingResults(results: ResultPublisher, reach: Reach): ResultPublisher {
  return withCrashPoints(results, reach, {
    publish: ({ outcome, source }) => {
      if (outcome.kind === 'unknown') return { before: 'worker.doubt:before', sent: 'worker.doubt:sent', after: 'worker.doubt:after' };
      if (source === 'recovery') return { sent: 'worker.recovered-result:sent', after: 'worker.recovered-result:after' };
      return { before: 'worker.result:before', sent: 'worker.result:sent', after: 'worker.result:after' };
    },
  });
}

function crashingLinks(links: TerminalLinks, reach: Reach): TerminalLinks {
  return {
    reference: (settings, attemptId) => links.reference(settings, attemptId),
    cardWaitMs: (settings) => links.cardWaitMs(settings),
    qrShowSeconds: (settings) => links.qrShowSeconds(settings),
    open: async (settings) => {
      await reach('worker.link:before');
      const conversation = await links.open(settings);
      await reach('worker.link:after');
      return crashingConversation(conversation, reach);
    },
  };
}

/** Until what a driver was asked to send is on its way; it says so of financial bytes alone. */
const underWayMs = 10;

/** The bytes go out between two turns of the driver, which cannot be held there: held is whatever the terminal says from then on. */
function crashingConversation(conversation: Conversation, reach: Reach): Conversation {
  return {
    closed: conversation.closed,
    abort: () => conversation.abort(),
    close: () => conversation.close(),
    run: async (request, hooks) => {
      let held: Promise<void> = Promise.resolve();
      const answering = conversation.run(request, {
        mayStillSend: () => hooks.mayStillSend(),
        onSent: () => {
          hooks.onSent();
          if (request.kind === 'sale') held = reach('worker.sale:sent');
        },
        onHeartbeat: () => hooks.onHeartbeat(),
        store: async (stored) => {
          await held;
          await hooks.store(stored);
        },
      });
      if (request.kind === 'show-qr') held = reach('worker.qr-display:sent', underWayMs);
      const answer = await answering;
      await held;
      if (request.kind === 'link-test') await reach('worker.link-test:after');
      if (request.kind === 'last-result') await reach('worker.last-result:after');
      if (request.kind === 'report') await reach('worker.report:after');
      return answer;
    },
  };
}
