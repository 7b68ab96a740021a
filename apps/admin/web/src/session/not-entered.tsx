import { Alert, Anchor, Container } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { useEffect, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { stopLoadingAgain } from './load-again.ts';

/** What is left to say when the server gives the app to somebody who has no session. */
export function NotEntered(): ReactNode {
  const { t } = useTranslation();
  // Whoever goes on does it on purpose.
  useEffect(stopLoadingAgain, []);
  return (
    <Container size="xs" py="xl">
      <Alert color="yellow" role="alert" icon={<IconAlertTriangle aria-hidden />} title={t('problems.UNAUTHENTICATED')}>
        <Anchor href="/admin/">{t('session.signIn')}</Anchor>
      </Alert>
    </Container>
  );
}
