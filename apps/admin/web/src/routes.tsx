import { createBrowserRouter, redirect, type RouteObject } from 'react-router';
import { SessionGate, SignedInOnly } from './session/session-gate.tsx';
import { PageFailure } from './shell/page-failure.tsx';

type Page = React.ComponentType;

/** Each page is loaded when it is gone to, so that the first view is small. */
const pages: readonly RouteObject[] = [
  { index: true, loader: () => redirect('/overview') },
  page('overview', async () => (await import('./pages/overview/overview-page.tsx')).OverviewPage),
  page('playground', async () => (await import('./pages/playground/playground-page.tsx')).PlaygroundPage),
  page('compare', async () => (await import('./pages/comparison/comparison-page.tsx')).ComparisonPage),
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
                lazy: { Component: async () => (await import('./shell/page-frame.tsx')).PageFrame },
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
