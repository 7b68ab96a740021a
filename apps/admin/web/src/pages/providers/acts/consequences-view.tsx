import { Group, List, Stack, Text, Title } from '@mantine/core';
import type { Consequences } from '@sandport/admin-api';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { DifferencesTable } from '../../../components/differences-table.tsx';
import { FindingsList } from '../../../components/findings-list.tsx';
import { sayNumber } from '../../../format/number.ts';
import { PassportBadge } from '../provider-badges.tsx';

/** What comes of using a version: who notices, what changes, what is proven, what speaks against it. */
export function ConsequencesView({ consequences }: { readonly consequences: Consequences }): ReactNode {
  const { t } = useTranslation();
  const { followers, providerType, differences, proofs, findings } = consequences;
  return (
    <Stack gap="md">
      <Stack gap={4}>
        <Text size="sm" fw={500}>
          {followers.clients === 0
            ? t('acts.noFollowers')
            : t('acts.followers', { clients: sayNumber(followers.clients), calls: sayNumber(followers.callsLastMinute) })}
        </Text>
        {providerType.before === providerType.after || providerType.after === null ? null : (
          <Text size="sm" fw={500}>
            {t('acts.switchProvider', { before: providerType.before ?? t('words.none'), after: providerType.after })}
          </Text>
        )}
      </Stack>
      <Stack gap="xs" component="section">
        <Title order={3}>{t('acts.differencesTitle')}</Title>
        <DifferencesTable differences={differences} label={t('acts.differencesTitle')} />
      </Stack>
      {proofs.length === 0 ? null : (
        <Stack gap="xs" component="section">
          <Title order={3}>{t('acts.proofsTitle')}</Title>
          <List size="sm" spacing={6} listStyleType="none">
            {proofs.map(({ providerId, passport, objection }) => (
              <List.Item key={providerId}>
                <Group gap="xs">
                  <Text size="sm">{providerId}</Text>
                  <PassportBadge passport={passport} />
                </Group>
                {objection === null ? null : (
                  <Text size="sm" c="var(--mantine-color-error)" className="wrapped-text">
                    {t('acts.objection', { objection })}
                  </Text>
                )}
              </List.Item>
            ))}
          </List>
        </Stack>
      )}
      <FindingsList findings={findings} />
    </Stack>
  );
}
