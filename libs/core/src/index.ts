export { check, unreachable, BrokenInvariant } from './check';
export { amountMinorMax, currencies, currencyNumbers, formatMinor, moneyText } from './money';
export type { Currency } from './money';
export { afterRestoreStates } from './after-restore';
export type { AfterRestoreState, AssignChargeRequest, FoundCharge, ReleaseTerminalRequest, RestoreOverview, TerminalAfterRestore } from './after-restore';
export { equipmentIdPattern, idMadeAtMs, newId, sitesOverlap, terminalQueue } from './ids';
export type { IdPrefix } from './ids';
export { Indeterminate, KnownError, Rejected, Unavailable } from './errors';
export type { ErrorDetails } from './errors';
export { errorCatalogue } from './error-catalogue';
export type { ErrorCode, ErrorEntry } from './error-catalogue';
export { accountFitsBik, isInn, isOtherBankTerminal, noBankIdentity } from './bank-details';
export type { BankIdentity } from './bank-details';
export { maskCardNumbers } from './card-numbers';
export { evidenceKinds, evidenceLimits, makeEvidence } from './evidence';
export type { Evidence, EvidenceKind, KeptEvidence } from './evidence';
export { dispositions, terminalWords } from './resolution';
export type { Conflict, Decider, Decision, Requester, Resolution, SurfacedMoney, TerminalWord } from './resolution';
export { verdictOf, verdictReasons, verdicts } from './verdict';
export type { Verdict, VerdictReason } from './verdict';
export { entryModes, noBankFacts, outcomeReasons, reasonTexts } from './outcomes';
export type { BankFacts, CardFacts, Outcome, OutcomeKind, OutcomeReason } from './outcomes';
export { attemptMachine, attemptStatuses, isFinalAttempt, nextAttemptStatus } from './attempt-machine';
export type { AttemptHappening, AttemptStatus } from './attempt-machine';
export {
  eventNames,
  idCommandMember,
  isRedoable,
  lateApprovals,
  methods,
  notChargedStatuses,
  operations,
  paymentStatus,
  paymentStatuses,
  purposes,
} from './payment';
export type { Attempt, AttemptStanding, CancelRequested, EventName, LateApproval, Method, Operation, Payment, PaymentStatus, Purpose } from './payment';
export { guestSwitches, moneyPaths, qrDisplays, qrWindowSeconds, sbpBankNames } from './sbp';
export type {
  MoneyPath,
  QrAnswer,
  QrDisplay,
  QrRequest,
  QrStage,
  SbpAccount,
  SbpBankName,
  SbpNotificationAnswer,
  SbpNotificationRequest,
  SbpSealingKey,
  SbpWay,
  SetSbpAccountRequest,
  ShownQr,
} from './sbp';
export { commandStatuses } from './kkm-commands';
export type {
  ChargeReference,
  CheckDocument,
  CheckGoods,
  CheckSums,
  CommandStatus,
  UnitSearch,
  KkmAnswer,
  KkmCaller,
  KkmCommand,
  KkmWish,
  RegisterTask,
} from './kkm-commands';
export { progressSteps } from './work';
export type {
  AttemptResult,
  ControlHint,
  HeartbeatAnswer,
  HeartbeatRequest,
  LeaseAnswer,
  LeaseRequest,
  OriginalCharge,
  PaymentCommand,
  PermitAnswer,
  PermitRequest,
  Progress,
  ProgressStep,
  TerminalSettings,
} from './work';
export { decideLease, decidePermit, othersLeaveWithinMs, permitTimes } from './permit';
export { baudRates, parities } from './terminal-transport';
export type { BaudRate, Parity, SerialSettings, TcpSettings, TerminalTransport } from './terminal-transport';
export type { LeaseFacts, PermitDecision, PermitEffect, PermitFacts, PermittedAttempt, PermitTimes } from './permit';
export type {
  CancelledPayment,
  CancelPaymentRequest,
  ClosePaymentRequest,
  CompletionEvent,
  EventPage,
  FeedEnd,
  Idempotency,
  ListPaymentsRequest,
  OpenedPayment,
  OpenPaymentRequest,
  PaymentPage,
  ReadEventsRequest,
  ReadPaymentRequest,
  RedoPaymentRequest,
  RefundPaymentRequest,
  RejectedRequest,
  RejectRequestRequest,
  ReplayRequest,
  ResolvePaymentRequest,
  SiteScope,
  SwitchPaymentRequest,
  TerminalStanding,
  VerdictRequest,
} from './ledger-calls';
export { deliveryOrigins, deliveryStates, replayChoices, webhookTestType } from './webhooks';
export type {
  ChangeWebhookRequest,
  CreateWebhookRequest,
  DeliveryOrigin,
  DeliveryPage,
  DeliveryState,
  ListDeliveriesRequest,
  ListWebhooksRequest,
  NamedWebhook,
  ReplayChoice,
  ReplayDeliveryRequest,
  ReplayedRange,
  ReplayRangeRequest,
  RotateWebhookRequest,
  WebhookDelivery,
  WebhookEndpoint,
  WebhookEventType,
  WebhookPage,
  WebhookSecret,
  WebhookTry,
} from './webhooks';
export { notReplayableReasons, parkedBodyForms, parkedStates } from './parked-messages';
export type { NotReplayable, ParkedBodyForm, ParkedMessage, ParkedState, ParkedSummary } from './parked-messages';
export { settingKinds } from './setting-changes';
export type { SettingAuthor, SettingChange, SettingKind } from './setting-changes';
export { reportOperationsMax } from './terminal-knowledge';
export type {
  BaselineAnswer,
  BaselineRequest,
  EndBaselineAnswer,
  EndBaselineRequest,
  KnowledgeRequest,
  ReportAnchor,
  ReportedOperation,
  TerminalKnowledge,
} from './terminal-knowledge';
export { certificationFigures, certificationPrompts, certifiedLinks, gradeOf, gradeReasons, grades, testMoney } from './certification';
export type {
  CertificationFigures,
  CertificationPlan,
  CertificationPrompt,
  CertifiedLink,
  Grade,
  Graded,
  GradeReason,
  TestMoney,
  TestResult,
} from './certification';
export { linkProblems, linkProblemTexts } from './link-problems';
export type { LinkProblem } from './link-problems';
export { newTerminal, requestKinds, requestStates } from './requests';
export type {
  AnswerRequestRequest,
  KeptRequest,
  LinkDraft,
  LinkFacts,
  RequestAnswer,
  RequestKind,
  RequestState,
  RequestToDo,
  TakeRequestAnswer,
  TakeRequestRequest,
} from './requests';
export { healthBucketMs, healthBuckets, linkStates, readFailureRate } from './terminal-health';
export type { HealthBucket, HealthFigures, HealthRequest, LedgerHealth, LinkState, TerminalHealth, TerminalNow, TimeSpread } from './terminal-health';
export type { Timers, Transport } from './transport';
export type { Conversation, ConversationHooks, TerminalAnswer, TerminalRecord, TerminalRequest } from './conversation';
