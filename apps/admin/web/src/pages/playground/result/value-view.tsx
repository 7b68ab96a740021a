import { Group, Stack, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { CopyTextButton } from '../../../components/copy-button.tsx';
import { sayNumber } from '../../../format/number.ts';
import type { ProgramResult } from '../../../format/program-status.ts';
import { indentJson } from './indent-json.ts';
import { TextBlock } from './output-view.tsx';

const MAX_SHOWN_LENGTH = 100_000;

/** What main returned, with every digit. */
export function ValueView({ result }: { readonly result: ProgramResult | null }): ReactNode {
  const { t } = useTranslation();
  if (result === null) return <Text c="dimmed">{t('playground.valueLater')}</Text>;
  const text = result.status === 'completed' ? result.valueJson : undefined;
  if (text === undefined) {
    return <Text c="dimmed">{result.status === 'completed' ? t('playground.noMain') : t('playground.noValue')}</Text>;
  }
  const shown = text.length > MAX_SHOWN_LENGTH ? text.slice(0, MAX_SHOWN_LENGTH) : indentJson(text);
  return (
    <Stack gap="xs">
      <TextBlock text={shown} label={t('playground.resultTabs.value')} />
      {text.length > MAX_SHOWN_LENGTH ? (
        <Text size="sm" c="dimmed">
          {t('playground.valueCut', { number: sayNumber(text.length) })}
        </Text>
      ) : null}
      <Group>
        <CopyTextButton text={text} />
      </Group>
    </Stack>
  );
}
