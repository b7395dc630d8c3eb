export { CancelPayment } from './cancel-payment';
export { CertifyTerminal } from './certification/certify-terminal';
export { methodOf } from './certification/certification-record';
export type { CertificationRecord, CertificationStage } from './certification/certification-record';
export type { CertificationFilter, CertificationStore } from './certification/certification-store';
export { DriveCertifications } from './certification/drive-certifications';
export { ReadTerminalHealth } from './read-terminal-health';
export type { HealthAsk, HealthLedger, HealthPorts } from './read-terminal-health';
export { RedoPayment } from './redo-payment';
export type { RedoRequest } from './redo-payment';
export { RefundPayment } from './refund-payment';
export type { RefundRequest } from './refund-payment';
export { ResolvePayment } from './resolve-payment';
export type { ResolveRequest } from './resolve-payment';
export { SetSbpAccount } from './set-sbp-account';
export type { SbpAccountRequest, Seal, SealFor } from './set-sbp-account';
export { SwitchPayment } from './switch-payment';
export type { SwitchRequest } from './switch-payment';
export { mustSee, TakePayment } from './take-payment';
export type { OpeningPorts, TakePaymentRequest } from './take-payment';
export type {
  CommandPublisher,
  Digest,
  Equipment,
  Ledger,
  PaymentEquipment,
  RegisterAcquiring,
  RestoreLedger,
  SbpLedger,
  TerminalWay,
  WebhookLedger,
} from './ports';
export { overdueTexts } from './request-store';
export type { NewRequest, RequestFilter, RequestStore, StoredRequest } from './request-store';
export { TerminalRequests } from './terminal-requests';
export type { TerminalAsk, TerminalRequestPorts } from './terminal-requests';
