import { Anchor, Group, SimpleGrid, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { useApiQuery } from '../../api/queries.ts';
import { PageHeading } from '../../components/page-heading.tsx';
import { QueryState } from '../../components/query-state.tsx';
import { InstallationSummary } from './installation-summary.tsx';
import { ProviderCardView } from './provider-card.tsx';

/** All providers, and which of them is in use. */
export function ProvidersPage(): ReactNode {
  const { t } = useTranslation();
  const installation = useApiQuery('readInstallation', {}, { refetchIntervalMs: 15_000 });
  return (
    <>
      <PageHeading title={t('providers.title')} help={t('providers.help')} />
      <QueryState query={installation}>
        {(answer) => (
          <>
            <InstallationSummary installation={answer} />
            <SimpleGrid component="ul" cols={{ base: 1, md: 2 }} spacing="md" p={0} m={0} style={{ listStyle: 'none' }}>
              {answer.providers.map((card) => (
                <ProviderCardView key={card.id} card={card} />
              ))}
            </SimpleGrid>
            <Group justify="space-between" mt="lg" gap="sm">
              <Text size="xs" c="dimmed" className="wrapped-text">
                {t('providers.settingsAt', { location: answer.settingsLocation })}
              </Text>
              <Anchor component={Link} to="/policy" size="sm">
                {t('policy.title')}
              </Anchor>
            </Group>
          </>
        )}
      </QueryState>
    </>
  );
}
