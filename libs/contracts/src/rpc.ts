import type {
  AssignChargeRequest,
  ReleaseTerminalRequest,
  RestoreOverview,
  AnswerRequestRequest,
  BaselineAnswer,
  BaselineRequest,
  CancelledPayment,
  CancelPaymentRequest,
  ChangeWebhookRequest,
  ClosePaymentRequest,
  CreateWebhookRequest,
  DeliveryPage,
  EndBaselineAnswer,
  EndBaselineRequest,
  EventPage,
  HeartbeatAnswer,
  HeartbeatRequest,
  KnowledgeRequest,
  LeaseAnswer,
  LeaseRequest,
  ListDeliveriesRequest,
  ListPaymentsRequest,
  ListWebhooksRequest,
  NamedWebhook,
  FeedEnd,
  HealthRequest,
  LedgerHealth,
  OpenedPayment,
  OpenPaymentRequest,
  ReplayDeliveryRequest,
  ReplayedRange,
  ReplayRangeRequest,
  ReplayRequest,
  RotateWebhookRequest,
  Payment,
  PaymentPage,
  PermitAnswer,
  PermitRequest,
  ReadEventsRequest,
  ReadPaymentRequest,
  QrAnswer,
  QrRequest,
  RedoPaymentRequest,
  RefundPaymentRequest,
  RejectRequestRequest,
  ResolvePaymentRequest,
  SbpAccount,
  SbpNotificationAnswer,
  SbpNotificationRequest,
  SbpSealingKey,
  SetSbpAccountRequest,
  SwitchPaymentRequest,
  TakeRequestAnswer,
  TakeRequestRequest,
  TerminalKnowledge,
  TerminalSettings,
  TerminalStanding,
  Verdict,
  VerdictRequest,
  WebhookDelivery,
  WebhookEndpoint,
  WebhookPage,
} from '@kkm/core';

/** The terminals of a site as its workers need them. */
export interface SiteEquipmentRequest {
  readonly siteId: string;
  /** The highest revision the worker knows; the answer is empty when nothing is newer. Null: send all. */
  readonly knownRevision: number | null;
  /** Whether to name link tests of new terminals, too; a worker of an earlier release does not know what to do with them. */
  readonly linkTests?: boolean;
}

/** `terminals` is null when nothing changed since `knownRevision`; otherwise it is the complete list. */
export interface SiteEquipment {
  readonly revision: number;
  readonly terminals: readonly TerminalSettings[] | null;
  /** Link tests of terminals that are not saved yet, to be taken by any worker of the site. */
  readonly linkTests?: readonly string[];
}

/** Calls that `ledger.rpc` answers: name → request and answer. */
export interface LedgerCalls {
  'payments.open': { request: OpenPaymentRequest; answer: OpenedPayment };
  'payments.redo': { request: RedoPaymentRequest; answer: OpenedPayment };
  'payments.replay': { request: ReplayRequest; answer: OpenedPayment | null };
  'payments.cancel': { request: CancelPaymentRequest; answer: CancelledPayment };
  'payments.refund': { request: RefundPaymentRequest; answer: OpenedPayment };
  'payments.switch': { request: SwitchPaymentRequest; answer: CancelledPayment };
  'payments.resolve': { request: ResolvePaymentRequest; answer: Payment };
  'payments.close': { request: ClosePaymentRequest; answer: Payment };
  'payments.verdict': { request: VerdictRequest; answer: Verdict };
  'payments.read': { request: ReadPaymentRequest; answer: Payment };
  'payments.list': { request: ListPaymentsRequest; answer: PaymentPage };
  'payments.reject': { request: RejectRequestRequest; answer: null };
  'events.read': { request: ReadEventsRequest; answer: EventPage };
  'events.end': { request: Record<string, never>; answer: FeedEnd };
  'terminals.standing': { request: { readonly terminalId: string; readonly siteId: string }; answer: TerminalStanding };
  'terminals.health': { request: HealthRequest; answer: LedgerHealth };
  'worker.lease': { request: LeaseRequest; answer: LeaseAnswer };
  'worker.permit': { request: PermitRequest; answer: PermitAnswer };
  'worker.baseline': { request: BaselineRequest; answer: BaselineAnswer };
  'worker.baseline-ends': { request: EndBaselineRequest; answer: EndBaselineAnswer };
  'worker.knowledge': { request: KnowledgeRequest; answer: TerminalKnowledge };
  'worker.qr': { request: QrRequest; answer: QrAnswer };
  'sbp.notified': { request: SbpNotificationRequest; answer: SbpNotificationAnswer };
  'sbp.sealing-key': { request: Record<string, never>; answer: SbpSealingKey };
  'sbp.account': { request: { readonly siteId: string }; answer: SbpAccount | null };
  'sbp.set-account': { request: SetSbpAccountRequest; answer: SbpAccount };
  'webhooks.sealing-key': { request: Record<string, never>; answer: SbpSealingKey };
  'webhooks.create': { request: CreateWebhookRequest; answer: WebhookEndpoint };
  'webhooks.list': { request: ListWebhooksRequest; answer: WebhookPage };
  'webhooks.read': { request: NamedWebhook; answer: WebhookEndpoint };
  'webhooks.change': { request: ChangeWebhookRequest; answer: WebhookEndpoint };
  'webhooks.delete': { request: NamedWebhook; answer: null };
  'webhooks.rotate': { request: RotateWebhookRequest; answer: WebhookEndpoint };
  'webhooks.test': { request: NamedWebhook; answer: WebhookDelivery };
  'webhooks.deliveries': { request: ListDeliveriesRequest; answer: DeliveryPage };
  'webhooks.replay': { request: ReplayDeliveryRequest; answer: WebhookDelivery };
  'webhooks.replay-range': { request: ReplayRangeRequest; answer: ReplayedRange };
  'restore.overview': { request: Record<string, never>; answer: RestoreOverview };
  'restore.release': { request: ReleaseTerminalRequest; answer: RestoreOverview };
  'restore.assign': { request: AssignChargeRequest; answer: RestoreOverview };
  'worker.heartbeat': { request: HeartbeatRequest; answer: HeartbeatAnswer };
}

/** Calls that `gateway.rpc` answers. */
export interface GatewayCalls {
  'terminals.take': { request: TakeRequestRequest; answer: TakeRequestAnswer };
  'terminals.answered': { request: AnswerRequestRequest; answer: null };
  'equipment.of-site': { request: SiteEquipmentRequest; answer: SiteEquipment };
}

/** What every call is answered with. `error` carries a code of the catalogue; the caller rebuilds the error class from it. */
export type RpcReply<A> =
  | { readonly ok: true; readonly value: A }
  | {
      readonly ok: false;
      readonly error: {
        readonly kind: 'rejected' | 'unavailable' | 'indeterminate' | 'broken';
        readonly code: string;
        readonly detail: string | null;
        readonly members: Readonly<Record<string, unknown>>;
      };
    };
