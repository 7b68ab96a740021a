import { AreaChart, LineChart } from '@mantine/charts';
import '@mantine/charts/styles.css';
import { SimpleGrid } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Panel } from '../../components/panel.tsx';
import { sayDuration } from '../../format/duration.ts';
import { sayNumber } from '../../format/number.ts';
import { PROGRAM_STATUSES, type ProgramStatus } from '../../format/program-status.ts';
import { currentLanguage } from '../../i18n/i18n.ts';
import { callsOf, hasLonePoint, type UsageStep } from './usage-series.ts';

/** Each status has a line of its own as well as a colour. */
const LOOKS = {
  completed: { color: 'green.7' },
  failed: { color: 'red.6', strokeDasharray: '6 3' },
  'timed-out': { color: 'orange.6', strokeDasharray: '2 3' },
  'out-of-memory': { color: 'grape.6', strokeDasharray: '8 3 2 3' },
  'output-limit-exceeded': { color: 'yellow.7', strokeDasharray: '4 4' },
  cancelled: { color: 'gray.6', strokeDasharray: '1 4' },
  killed: { color: 'pink.7', strokeDasharray: '10 4' },
} as const satisfies Readonly<Record<ProgramStatus, object>>;

const CHART = { h: 240, curveType: 'linear', dataKey: 'time', withLegend: true, tickLine: 'none' } as const;

/** Calls by status, latency and pools over time. */
export function UsageCharts({
  steps,
  stepMs,
  children,
}: {
  readonly steps: readonly UsageStep[];
  readonly stepMs: number;
  /** A panel that comes after those of the charts. */
  readonly children: ReactNode;
}): ReactNode {
  const { t } = useTranslation();
  const time = timeFormat(steps, stepMs);
  const used = PROGRAM_STATUSES.filter((status) => status === 'completed' || steps.some(({ statuses }) => statuses[status] > 0));
  const hasPool = steps.some(({ pool }) => pool !== null);
  const calls = steps.reduce((sum, { statuses }) => sum + callsOf(statuses), 0);
  const errors = steps.reduce((sum, step) => sum + step.errors, 0);
  return (
    <SimpleGrid cols={{ base: 1, md: 2 }} spacing="lg">
      <Panel title={t('overview.callsOverTime')}>
        <div role="img" aria-label={t('overview.callsDescription', { calls: sayNumber(calls), errors: sayNumber(errors) })}>
          <AreaChart
            {...CHART}
            type="stacked"
            fillOpacity={0.45}
            withDots={steps.length === 1}
            data={steps.map(({ atMs, statuses, errors: failed }) => ({ time: time(atMs), ...statuses, errors: failed }))}
            series={[
              ...used.map((name) => ({ name, label: t(`statuses.${name}.name`), ...LOOKS[name] })),
              ...(errors > 0 ? [{ name: 'errors', label: t('overview.errors'), color: 'dark.3', strokeDasharray: '3 2' }] : []),
            ]}
            valueFormatter={(value) => sayNumber(value)}
            yAxisProps={{ allowDecimals: false }}
          />
        </div>
      </Panel>
      <Panel title={t('overview.latencyOverTime')}>
        <div role="img" aria-label={t('overview.latencyDescription')}>
          <LineChart
            {...CHART}
            connectNulls={false}
            withDots={hasLonePoint(steps, ({ p50Ms }) => p50Ms)}
            data={steps.map(({ atMs, p50Ms, p95Ms }) => ({ time: time(atMs), p50Ms, p95Ms }))}
            series={[
              { name: 'p50Ms', label: t('overview.p50'), color: 'indigo.6' },
              { name: 'p95Ms', label: t('overview.p95'), color: 'orange.7', strokeDasharray: '6 4' },
            ]}
            valueFormatter={(value) => sayDuration(value)}
            yAxisProps={{ width: 72 }}
          />
        </div>
      </Panel>
      {hasPool ? <PoolPanel steps={steps} time={time} /> : null}
      {children}
    </SimpleGrid>
  );
}

/** Sandboxes of the pools, and the calls that wait for one. */
function PoolPanel({ steps, time }: { readonly steps: readonly UsageStep[]; readonly time: (atMs: number) => string }): ReactNode {
  const { t } = useTranslation();
  return (
    <Panel title={t('overview.poolOverTime')}>
      <div role="img" aria-label={t('overview.poolDescription')}>
        <AreaChart
          {...CHART}
          type="stacked"
          fillOpacity={0.45}
          withDots={hasLonePoint(steps, ({ pool }) => pool)}
          data={steps.map(({ atMs, pool }) => ({
            time: time(atMs),
            busy: pool?.busy ?? null,
            idle: pool?.idle ?? null,
            starting: pool?.starting ?? null,
            waiting: pool?.waiting ?? null,
          }))}
          series={[
            { name: 'busy', label: t('overview.busy'), color: 'indigo.6' },
            { name: 'idle', label: t('overview.idle'), color: 'teal.6', strokeDasharray: '6 3' },
            { name: 'starting', label: t('overview.starting'), color: 'gray.6', strokeDasharray: '2 3' },
            { name: 'waiting', label: t('overview.waiting'), color: 'red.6', strokeDasharray: '8 3 2 3' },
          ]}
          valueFormatter={(value) => sayNumber(value)}
          yAxisProps={{ allowDecimals: false }}
        />
      </div>
    </Panel>
  );
}

/** The time of day, with the date where the range has more than one day. */
function timeFormat(steps: readonly UsageStep[], stepMs: number): (atMs: number) => string {
  const isLong = steps.length * stepMs > 86_400_000;
  const format = new Intl.DateTimeFormat(currentLanguage(), {
    ...(isLong ? { month: 'short', day: 'numeric' } : {}),
    hour: '2-digit',
    minute: '2-digit',
    hour12: false,
    ...(stepMs < 60_000 ? { second: '2-digit' } : {}),
  });
  return (atMs) => format.format(atMs);
}
