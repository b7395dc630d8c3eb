import { z } from 'zod';
import { apiKeyPage, apiKeySchema, createApiKeyBody, issuedApiKeySchema, rotateApiKeyBody } from './api-keys.contract';
import { bankIdentitySchema, setBankIdentity } from './bank-identity.contract';
import {
  automaticAcquiringBody,
  automaticAcquiringSchema,
  changeRegisterBody,
  changeSiteBody,
  changeTerminalBody,
  changeTerminalProfileBody,
  createRegisterBody,
  createSiteBody,
  createTerminalBody,
  createTerminalProfileBody,
  registerPage,
  registerSchema,
  sitePage,
  siteSchema,
  terminalPage,
  terminalProfilePage,
  terminalProfileSchema,
  terminalSchema,
} from './equipment.contract';
import { auditEntrySchema, auditPage } from './audit.contract';
import {
  certificationPage,
  certificationSchema,
  comparedCertificationSchema,
  followCertificationBody,
  startCertificationBody,
  testResultSchema,
} from './certifications.contract';
import { completionEventSchema, eventPage, progressSchema, rejectedRequestSchema } from './events.contract';
import { fiscalSchema, setFiscalBody } from './fiscal.contract';
import { dismissParkedBody, parkedMessagePage, parkedMessageSchema, parkedSummarySchema, replayParkedBody } from './parked-messages.contract';
import {
  attemptSchema,
  cancelPaymentBody,
  cardSchema,
  openPaymentBody,
  paymentPage,
  paymentSchema,
  redoPaymentBody,
  refundPaymentBody,
  shownQrSchema,
  switchPaymentBody,
} from './payments.contract';
import {
  closePaymentBody,
  conflictSchema,
  evidenceSchema,
  keptEvidenceSchema,
  resolutionSchema,
  resolvePaymentBody,
  surfacedMoneySchema,
  verdictSchema,
} from './people.contract';
import { problemPage, problemSchema } from './problem.contract';
import { outstandingCheckPage, outstandingCheckSchema, retryCheckBody } from './checks.contract';
import { sbpAccountSchema, setSbpAccountBody } from './sbp.contract';
import { assignChargeBody, releaseTerminalBody, restoreOverviewSchema } from './restore.contract';
import { changeOwnPasswordBody, sessionSchema, signInBody } from './sessions.contract';
import { healthFiguresSchema, terminalHealthSchema } from './terminal-health.contract';
import { settingChangePage, settingChangeSchema, undoSettingBody } from './setting-changes.contract';
import {
  askReportBody,
  askTerminalBody,
  createLinkTestBody,
  linkTestSchema,
  terminalRequestPage,
  terminalRequestSchema,
  testLinkBody,
} from './terminal-requests.contract';
import { transportSchema } from './transport.contract';
import { changeUserBody, createUserBody, setUserPasswordBody, userPage, userSchema } from './users.contract';
import {
  askWebhookBody,
  changeWebhookEndpointBody,
  createWebhookEndpointBody,
  issuedWebhookEndpointSchema,
  replayedWebhooksSchema,
  replayWebhooksBody,
  rotateWebhookSecretBody,
  webhookDeliveryPage,
  webhookDeliverySchema,
  webhookEndpointPage,
  webhookEndpointSchema,
} from './webhooks.contract';

/** Every body of the HTTP contract under its public name; the names of `#/components/schemas`. */
export const components = {
  ApiKey: apiKeySchema,
  ApiKeyPage: apiKeyPage,
  AskReport: askReportBody,
  AskTerminal: askTerminalBody,
  AskWebhook: askWebhookBody,
  AssignFoundCharge: assignChargeBody,
  Attempt: attemptSchema,
  AuditEntry: auditEntrySchema,
  AuditPage: auditPage,
  AutomaticAcquiring: automaticAcquiringSchema,
  BankIdentity: bankIdentitySchema,
  CancelPayment: cancelPaymentBody,
  CardFacts: cardSchema,
  ChangeOwnPassword: changeOwnPasswordBody,
  Certification: certificationSchema,
  CertificationPage: certificationPage,
  ChangeRegister: changeRegisterBody,
  ChangeSite: changeSiteBody,
  ChangeTerminal: changeTerminalBody,
  ChangeTerminalProfile: changeTerminalProfileBody,
  ChangeUser: changeUserBody,
  ChangeWebhookEndpoint: changeWebhookEndpointBody,
  ClosePayment: closePaymentBody,
  ComparedCertification: comparedCertificationSchema,
  CompletionEvent: completionEventSchema,
  Conflict: conflictSchema,
  CreateApiKey: createApiKeyBody,
  CreateLinkTest: createLinkTestBody,
  CreateRegister: createRegisterBody,
  CreateSite: createSiteBody,
  CreateTerminal: createTerminalBody,
  CreateTerminalProfile: createTerminalProfileBody,
  CreateUser: createUserBody,
  CreateWebhookEndpoint: createWebhookEndpointBody,
  DismissParked: dismissParkedBody,
  EventPage: eventPage,
  Evidence: evidenceSchema,
  Fiscal: fiscalSchema,
  FollowCertification: followCertificationBody,
  HealthFigures: healthFiguresSchema,
  IssuedApiKey: issuedApiKeySchema,
  IssuedWebhookEndpoint: issuedWebhookEndpointSchema,
  KeptEvidence: keptEvidenceSchema,
  LinkTest: linkTestSchema,
  OpenPayment: openPaymentBody,
  OutstandingCheck: outstandingCheckSchema,
  OutstandingCheckPage: outstandingCheckPage,
  ParkedMessage: parkedMessageSchema,
  ParkedMessagePage: parkedMessagePage,
  ParkedSummary: parkedSummarySchema,
  Payment: paymentSchema,
  PaymentPage: paymentPage,
  Problem: problemSchema,
  ProblemPage: problemPage,
  Progress: progressSchema,
  RedoPayment: redoPaymentBody,
  RefundPayment: refundPaymentBody,
  Register: registerSchema,
  RegisterPage: registerPage,
  RejectedRequest: rejectedRequestSchema,
  ReleaseTerminal: releaseTerminalBody,
  ReplayedWebhooks: replayedWebhooksSchema,
  ReplayParked: replayParkedBody,
  ReplayWebhooks: replayWebhooksBody,
  Resolution: resolutionSchema,
  ResolvePayment: resolvePaymentBody,
  RestoreOverview: restoreOverviewSchema,
  RetryCheck: retryCheckBody,
  RotateApiKey: rotateApiKeyBody,
  RotateWebhookSecret: rotateWebhookSecretBody,
  SbpAccount: sbpAccountSchema,
  Session: sessionSchema,
  SetAutomaticAcquiring: automaticAcquiringBody,
  SetBankIdentity: setBankIdentity,
  SetFiscal: setFiscalBody,
  SetSbpAccount: setSbpAccountBody,
  SetUserPassword: setUserPasswordBody,
  SettingChange: settingChangeSchema,
  SettingChangePage: settingChangePage,
  ShownQr: shownQrSchema,
  SignIn: signInBody,
  Site: siteSchema,
  SitePage: sitePage,
  StartCertification: startCertificationBody,
  SurfacedMoney: surfacedMoneySchema,
  SwitchPayment: switchPaymentBody,
  Terminal: terminalSchema,
  TerminalHealth: terminalHealthSchema,
  TerminalPage: terminalPage,
  TerminalProfile: terminalProfileSchema,
  TerminalProfilePage: terminalProfilePage,
  TerminalRequest: terminalRequestSchema,
  TerminalRequestPage: terminalRequestPage,
  TerminalTransport: transportSchema,
  TestLink: testLinkBody,
  User: userSchema,
  UserPage: userPage,
  TestResult: testResultSchema,
  UndoSetting: undoSettingBody,
  Verdict: verdictSchema,
  WebhookDelivery: webhookDeliverySchema,
  WebhookDeliveryPage: webhookDeliveryPage,
  WebhookEndpoint: webhookEndpointSchema,
  WebhookEndpointPage: webhookEndpointPage,
} as const satisfies Readonly<Record<string, z.ZodType>>;

/** A name of {@link components}. */
export type ComponentName = keyof typeof components;

/** A body as its reader gets it: defaults filled in. */
export type ReadBody<Name extends ComponentName> = z.output<(typeof components)[Name]>;

/** A body as its sender may write it: what has a default may be left out. */
export type SentBody<Name extends ComponentName> = z.input<(typeof components)[Name]>;

/** A JSON Schema as it stands in a document. */
export type JsonSchema = Readonly<Record<string, unknown>>;

/** The JSON Schemas of all components, each referring to the others by `uri`. What a sender may leave out because of a default is not required. */
export function componentSchemas(uri: (name: string) => string): Record<ComponentName, JsonSchema> {
  const registry = z.registry<{ id: string }>();
  for (const [name, schema] of Object.entries(components)) registry.add(schema, { id: name });
  const { schemas } = z.toJSONSchema(registry, { uri, io: 'input' });
  return Object.fromEntries(Object.entries(schemas).map(([name, schema]) => [name, withoutHeader(schema)])) as Record<ComponentName, JsonSchema>;
}

/** A JSON Schema of one value, without the document header. */
export function jsonSchemaOf(schema: z.ZodType): JsonSchema {
  return withoutHeader(z.toJSONSchema(schema, { io: 'input' }));
}

function withoutHeader(schema: object): JsonSchema {
  return Object.fromEntries(Object.entries(schema).filter(([key]) => key !== '$schema' && key !== '$id'));
}
