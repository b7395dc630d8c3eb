export { openingKeys, sealSecret } from './sealed-secrets';
export type { OpeningKeys, SealedFor, SealedForBank, SealedForRegister, SealedForWebhook } from './sealed-secrets';
