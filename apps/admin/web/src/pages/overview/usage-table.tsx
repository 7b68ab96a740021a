import { Table, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { ScrollingTable } from '../../components/scrolling-table.tsx';
import { sayDuration } from '../../format/duration.ts';
import { sayMoment } from '../../format/moment.ts';
import { sayNumber } from '../../format/number.ts';
import { callsOf, type UsageStep } from './usage-series.ts';

const MAX_ROWS = 60;

/** The steps in which something was called, the newest first: what the charts show, for whoever cannot see them. */
export function UsageTable({ steps }: { readonly steps: readonly UsageStep[] }): ReactNode {
  const { t } = useTranslation();
  const rows = steps.filter(({ statuses, errors }) => callsOf(statuses) > 0 || errors > 0).toReversed();
  if (rows.length === 0) return <Text c="dimmed">{t('overview.noCalls')}</Text>;
  return (
    <ScrollingTable label={t('overview.tableRegion')} minWidth={420} maxHeight={360} stickyHeader>
      <Table.Thead>
        <Table.Tr>
          <Table.Th>{t('overview.from')}</Table.Th>
          <Table.Th ta="right">{t('statuses.completed.name')}</Table.Th>
          <Table.Th ta="right">{t('overview.notCompleted')}</Table.Th>
          <Table.Th ta="right">{t('overview.errors')}</Table.Th>
          <Table.Th ta="right">p50 / p95</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {rows.slice(0, MAX_ROWS).map(({ atMs, statuses, errors, p50Ms, p95Ms }) => (
          <Table.Tr key={atMs}>
            <Table.Td style={{ whiteSpace: 'nowrap' }}>{sayMoment(atMs)}</Table.Td>
            <Table.Td ta="right">{sayNumber(statuses.completed)}</Table.Td>
            <Table.Td ta="right">{sayNumber(callsOf(statuses) - statuses.completed)}</Table.Td>
            <Table.Td ta="right">{sayNumber(errors)}</Table.Td>
            <Table.Td ta="right" style={{ whiteSpace: 'nowrap' }}>
              {p50Ms === null || p95Ms === null ? '–' : `${sayDuration(p50Ms)} / ${sayDuration(p95Ms)}`}
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </ScrollingTable>
  );
}
