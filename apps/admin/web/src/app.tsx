import { MantineProvider } from '@mantine/core';
import { Notifications } from '@mantine/notifications';
import type { PageFacts } from '@sandport/admin-api';
import { QueryClientProvider } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { I18nextProvider } from 'react-i18next';
import { RouterProvider } from 'react-router';
import { createQueryClient } from './api/query-client.ts';
import { i18n } from './i18n/i18n.ts';
import { createPageRouter } from './routes.tsx';
import { readableShades, styleNonce, theme } from './theme/theme.ts';

/** The admin page. */
export function App({ facts }: { readonly facts: PageFacts | undefined }): ReactNode {
  const [queries] = useState(() => createQueryClient(facts));
  const [router] = useState(createPageRouter);
  return (
    <I18nextProvider i18n={i18n}>
      <MantineProvider theme={theme} cssVariablesResolver={readableShades} defaultColorScheme="auto" getStyleNonce={styleNonce}>
        <QueryClientProvider client={queries}>
          <Notifications position="top-right" zIndex={600} />
          <RouterProvider router={router} />
        </QueryClientProvider>
      </MantineProvider>
    </I18nextProvider>
  );
}
