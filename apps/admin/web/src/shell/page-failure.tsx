import { Alert, Button, Code, Container, Group, Stack, Text } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useRouteError } from 'react-router';

/** What is shown in place of a page that has failed. */
export function PageFailure(): ReactNode {
  const { t } = useTranslation();
  const error = useRouteError();
  return (
    <Container size="sm" py="xl">
      <Alert color="red" role="alert" icon={<IconAlertTriangle aria-hidden />} title={t('shell.failed')}>
        <Stack gap="sm">
          <Text size="sm">{t('shell.failedHelp')}</Text>
          <Code block>{error instanceof Error ? error.message : String(error)}</Code>
          <Group>
            <Button size="xs" variant="default" onClick={() => window.location.reload()}>
              {t('shell.reload')}
            </Button>
          </Group>
        </Stack>
      </Alert>
    </Container>
  );
}
