import { Group, Stack, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { sayDuration } from '../../../format/duration.ts';
import type { ProgramResult } from '../../../format/program-status.ts';
import './phase-clock-chart.css';

const PHASES = [
  { name: 'queue', clock: 'queueMs' },
  { name: 'claim', clock: 'claimMs' },
  { name: 'start', clock: 'startMs' },
  { name: 'run', clock: 'runMs' },
  { name: 'collect', clock: 'collectMs' },
] as const;

/** Where the time of a call went: a bar, and the same in words below it. */
export function PhaseClockChart({ clock }: { readonly clock: ProgramResult['clock'] }): ReactNode {
  const { t } = useTranslation();
  const totalMs = PHASES.reduce((sum, phase) => sum + clock[phase.clock], 0);
  return (
    <Stack gap={6}>
      <div className="phase-bar" aria-hidden>
        {PHASES.map(({ name, clock: key }) =>
          clock[key] <= 0 ? null : (
            <div key={name} className={`phase-part phase-${name}`} style={{ flexGrow: totalMs === 0 ? 1 : clock[key] / totalMs }} />
          ),
        )}
      </div>
      <Group component="dl" gap="md" m={0}>
        {PHASES.map(({ name, clock: key }) => (
          <Group key={name} gap={6} wrap="nowrap">
            <span className={`phase-sign phase-${name}`} aria-hidden />
            <Text component="dt" size="xs" c="dimmed">
              {t(`playground.phases.${name}`)}
            </Text>
            <Text component="dd" size="xs" m={0}>
              {sayDuration(clock[key])}
            </Text>
          </Group>
        ))}
      </Group>
    </Stack>
  );
}
