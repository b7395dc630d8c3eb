export { workerTimes } from './worker-times';
export type { WorkerTimes } from './worker-times';
export { predecessorsKeptMax, rrnsKeptMax } from './ports';
export type {
  AnsweredEntry,
  BegunEntry,
  Clock,
  Disposition,
  Equipment,
  Ids,
  InDoubtEntry,
  Journal,
  JournalEntry,
  ProgressPublisher,
  RequestDesk,
  ResultPublisher,
  SiteTerminals,
  SpanName,
  TerminalLinks,
  TerminalQueue,
  TerminalQueues,
  WorkerLedger,
  WorkerNote,
  WorkerWatch,
} from './ports';
export { rankWorkers } from './rendezvous';
export { Worker } from './worker';
export type { WorkerPorts } from './worker';
