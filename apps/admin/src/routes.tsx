import type { ComponentType } from 'react';
import { createBrowserRouter } from 'react-router';
import type { RouteObject } from 'react-router';
import { BrokenPage } from './pages/broken-page';
import { NotFoundPage } from './pages/not-found-page';
import { StartPage } from './pages/start-page';
import { FirstLoading } from './parts/first-loading';
import { Layout } from './shell/layout';

/** A page that is loaded when it is first asked for. */
function page<Name extends string>(path: string, load: () => Promise<Record<Name, ComponentType>>, name: Name): RouteObject {
  return { path, lazy: async () => ({ Component: (await load())[name] }) };
}

/** The pages, by address below `/admin`. */
const pages: readonly RouteObject[] = [
  page('payments', () => import('./pages/payments/payments-page'), 'PaymentsPage'),
  page('payments/:id', () => import('./pages/payments/payment-page'), 'PaymentPage'),
  page('parked', () => import('./pages/parked/parked-page'), 'ParkedPage'),
  page('parked/:id', () => import('./pages/parked/parked-message-page'), 'ParkedMessagePage'),
  page('webhooks', () => import('./pages/webhooks/webhooks-page'), 'WebhooksPage'),
  page('webhooks/:id', () => import('./pages/webhooks/webhook-page'), 'WebhookPage'),
  page('people', () => import('./pages/people/people-page'), 'PeoplePage'),
  page('api-keys', () => import('./pages/api-keys/api-keys-page'), 'ApiKeysPage'),
  page('audit', () => import('./pages/audit/audit-page'), 'AuditPage'),
  page('account', () => import('./pages/account/account-page'), 'AccountPage'),
  page('equipment/registers/new', () => import('./pages/equipment/new-pages'), 'NewRegisterPage'),
  page('equipment/registers/:siteId/:id', () => import('./pages/equipment/register-page'), 'RegisterPage'),
  page('equipment/terminals/:siteId/:id', () => import('./pages/equipment/terminal-settings-page'), 'TerminalSettingsPage'),
  page('equipment/profiles/new', () => import('./pages/equipment/new-pages'), 'NewProfilePage'),
  page('equipment/profiles/:siteId/:id', () => import('./pages/equipment/profile-page'), 'ProfilePage'),
  page('equipment/sites/new', () => import('./pages/equipment/new-pages'), 'NewSitePage'),
  page('equipment/sites/:id', () => import('./pages/equipment/site-page'), 'SitePage'),
  page('equipment/add-terminal', () => import('./pages/walk/add-terminal-page'), 'AddTerminalPage'),
  page('equipment/instructions/:name', () => import('./pages/equipment/instructions-page'), 'InstructionsPage'),
  page('equipment/:tab?', () => import('./pages/equipment/equipment-page'), 'EquipmentPage'),
  page('terminals', () => import('./pages/terminals/terminals-page'), 'TerminalsPage'),
  page('terminals/:siteId/:id', () => import('./pages/terminals/terminal-page'), 'TerminalPage'),
  page('terminals/:siteId/:id/certification/:certificationId?', () => import('./pages/terminals/certification-page'), 'CertificationPage'),
];

/** Addresses and what they show. */
export const router = createBrowserRouter(
  [
    {
      Component: Layout,
      ErrorBoundary: BrokenPage,
      HydrateFallback: FirstLoading,
      children: [{ index: true, Component: StartPage }, ...pages, { path: '*', Component: NotFoundPage }],
    },
  ],
  { basename: '/admin' },
);
