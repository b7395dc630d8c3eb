export { openingKeys, sealSecret } from './sealed-secrets';
export type { OpeningKeys, SealedFor } from './sealed-secrets';
