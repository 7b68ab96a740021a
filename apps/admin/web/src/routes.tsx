import { createBrowserRouter, redirect, type RouteObject } from 'react-router';
import { ProvidersPage } from './pages/providers/providers-page.tsx';
import { SessionGate, SignedInOnly } from './session/session-gate.tsx';
import { PageFailure } from './shell/page-failure.tsx';
import { PageFrame } from './shell/page-frame.tsx';

type Page = React.ComponentType;

/** Each page is loaded when it is gone to, so that the first view is small: all but the one that is the first. */
const pages: readonly RouteObject[] = [
  // It shows nothing: whoever comes is sent on. Without an element the router takes it for a mistake.
  { index: true, loader: () => redirect('/overview'), element: null },
  page('overview', async () => (await import('./pages/overview/overview-page.tsx')).OverviewPage),
  { path: 'sandbox-settings', Component: ProvidersPage },
  page('sandbox-settings/:provider', async () => (await import('./pages/providers/provider-page.tsx')).ProviderPage),
  page('playground', async () => (await import('./pages/playground/playground-page.tsx')).PlaygroundPage),
  page('compare', async () => (await import('./pages/comparison/comparison-page.tsx')).ComparisonPage),
  page('history', async () => (await import('./pages/history/history-page.tsx')).HistoryPage),
  page('policy', async () => (await import('./pages/policy/policy-page.tsx')).PolicyPage),
  page('audit', async () => (await import('./pages/audit/audit-page.tsx')).AuditPage),
  page('people', async () => (await import('./pages/people/people-page.tsx')).PeoplePage),
  page('*', async () => (await import('./shell/page-not-found.tsx')).PageNotFound),
];

/** Which page is at which address. */
export function createPageRouter(): ReturnType<typeof createBrowserRouter> {
  return createBrowserRouter(
    [
      {
        Component: SessionGate,
        ErrorBoundary: PageFailure,
        HydrateFallback: () => null,
        children: [
          page('first-account', async () => (await import('./pages/sign-in/first-account-page.tsx')).FirstAccountPage),
          page('invitation', async () => (await import('./pages/sign-in/invitation-page.tsx')).InvitationPage),
          {
            Component: SignedInOnly,
            children: [
              {
                Component: PageFrame,
                children: pages.map((child) => ({ ...child, ErrorBoundary: PageFailure })),
              },
            ],
          },
        ],
      },
    ],
    { basename: '/admin' },
  );
}

function page(path: string, load: () => Promise<Page>): RouteObject {
  return { path, lazy: { Component: load } };
}
