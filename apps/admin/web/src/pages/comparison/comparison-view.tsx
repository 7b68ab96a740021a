import { Button, Chip, Group, Progress, Stack, Text } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { downloadBytes } from '../../components/download.ts';
import { Panel } from '../../components/panel.tsx';
import { ProblemAlert } from '../../components/problem-alert.tsx';
import {
  comparisonDocument,
  countDifferences,
  DIFFERENCE_KINDS,
  shownPrograms,
  type Comparison,
  type ComparisonFilter,
} from './comparison-state.ts';
import { ComparedProgramCard } from './compared-program-card.tsx';

const FILTERS = ['all', 'differing', ...DIFFERENCE_KINDS] as const;

/** What was compared so far: progress, the differences by kind, and each program. */
export function ComparisonView({ comparison }: { readonly comparison: Comparison }): ReactNode {
  const { t } = useTranslation();
  const [filter, setFilter] = useState<ComparisonFilter>('all');
  const { compared, left, right } = comparison;
  const counts = countDifferences(compared);
  const shown = shownPrograms(compared, filter);
  return (
    <Panel
      title={t('comparison.result')}
      help={`${t('comparison.left')}: ${left} · ${t('comparison.right')}: ${right}`}
      actions={
        compared.length === 0 ? undefined : (
          <Button
            size="xs"
            variant="default"
            leftSection={<IconDownload size={16} aria-hidden />}
            onClick={() => downloadBytes('comparison.json', [comparisonDocument(comparison, Date.now())])}
          >
            {t('comparison.download')}
          </Button>
        )
      }
    >
      <Stack>
        <ComparisonProgress comparison={comparison} differing={counts.differing} />
        <Chip.Group value={filter} onChange={(value) => setFilter(FILTERS.find((each) => each === value) ?? 'all')}>
          <Group gap="xs" role="radiogroup" aria-label={t('comparison.filter')}>
            {FILTERS.map((each) => (
              <Chip key={each} value={each} size="sm">
                {t(`comparison.filters.${each}`)} ({counts[each]})
              </Chip>
            ))}
          </Group>
        </Chip.Group>
        {shown.length === 0 && compared.length > 0 ? <Text c="dimmed">{t('comparison.noneOfKind')}</Text> : null}
        <Stack gap="xs" component="ul" p={0} m={0} style={{ listStyle: 'none' }}>
          {shown.map((each) => (
            <li key={each.program.id}>
              <ComparedProgramCard compared={each} left={left} right={right} />
            </li>
          ))}
        </Stack>
      </Stack>
    </Panel>
  );
}

function ComparisonProgress({ comparison, differing }: { readonly comparison: Comparison; readonly differing: number }): ReactNode {
  const { t } = useTranslation();
  const { phase, compared, total, problem } = comparison;
  const share = total === null || total === 0 ? 0 : (100 * compared.length) / total;
  return (
    <Stack gap="xs">
      {phase === 'failed' ? <ProblemAlert error={problem} /> : null}
      {phase === 'running' ? <Progress value={share} aria-label={t('comparison.progress')} animated /> : null}
      <Text role="status">{t(`comparison.phases.${phase}`, { done: compared.length, total: total ?? '…', differing })}</Text>
    </Stack>
  );
}
