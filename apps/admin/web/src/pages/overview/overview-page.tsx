import { Button, SegmentedControl, Select, Stack } from '@mantine/core';
import { IconChartHistogram } from '@tabler/icons-react';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { callApi } from '../../api/api.ts';
import { useApiQuery } from '../../api/queries.ts';
import { EmptyState } from '../../components/empty-state.tsx';
import { PageHeading } from '../../components/page-heading.tsx';
import { QueryState } from '../../components/query-state.tsx';
import { HealthPanel } from './health-panel.tsx';
import { UsageView } from './usage-view.tsx';

/** How far back it can be looked, in minutes. */
const RANGES = [
  { minutes: 15, key: 'quarterHour' },
  { minutes: 60, key: 'hour' },
  { minutes: 1440, key: 'day' },
  { minutes: 10_080, key: 'week' },
] as const;

const REFRESH_INTERVAL_MS = 5000;
const ALL = 'all';

/** How the sandboxes are used, now and before. */
export function OverviewPage(): ReactNode {
  const { t } = useTranslation();
  const [minutes, setMinutes] = useState<number>(60);
  const [providerId, setProviderId] = useState<string | null>(null);
  const installation = useApiQuery('readInstallation', {}, { refetchIntervalMs: 30_000 });
  const usage = useQuery({
    queryKey: ['readUsage', minutes],
    queryFn: ({ signal }) => callApi('readUsage', { query: { minutes }, signal }),
    refetchInterval: REFRESH_INTERVAL_MS,
    // Another range takes the place of this one when it is there.
    placeholderData: keepPreviousData,
  });
  const providers = installation.data?.providers ?? [];
  const ids = new Set([
    ...(usage.data?.points ?? []).map((point) => point.providerId),
    ...providers.filter(({ isConfigured }) => isConfigured).map(({ id }) => id),
  ]);
  return (
    <>
      <PageHeading title={t('overview.title')} help={t('overview.help')}>
        <Select
          aria-label={t('overview.ofProvider')}
          w="13rem"
          data={[
            { value: ALL, label: t('overview.allProviders') },
            ...[...ids].map((id) => ({ value: id, label: providers.find((each) => each.id === id)?.displayName ?? id })),
          ]}
          value={providerId ?? ALL}
          onChange={(value) => setProviderId(value === ALL ? null : value)}
          allowDeselect={false}
        />
        <SegmentedControl
          aria-label={t('overview.range')}
          value={String(minutes)}
          onChange={(value) => setMinutes(Number(value))}
          data={RANGES.map((range) => ({ value: String(range.minutes), label: t(`overview.ranges.${range.key}`) }))}
        />
      </PageHeading>
      <Stack gap="lg">
        <QueryState
          query={usage}
          isEmpty={({ points, clients }) => points.length === 0 && clients === 0}
          empty={
            <EmptyState icon={<IconChartHistogram />} title={t('overview.nothing')} help={t('overview.nothingHelp')}>
              <Button component={Link} to="/playground" variant="default">
                {t('overview.toPlayground')}
              </Button>
            </EmptyState>
          }
        >
          {(answer) => <UsageView answer={answer} providerId={providerId} />}
        </QueryState>
        <HealthPanel />
      </Stack>
    </>
  );
}
