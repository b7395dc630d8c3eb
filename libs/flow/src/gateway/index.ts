export { CancelPayment } from './cancel-payment';
export { RedoPayment } from './redo-payment';
export type { RedoRequest } from './redo-payment';
export { ResolvePayment } from './resolve-payment';
export type { ResolveRequest } from './resolve-payment';
export { mustSee, TakePayment } from './take-payment';
export type { OpeningPorts, TakePaymentRequest } from './take-payment';
export type { CommandPublisher, Digest, Equipment, Ledger, PaymentEquipment, RegisterAcquiring } from './ports';
