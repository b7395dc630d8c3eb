export { deliveryLimit, exchanges, exchangeTable, formerBindings, furtherKeys, queues, queueTable, siteUser, siteUserPrefix, terminalQueues } from './topology';
export type { ExchangeDeclaration, FormerBinding, QueueDeclaration } from './topology';
export type { GatewayCalls, LedgerCalls, RpcReply, SiteEquipment, SiteEquipmentRequest } from './rpc';
export { limits } from './fields';
export { cancelPaymentBody, listPaymentsQuery, openPaymentBody, redoPaymentBody, refundPaymentBody, switchPaymentBody } from './http/payments.contract';
export type { OpenPaymentBody, RedoPaymentBody } from './http/payments.contract';
export { setSbpAccountBody } from './http/sbp.contract';
export { followCertificationBody, listCertificationsQuery, startCertificationBody } from './http/certifications.contract';
export type { Certification, ComparedCertification } from './http/certifications.contract';
export { askReportBody, askTerminalBody, createLinkTestBody, listTerminalRequestsQuery, testLinkBody } from './http/terminal-requests.contract';
export type { LinkTest, TestLinkBody } from './http/terminal-requests.contract';
export { terminalHealthQuery } from './http/terminal-health.contract';
export type { SetSbpAccountBody, ShownSbpAccount } from './http/sbp.contract';
export {
  askWebhookBody,
  changeWebhookEndpointBody,
  createWebhookEndpointBody,
  listWebhookDeliveriesQuery,
  listWebhookEndpointsQuery,
  replayWebhooksBody,
  rotateWebhookSecretBody,
} from './http/webhooks.contract';
export { listSettingChangesQuery, undoSettingBody } from './http/setting-changes.contract';
export { dismissParkedBody, listParkedMessagesQuery, replayParkedBody } from './http/parked-messages.contract';
export { listChecksQuery, retryCheckBody } from './http/checks.contract';
export type { OutstandingCheck } from './http/checks.contract';
export { assignChargeBody, releaseTerminalBody } from './http/restore.contract';
export { assignChargeRequest, releaseTerminalRequest } from './restore-messages';
export { closePaymentBody, resolvePaymentBody } from './http/people.contract';
export { completionEventSchema, progressSchema, readEventsQuery, streamQuery } from './http/events.contract';
export {
  automaticAcquiringBody,
  changeRegisterBody,
  changeSiteBody,
  changeTerminalBody,
  changeTerminalProfileBody,
  createRegisterBody,
  createSiteBody,
  createTerminalBody,
  createTerminalProfileBody,
  listEquipmentQuery,
  listSitesQuery,
  oneOfSiteQuery,
} from './http/equipment.contract';
export type { AutomaticAcquiring } from './http/equipment.contract';
export { setFiscalBody } from './http/fiscal.contract';
export type { Fiscal, SetFiscal } from './http/fiscal.contract';
export { createApiKeyBody, listApiKeysQuery, rotateApiKeyBody, scopes } from './http/api-keys.contract';
export type { ApiKey, Scope } from './http/api-keys.contract';
export { listAuditQuery } from './http/audit.contract';
export type { AuditEntry } from './http/audit.contract';
export { changeOwnPasswordBody, signInBody } from './http/sessions.contract';
export type { ShownSession } from './http/sessions.contract';
export { changeUserBody, createUserBody, listUsersQuery, roles, roleScopes, setUserPasswordBody } from './http/users.contract';
export type { ChangeUserBody, CreateUserBody, Role, User } from './http/users.contract';
export type { Fault, Problem } from './http/problem.contract';
export type { ComponentName, JsonSchema, ReadBody, SentBody } from './http/components';
export type { Route } from './http/route';
export { routes } from './http/routes';
export { openApiDocument } from './http/openapi';
export { cancelRequested, ingressEnvelope, ingressTypes, paymentRequested, redoRequested, refundRequested, siteEquipmentRequest } from './messages';
export type { IngressType } from './messages';
export { answerRequestRequest, controlHint, paymentCommand, siteEquipment, takeRequestAnswer, takeRequestRequest } from './worker-messages';
export {
  attemptResult,
  baselineRequest,
  cancelPaymentRequest,
  closePaymentRequest,
  endBaselineRequest,
  heartbeatRequest,
  knowledgeRequest,
  leaseRequest,
  listPaymentsRequest,
  openPaymentRequest,
  permitRequest,
  readEventsRequest,
  readPaymentRequest,
  refundPaymentRequest,
  replayRequest,
  redoPaymentRequest,
  rejectRequestRequest,
  resolvePaymentRequest,
  switchPaymentRequest,
  terminalHealthRequest,
  terminalStandingRequest,
  verdictRequest,
} from './ledger-messages';
export { asyncApiDocument } from './asyncapi';
export {
  changeWebhookRequest,
  createWebhookRequest,
  listDeliveriesRequest,
  listWebhooksRequest,
  namedWebhook,
  replayDeliveryRequest,
  replayRangeRequest,
  rotateWebhookRequest,
} from './webhook-messages';
export { qrRequest, sbpAccountRequest, sbpNotificationRequest, setSbpAccountRequest } from './sbp-messages';
export { doorText } from './kkmserver/door-texts';
export type { DoorText } from './kkmserver/door-texts';
export { readCommand } from './kkmserver/read-command';
export type { ReadCommand } from './kkmserver/read-command';
export { writeAnswer, writeRefusal, writeResult, writeUncertain } from './kkmserver/write-answer';
export type { AnsweredCommand, WrittenAnswer } from './kkmserver/write-answer';
