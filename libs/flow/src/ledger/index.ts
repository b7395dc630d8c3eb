export { CancelPayment } from './cancel-payment';
export { changeOf, hiddenChangeOf } from './change';
export { CloseEnded, ClosePayment } from './close-payment';
export type { Change, ChargeWrite, DispositionWrite, EventWrite, KeyWrite, LeaseGuard, PermitWrite, PostingWrite, QrWrite, ReturnWrite } from './change';
export type { ChargeRecord, MadeReturn } from './charges';
export type { DropReason, ResultDecision, ResultFacts } from './decide-result';
export { openReturn, returnHindrance } from './open-return';
export { DecideLateMoney } from './decide-late-money';
export type { EvidenceWrite } from './evidence';
export { GrantPermit } from './grant-permit';
export { EndBaseline, ReadTerminalKnowledge, RecordBaseline } from './know-terminal';
export type {
  FeedPage,
  FoundAttempt,
  FoundFacts,
  HeartbeatOutcome,
  KeyUse,
  LeaseRecord,
  LedgerStore,
  OpenAnswer,
  Opening,
  OrderConflict,
  PaymentFilter,
  SaveAnswer,
  TerminalRecord,
  WorkerSeen,
} from './ledger-store';
export { Heartbeat, LeaseTerminal, ReadTerminalStanding } from './lease-terminal';
export { OpenPayment, ReplayPayment } from './open-payment';
export { ListPayments, ReadEvents, ReadPayment, RejectRequest } from './read-payments';
export { ReadTerminalHealth } from './read-terminal-health';
export type { HealthReader, TerminalTold } from './read-terminal-health';
export { ReadVerdict } from './read-verdict';
export { RecordResult } from './record-result';
export type { ResultVerdict } from './record-result';
export { showPayment, workCommandOf } from './records';
export type { AttemptRecord, PaymentRecord, PermitRecord, QrRecord, ReturnedCharge, SurfacedCharge } from './records';
export { RedoPayment } from './redo-payment';
export { RefundPayment } from './refund-payment';
export type { ResolutionRecord, ResolutionWrite, TerminalSaid } from './resolution';
export { ResolvePayment } from './resolve-payment';
export { errandTimes } from './errands';
export type { Errand, ErrandTimes } from './errands';
export { AskForQr } from './sbp/ask-for-qr';
export { isBankResult } from './sbp/bank-results';
export { HearNotification } from './sbp/hear-notification';
export { plannedQr } from './sbp/money-path';
export type { ChosenPath } from './sbp/money-path';
export type { FoundQr, QrHints, QrPorts } from './sbp/settle-qr';
export { WatchQrs } from './sbp/watch-qrs';
export type { QrWatch } from './sbp/watch-qrs';
export { sbpTimes } from './sbp/sbp-bank';
export { RefundAtBanks } from './sbp/refund-at-banks';
export type { RefundWatch } from './sbp/refund-at-banks';
export type { DueClaim, DueQr, GrowingClaim, QrStore } from './sbp/qr-store';
export type { CreatedQr, QrAtBank, RefundAtBank, SbpBank, SbpBanks, SbpNotification, SbpOrder, SbpQrName, SbpRefund } from './sbp/sbp-bank';
export { SendErrands } from './send-errands';
export type { ErrandPublisher, ErrandsSent } from './send-errands';
export type { LedgerSurroundings } from './surroundings';
export { SwitchPayment } from './switch-payment';
export { decideTry, webhookTimes } from './webhooks/decide-try';
export type { TryAnswer, TryDecision } from './webhooks/decide-try';
export { nextPlaceMs, takePlaces } from './webhooks/site-rate';
export { SweepExpired } from './sweep-expired';
