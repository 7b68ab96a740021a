import type { Installation, PlaygroundBody } from '@sandport/admin-api';
import { Group, Stack, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { CopyTextButton } from '../../../components/copy-button.tsx';
import { clientCode } from '../client-code.ts';
import { TextBlock } from './output-view.tsx';

/** The same call as a program of one's own. */
export function ClientCode({
  body,
  installation,
}: {
  readonly body: PlaygroundBody;
  readonly installation: Installation | undefined;
}): ReactNode {
  const { t } = useTranslation();
  if (installation === undefined) return null;
  const { providerType, fallback, settingsLocation } = installation;
  const code = clientCode(body, {
    providerIds: [body.configuration.providerId, ...(providerType === null ? [] : [providerType]), ...fallback],
    settingsLocation,
  });
  const isOther = providerType !== body.configuration.providerId;
  return (
    <Stack gap="xs">
      <Text size="sm" c="dimmed">
        {t('playground.clientCodeHelp')}
      </Text>
      {isOther ? (
        <Text size="sm">
          {t('playground.clientCodeOther', { used: body.configuration.providerId, active: providerType ?? t('words.none') })}
        </Text>
      ) : null}
      <TextBlock text={code} label={t('playground.resultTabs.code')} />
      <Group>
        <CopyTextButton text={code} label={t('playground.copyCode')} />
      </Group>
    </Stack>
  );
}
