import { Group, Loader, Stack, Tabs, Text } from '@mantine/core';
import { IconTerminal2 } from '@tabler/icons-react';
import type { Installation } from '@sandport/admin-api';
import { useEffect, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { EmptyState } from '../../../components/empty-state.tsx';
import { Panel } from '../../../components/panel.tsx';
import { ProblemAlert } from '../../../components/problem-alert.tsx';
import { StatusBadge } from '../../../components/status-badge.tsx';
import { sayDuration } from '../../../format/duration.ts';
import type { Execution } from '../use-execution.ts';
import { ArtifactList } from './artifact-list.tsx';
import { ClientCode } from './client-code-view.tsx';
import { EvidenceView } from './evidence-view.tsx';
import { OutputView } from './output-view.tsx';
import { PhaseClockChart } from './phase-clock-chart.tsx';
import { ValueView } from './value-view.tsx';

const TABS = ['output', 'value', 'artifacts', 'evidence', 'code'] as const;

/** What a program does and did. */
export function ResultPanel({
  execution,
  installation,
}: {
  readonly execution: Execution | null;
  readonly installation: Installation | undefined;
}): ReactNode {
  const { t } = useTranslation();
  const [tab, setTab] = useState<string | null>('output');
  if (execution === null) {
    return (
      <Panel title={t('playground.result')}>
        <EmptyState icon={<IconTerminal2 />} title={t('playground.nothingRun')} help={t('playground.nothingRunHelp')} />
      </Panel>
    );
  }
  const { result } = execution;
  const count = result?.artifacts.files.length ?? 0;
  return (
    <Panel title={t('playground.result')}>
      <Stack>
        <div role="status" aria-live="polite">
          <Verdict execution={execution} />
        </div>
        {result === null ? null : <PhaseClockChart clock={result.clock} />}
        <Tabs value={tab} onChange={setTab} keepMounted={false}>
          <Tabs.List aria-label={t('playground.result')} mb="sm">
            {TABS.map((name) => (
              <Tabs.Tab key={name} value={name}>
                {t(`playground.resultTabs.${name}`)}
                {name === 'artifacts' && count > 0 ? ` (${count})` : ''}
              </Tabs.Tab>
            ))}
          </Tabs.List>
          <Tabs.Panel value="output">
            <OutputView execution={execution} />
          </Tabs.Panel>
          <Tabs.Panel value="value">
            <ValueView result={result} />
          </Tabs.Panel>
          <Tabs.Panel value="artifacts">
            <ArtifactList artifacts={result?.artifacts ?? null} />
          </Tabs.Panel>
          <Tabs.Panel value="evidence">
            <EvidenceView result={result} />
          </Tabs.Panel>
          <Tabs.Panel value="code">
            <ClientCode body={execution.body} installation={installation} />
          </Tabs.Panel>
        </Tabs>
      </Stack>
    </Panel>
  );
}

function Verdict({ execution }: { readonly execution: Execution }): ReactNode {
  const { t } = useTranslation();
  const { phase, result, problem } = execution;
  if (phase === 'failed') return <ProblemAlert error={problem} />;
  if (phase === 'stopped') return <Text>{t('playground.stopped')}</Text>;
  if (result === null) return <Running execution={execution} />;
  return (
    <Stack gap={4}>
      <Group gap="sm">
        <StatusBadge status={result.status} />
        <Text size="sm" c="dimmed">
          {t('playground.tookOn', { time: sayDuration(result.clock.totalMs), provider: result.providerId })}
        </Text>
      </Group>
      <Text size="sm">{t(`statuses.${result.status}.meaning`)}</Text>
      {result.error === null ? null : (
        <Text size="sm" fw={600} className="wrapped-text">
          {result.error.type}: {result.error.message}
        </Text>
      )}
    </Stack>
  );
}

/** How long a program runs already. Its seconds are not read out. */
function Running({ execution: { startedAtMs, phase } }: { readonly execution: Execution }): ReactNode {
  const { t } = useTranslation();
  const [nowMs, setNowMs] = useState(startedAtMs);
  useEffect(() => {
    const timer = setInterval(() => setNowMs(Date.now()), 1000);
    return () => clearInterval(timer);
  }, []);
  return (
    <Group gap="sm">
      <Loader size="sm" aria-hidden />
      <Text>{phase === 'asked' ? t('playground.asked') : t('playground.running')}</Text>
      <Text c="dimmed" aria-hidden>
        {t('playground.seconds', { count: Math.max(0, Math.round((nowMs - startedAtMs) / 1000)) })}
      </Text>
    </Group>
  );
}
