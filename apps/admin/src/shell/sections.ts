import { IconBuildingStore, IconCreditCard, IconHistory, IconKey, IconMailPause, IconReceipt, IconUsers, IconWebhook } from '@tabler/icons-react';
import type { Scope } from '@kkm/contracts';

/** The sections of the page, in the order of the menu, each with the scopes of which one is enough to see it. */
export const sections = [
  { name: 'payments', path: '/payments', icon: IconReceipt, scopes: ['payments:read'] },
  { name: 'equipment', path: '/equipment', icon: IconBuildingStore, scopes: ['equipment:write'] },
  { name: 'terminals', path: '/terminals', icon: IconCreditCard, scopes: ['payments:read', 'equipment:write'] },
  { name: 'parked', path: '/parked', icon: IconMailPause, scopes: ['admin'] },
  { name: 'webhooks', path: '/webhooks', icon: IconWebhook, scopes: ['equipment:write', 'admin'] },
  { name: 'people', path: '/people', icon: IconUsers, scopes: ['admin'] },
  { name: 'apiKeys', path: '/api-keys', icon: IconKey, scopes: ['admin'] },
  { name: 'audit', path: '/audit', icon: IconHistory, scopes: ['admin'] },
] as const satisfies readonly { readonly name: string; readonly path: string; readonly icon: unknown; readonly scopes: readonly Scope[] }[];
/** One of {@link sections}. */
export type Section = (typeof sections)[number];
