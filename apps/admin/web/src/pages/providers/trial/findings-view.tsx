import { Accordion, Badge, Code, Group, Stack, Switch, Text, Title } from '@mantine/core';
import { IconAlertTriangle, IconCheck, IconMinus, IconX } from '@tabler/icons-react';
import type { TrialFinding } from '@sandport/admin-api';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { sayDuration } from '../../../format/duration.ts';

const KINDS = ['check', 'language', 'limit', 'latency', 'case'] as const;

const OUTCOMES = {
  passed: { color: 'green', Icon: IconCheck },
  warning: { color: 'yellow', Icon: IconAlertTriangle },
  failed: { color: 'red', Icon: IconX },
  'not-applicable': { color: 'gray', Icon: IconMinus },
} as const;

/** What a trial found, by kind: what was asked, what was found, and what to do. */
export function FindingsView({ findings }: { readonly findings: readonly TrialFinding[] }): ReactNode {
  const { t } = useTranslation();
  const [onlyProblems, setOnlyProblems] = useState(false);
  const shown = onlyProblems ? findings.filter(({ outcome }) => outcome === 'failed' || outcome === 'warning') : findings;
  const count = (outcome: TrialFinding['outcome']): number => findings.filter((finding) => finding.outcome === outcome).length;
  const counts = { passed: count('passed'), warning: count('warning'), failed: count('failed'), skipped: count('not-applicable') };
  if (findings.length === 0) return null;
  return (
    <Stack gap="md">
      <Group justify="space-between" gap="sm">
        <Text size="sm">{t('trial.counts', counts)}</Text>
        <Switch
          size="sm"
          label={t('trial.onlyProblems')}
          checked={onlyProblems}
          onChange={(event) => setOnlyProblems(event.currentTarget.checked)}
        />
      </Group>
      {KINDS.map((kind) => {
        const ofKind = shown.filter((finding) => finding.kind === kind);
        return ofKind.length === 0 ? null : (
          <Stack key={kind} gap="xs" component="section">
            <Title order={3}>{t(`trial.kinds.${kind}`)}</Title>
            <Accordion multiple variant="contained" order={4}>
              {ofKind.map((finding) => (
                <FindingItem key={finding.id} finding={finding} />
              ))}
            </Accordion>
          </Stack>
        );
      })}
    </Stack>
  );
}

function FindingItem({ finding }: { readonly finding: TrialFinding }): ReactNode {
  const { t } = useTranslation();
  const { color, Icon } = OUTCOMES[finding.outcome];
  return (
    <Accordion.Item value={finding.id}>
      <Accordion.Control>
        <Group gap="sm" wrap="nowrap" align="flex-start">
          <Badge variant="light" color={color} tt="none" leftSection={<Icon size={12} aria-hidden />} style={{ flexShrink: 0 }}>
            {t(`trial.outcomes.${finding.outcome}`)}
          </Badge>
          <Text size="sm" className="wrapped-text" style={{ flex: 1 }}>
            {finding.title}
          </Text>
          <Text size="xs" c="dimmed" style={{ whiteSpace: 'nowrap' }}>
            {sayDuration(finding.durationMs)}
          </Text>
        </Group>
      </Accordion.Control>
      <Accordion.Panel>
        <Stack gap="xs">
          <FindingPart title={t('trial.found')}>
            <Text size="sm" className="wrapped-text">
              {finding.message}
            </Text>
          </FindingPart>
          {finding.output === undefined || finding.output === '' ? null : (
            <FindingPart title={t('trial.output')}>
              <Code block className="program-text" tabIndex={0}>
                {finding.output}
              </Code>
            </FindingPart>
          )}
          {finding.remedy === undefined ? null : (
            <FindingPart title={t('trial.remedy')}>
              <Text size="sm" className="wrapped-text">
                {finding.remedy}
              </Text>
            </FindingPart>
          )}
          <Text size="xs" c="dimmed">
            <Code>{finding.id}</Code>
          </Text>
        </Stack>
      </Accordion.Panel>
    </Accordion.Item>
  );
}

function FindingPart({ title, children }: { readonly title: string; readonly children: ReactNode }): ReactNode {
  return (
    <div>
      <Text size="xs" fw={600} c="dimmed">
        {title}
      </Text>
      {children}
    </div>
  );
}
