import { SimpleGrid, Skeleton, Stack, Table, Text } from '@mantine/core';
import type { UsageAnswer } from '@sandport/admin-api';
import { lazy, Suspense, useMemo, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Panel } from '../../components/panel.tsx';
import { sayDuration } from '../../format/duration.ts';
import { sayNumber } from '../../format/number.ts';
import { FigureTile } from './figure-tile.tsx';
import { usageSteps, usageTotals, type UsageStep, type UsageTotals } from './usage-series.ts';
import { UsageTable } from './usage-table.tsx';

// What draws is heavy, and the figures are there without it.
const UsageCharts = lazy(async () => ({ default: (await import('./usage-charts.tsx')).UsageCharts }));

/** Figures, charts, and the same as a table. */
export function UsageView({ answer, providerId }: { readonly answer: UsageAnswer; readonly providerId: string | null }): ReactNode {
  const { t } = useTranslation();
  const steps = useMemo(() => usageSteps(answer, providerId), [answer, providerId]);
  const totals = useMemo(() => usageTotals(steps, answer, providerId), [steps, answer, providerId]);
  return (
    <Stack gap="lg">
      <Figures totals={totals} clients={answer.clients} />
      <Suspense fallback={<Skeleton height={620} aria-label={t('states.loading')} />}>
        <UsageCharts steps={steps} stepMs={answer.stepMs}>
          <ErrorsPanel totals={totals} />
        </UsageCharts>
      </Suspense>
      <TablePanel steps={steps} />
    </Stack>
  );
}

function Figures({ totals, clients }: { readonly totals: UsageTotals; readonly clients: number }): ReactNode {
  const { t } = useTranslation();
  const { calls, completed, notCompleted, errors, latest, pool } = totals;
  const share = calls === 0 ? null : completed / calls;
  return (
    <SimpleGrid cols={{ base: 2, sm: 3, lg: 6 }} spacing="sm" component="ul" p={0} m={0} style={{ listStyle: 'none' }}>
      <FigureTile
        name={t('overview.calls')}
        value={sayNumber(calls)}
        note={share === null ? undefined : t('overview.completedShare', { share: sayNumber(Math.round(share * 1000) / 10) })}
      />
      <FigureTile name={t('overview.notCompleted')} value={sayNumber(notCompleted)} note={t('overview.notCompletedNote')} />
      <FigureTile name={t('overview.errors')} value={sayNumber(errors)} note={t('overview.errorsNote')} isBad={errors > 0} />
      <FigureTile
        name={t('overview.latency')}
        value={latest === null ? '–' : sayDuration(latest.p50Ms)}
        note={latest === null ? undefined : t('overview.p95Note', { time: sayDuration(latest.p95Ms) })}
      />
      <FigureTile
        name={t('overview.pool')}
        value={pool === null ? '–' : t('overview.poolBusy', { count: pool.busy })}
        note={pool === null ? t('overview.noPool') : t('overview.poolNote', { idle: pool.idle, waiting: pool.waiting })}
        isBad={(pool?.waiting ?? 0) > 0}
      />
      <FigureTile name={t('overview.clients')} value={sayNumber(clients)} note={t('overview.clientsNote')} />
    </SimpleGrid>
  );
}

function ErrorsPanel({ totals: { errorsByCode } }: { readonly totals: UsageTotals }): ReactNode {
  const { t } = useTranslation();
  return (
    <Panel title={t('overview.errorsByCode')} help={t('overview.errorsByCodeHelp')}>
      {errorsByCode.length === 0 ? (
        <Text c="dimmed">{t('overview.noErrors')}</Text>
      ) : (
        <Table>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t('overview.code')}</Table.Th>
              <Table.Th ta="right">{t('overview.count')}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {errorsByCode.map(([code, count]) => (
              <Table.Tr key={code}>
                <Table.Td ff="monospace" className="wrapped-text">
                  {code}
                </Table.Td>
                <Table.Td ta="right">{sayNumber(count)}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      )}
    </Panel>
  );
}

function TablePanel({ steps }: { readonly steps: readonly UsageStep[] }): ReactNode {
  const { t } = useTranslation();
  return (
    <Panel title={t('overview.asTable')} help={t('overview.asTableHelp')}>
      <UsageTable steps={steps} />
    </Panel>
  );
}
