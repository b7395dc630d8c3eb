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
  page('account', () => import('./pages/account/account-page'), 'AccountPage'),
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
