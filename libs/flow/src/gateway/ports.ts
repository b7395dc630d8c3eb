import type {
  BankIdentity,
  AssignChargeRequest,
  ReleaseTerminalRequest,
  RestoreOverview,
  CancelledPayment,
  CancelPaymentRequest,
  ChangeWebhookRequest,
  ClosePaymentRequest,
  ControlHint,
  CreateWebhookRequest,
  DeliveryPage,
  EventPage,
  FeedEnd,
  LateApproval,
  ListDeliveriesRequest,
  ListPaymentsRequest,
  ListWebhooksRequest,
  Method,
  NamedWebhook,
  OpenedPayment,
  OpenPaymentRequest,
  Payment,
  PaymentCommand,
  PaymentPage,
  ReadEventsRequest,
  ReadPaymentRequest,
  RedoPaymentRequest,
  RefundPaymentRequest,
  RejectRequestRequest,
  ReplayDeliveryRequest,
  ReplayedRange,
  ReplayRangeRequest,
  ReplayRequest,
  ResolvePaymentRequest,
  RotateWebhookRequest,
  SbpAccount,
  SbpNotificationAnswer,
  SbpNotificationRequest,
  SbpSealingKey,
  SbpWay,
  SetSbpAccountRequest,
  SwitchPaymentRequest,
  TerminalStanding,
  Verdict,
  VerdictRequest,
  WebhookDelivery,
  WebhookEndpoint,
  WebhookPage,
} from '@kkm/core';

/** The ledger as the gateway calls it. Every call throws `Unavailable('ledger.unavailable')` when no answer came in time. */
export interface Ledger {
  open(request: OpenPaymentRequest): Promise<OpenedPayment>;
  redo(request: RedoPaymentRequest): Promise<OpenedPayment>;
  cancel(request: CancelPaymentRequest): Promise<CancelledPayment>;
  refund(request: RefundPaymentRequest): Promise<OpenedPayment>;
  switch(request: SwitchPaymentRequest): Promise<CancelledPayment>;
  resolve(request: ResolvePaymentRequest): Promise<Payment>;
  close(request: ClosePaymentRequest): Promise<Payment>;
  verdict(request: VerdictRequest): Promise<Verdict>;
  read(request: ReadPaymentRequest): Promise<Payment>;
  list(request: ListPaymentsRequest): Promise<PaymentPage>;
  reject(request: RejectRequestRequest): Promise<null>;
  events(request: ReadEventsRequest): Promise<EventPage>;
  /** The cursor behind the newest event. */
  feedEnd(): Promise<FeedEnd>;
  standing(terminal: { readonly siteId: string; readonly terminalId: string }): Promise<TerminalStanding>;
  /** What an earlier request with this key opened; null when there was none. Throws as `open` does when the fingerprint differs. */
  replay(request: ReplayRequest): Promise<OpenedPayment | null>;
}

/** The ledger where it has to do with the banks of sites. Every call throws `Unavailable('ledger.unavailable')` when no answer came in time. */
export interface SbpLedger {
  sealingKey(): Promise<SbpSealingKey>;
  /** Null when the site has no bank. */
  account(request: { readonly siteId: string }): Promise<SbpAccount | null>;
  setAccount(request: SetSbpAccountRequest): Promise<SbpAccount>;
  notified(request: SbpNotificationRequest): Promise<SbpNotificationAnswer>;
}

/** The ledger where it has to do with webhooks. Every call throws `Unavailable('ledger.unavailable')` when no answer came in time. */
export interface WebhookLedger {
  sealingKey(): Promise<SbpSealingKey>;
  create(request: CreateWebhookRequest): Promise<WebhookEndpoint>;
  list(request: ListWebhooksRequest): Promise<WebhookPage>;
  read(request: NamedWebhook): Promise<WebhookEndpoint>;
  change(request: ChangeWebhookRequest): Promise<WebhookEndpoint>;
  delete(request: NamedWebhook): Promise<null>;
  rotate(request: RotateWebhookRequest): Promise<WebhookEndpoint>;
  test(request: NamedWebhook): Promise<WebhookDelivery>;
  deliveries(request: ListDeliveriesRequest): Promise<DeliveryPage>;
  replay(request: ReplayDeliveryRequest): Promise<WebhookDelivery>;
  replayRange(request: ReplayRangeRequest): Promise<ReplayedRange>;
}

/** The ledger where it has to do with what a restore left. Every call throws `Unavailable('ledger.unavailable')` when no answer came in time. */
export interface RestoreLedger {
  overview(): Promise<RestoreOverview>;
  release(request: ReleaseTerminalRequest): Promise<RestoreOverview>;
  assign(request: AssignChargeRequest): Promise<RestoreOverview>;
}

/** Where commands and hints for terminals go. */
export interface CommandPublisher {
  /** Resolves when the broker has the command for good; throws `Unavailable('broker.unavailable')` otherwise. */
  publish(command: PaymentCommand): Promise<void>;
  /** Fire and forget. */
  hint(terminal: { readonly siteId: string; readonly terminalId: string }, hint: ControlHint): void;
}

/** How a register's checks are charged. */
export interface RegisterAcquiring {
  readonly option: 'none' | Method;
  readonly terminalId: string | null;
}

/** What a payment needs to know of its terminal. */
export interface TerminalWay {
  readonly terminalId: string;
  readonly enabled: boolean;
  /** How SBP is paid there, by its profile. */
  readonly sbp: SbpWay;
  /** What the bank knows it by; null where nobody has written it down. */
  readonly bank: BankIdentity | null;
}

/** What a payment's way to its terminal depends on, as it is stored now. Members are null when there is no such entry at that site. */
export interface PaymentEquipment {
  readonly acquiring: RegisterAcquiring | null;
  /** The terminal asked for; with none asked for, the one of the register's acquiring. */
  readonly terminal: TerminalWay | null;
  /** The site's setting. */
  readonly lateApproval: LateApproval;
}

/** The equipment settings. Read anew for each payment: what a PUT answered is in force (design-money, clause 26). */
export interface Equipment {
  forPayment(asked: { readonly siteId: string; readonly registerId: string | null; readonly terminalId: string | null }): Promise<PaymentEquipment>;
}

/** SHA-256 in hexadecimal; an argument because pure layers have no built-ins. */
export type Digest = (text: string) => string;
