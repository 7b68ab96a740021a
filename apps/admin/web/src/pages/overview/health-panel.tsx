import { Badge, Button, Group, Paper, Stack, Text, Title } from '@mantine/core';
import { IconAlertTriangle, IconCheck, IconHeartbeat, IconX } from '@tabler/icons-react';
import type { HealthAnswer } from '@sandport/admin-api';
import { useMutation } from '@tanstack/react-query';
import { useEffect, useRef, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { callApi } from '../../api/api.ts';
import { Panel } from '../../components/panel.tsx';
import { ProblemAlert } from '../../components/problem-alert.tsx';
import { ForRole } from '../../components/role-hint.tsx';
import { sayDuration } from '../../format/duration.ts';
import { sayMoment } from '../../format/moment.ts';

/** A look at a provider may start programs. */
const HEALTH_TIMEOUT_MS = 120_000;

const LOOKS = {
  ok: { color: 'green', Icon: IconCheck },
  warning: { color: 'yellow', Icon: IconAlertTriangle },
  failed: { color: 'red', Icon: IconX },
  healthy: { color: 'green', Icon: IconCheck },
  degraded: { color: 'yellow', Icon: IconAlertTriangle },
  unhealthy: { color: 'red', Icon: IconX },
} as const;

type HealthReport = HealthAnswer['reports'][number];

/** Looks at the providers in use when it is asked to: a look costs a program. */
export function HealthPanel(): ReactNode {
  const { t } = useTranslation();
  const looking = useRef<AbortController>(null);
  useEffect(() => () => looking.current?.abort(), []);
  const health = useMutation({
    mutationFn: () => {
      looking.current = new AbortController();
      return callApi('readHealth', { signal: looking.current.signal, timeoutMs: HEALTH_TIMEOUT_MS });
    },
  });
  return (
    <Panel
      title={t('overview.health')}
      help={t('overview.healthHelp')}
      actions={
        <ForRole role="operator">
          <Button
            variant="default"
            leftSection={<IconHeartbeat size={18} aria-hidden />}
            loading={health.isPending}
            onClick={() => health.mutate()}
          >
            {t('overview.lookNow')}
          </Button>
        </ForRole>
      }
    >
      <Stack aria-live="polite">
        {health.isError ? <ProblemAlert error={health.error} onRetry={() => health.mutate()} /> : null}
        {health.isPending ? <Text c="dimmed">{t('overview.looking')}</Text> : null}
        {health.data === undefined ? null : <HealthReports reports={health.data.reports} />}
      </Stack>
    </Panel>
  );
}

function HealthReports({ reports }: { readonly reports: readonly HealthReport[] }): ReactNode {
  const { t } = useTranslation();
  if (reports.length === 0) return <Text c="dimmed">{t('overview.noProvider')}</Text>;
  return reports.map((report) => (
    <Paper key={report.providerId} withBorder p="sm" component="article" aria-label={report.providerId}>
      <Group gap="sm" mb="xs">
        <Title order={3}>{report.providerId}</Title>
        <StateBadge state={report.status} />
        <Text size="sm" c="dimmed">
          {t('overview.lookedAt', { moment: sayMoment(report.checkedAtMs), time: sayDuration(report.durationMs) })}
          {report.isolation === null ? '' : ` · ${report.isolation}`}
        </Text>
      </Group>
      <Stack gap="xs" component="ul" p={0} m={0} style={{ listStyle: 'none' }}>
        {report.checks.map((check) => (
          <li key={check.name}>
            <Group gap="sm" align="flex-start" wrap="nowrap">
              <StateBadge state={check.status} />
              <div>
                <Text size="sm" className="wrapped-text">
                  <b>{check.name}</b>: {check.message}
                </Text>
                {check.remedy === undefined ? null : (
                  <Text size="sm" className="wrapped-text">
                    {check.remedy}
                  </Text>
                )}
              </div>
            </Group>
          </li>
        ))}
      </Stack>
    </Paper>
  ));
}

function StateBadge({ state }: { readonly state: keyof typeof LOOKS }): ReactNode {
  const { t } = useTranslation();
  const { color, Icon } = LOOKS[state];
  return (
    <Badge
      variant="default"
      tt="none"
      leftSection={<Icon size={14} color={`var(--mantine-color-${color}-filled)`} aria-hidden />}
      miw="max-content"
    >
      {t(`overview.states.${state}`)}
    </Badge>
  );
}
