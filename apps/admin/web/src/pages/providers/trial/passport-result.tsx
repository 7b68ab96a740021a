import { Alert, List, Stack, Text } from '@mantine/core';
import { IconCheck, IconX } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { sayDuration } from '../../../format/duration.ts';
import type { Passport } from './trial-progress.ts';

/** What came of a trial, in a few lines. */
export function PassportResult({ passport }: { readonly passport: Passport }): ReactNode {
  const { t } = useTranslation();
  const Icon = passport.passed ? IconCheck : IconX;
  return (
    <Alert
      color={passport.passed ? 'green' : 'red'}
      role="status"
      icon={<Icon aria-hidden />}
      title={passport.passed ? t('trial.passedTitle') : t('trial.failedTitle')}
    >
      <Stack gap="xs">
        <Text size="sm">{passport.passed ? t('trial.passedHelp') : t('trial.failedHelp')}</Text>
        <PassportFacts passport={passport} />
      </Stack>
    </Alert>
  );
}

/** What a passport says, beside its cases. */
export function PassportFacts({ passport }: { readonly passport: Passport }): ReactNode {
  const { t } = useTranslation();
  const { isolation, latency, problem, languages } = passport;
  return (
    <List size="sm" spacing={2}>
      {problem === undefined ? null : <List.Item className="wrapped-text">{t('trial.problem', { problem })}</List.Item>}
      <List.Item>
        {isolation === null ? t('trial.isolationNone') : t('trial.isolation', { kind: isolation.kind, by: isolation.measuredBy })}
      </List.Item>
      {languages.length === 0 ? null : <List.Item>{languages.map((language) => t(`words.languages.${language}`)).join(', ')}</List.Item>}
      {latency === null ? null : (
        <List.Item>{t('trial.latency', { p50: sayDuration(latency.p50Ms), p95: sayDuration(latency.p95Ms) })}</List.Item>
      )}
    </List>
  );
}
