import { Alert, Button, Group, Progress, Stack, Text } from '@mantine/core';
import { IconPlayerStop } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Dialog } from '../../../components/dialog.tsx';
import { ProblemAlert } from '../../../components/problem-alert.tsx';
import { FindingsView } from './findings-view.tsx';
import { PassportResult } from './passport-result.tsx';
import { TrialChoiceForm, TrialSubject } from './trial-choice.tsx';
import type { TrialStep } from './trial-progress.ts';
import { useTrial } from './use-trial.ts';

interface TrialDialogProps {
  readonly providerId: string;
  readonly name: string;
  /** A draft; `null` for the version in use. */
  readonly version: number | null;
  readonly onClose: () => void;
}

/** Tries a configuration, and shows what is found while it is found. Closing the dialog ends the trial. */
export function TrialDialog({ providerId, name, version, onClose }: TrialDialogProps): ReactNode {
  const { t } = useTranslation();
  const { phase, progress, problem, start, stop, choose } = useTrial();
  return (
    <Dialog title={t('trial.title', { name })} size="xl" onClose={onClose}>
      <TrialSubject version={version} />
      {phase === 'choosing' ? <TrialChoiceForm onStart={(cases) => start({ providerId, version, ...cases })} /> : null}
      {phase === 'running' ? <RunningTrial steps={progress.steps} onStop={stop} /> : null}
      {phase === 'stopped' ? (
        <Alert color="gray" role="status">
          {t('trial.stopped')}
        </Alert>
      ) : null}
      {problem === undefined ? null : <ProblemAlert error={problem} />}
      {progress.passport === undefined ? null : <PassportResult passport={progress.passport} />}
      <FindingsView findings={progress.findings} />
      {phase === 'choosing' || phase === 'running' ? null : (
        <Group justify="flex-end">
          <Button variant="default" onClick={choose}>
            {t('trial.again')}
          </Button>
          <Button onClick={onClose}>{t('words.close')}</Button>
        </Group>
      )}
    </Dialog>
  );
}

function RunningTrial({ steps, onStop }: { readonly steps: readonly TrialStep[]; readonly onStop: () => void }): ReactNode {
  const { t } = useTranslation();
  const now = steps.at(-1);
  const percent = now === undefined || now.total === 0 ? 0 : (100 * now.done) / now.total;
  const name = now === undefined ? t('trial.running') : stepName(now.step);
  return (
    <Stack gap="xs">
      <Group justify="space-between" gap="sm" wrap="nowrap">
        <div role="status">
          <Text size="sm" fw={500}>
            {name}
            {now === undefined ? '' : ` · ${t('trial.progress', { done: now.done, total: now.total })}`}
          </Text>
        </div>
        <Button size="compact-sm" color="red" variant="light" leftSection={<IconPlayerStop size={14} aria-hidden />} onClick={onStop}>
          {t('trial.stop')}
        </Button>
      </Group>
      <Progress value={percent} animated aria-label={name} />
      <Text size="xs" c="dimmed" className="wrapped-text" mih="1.4em">
        {now?.message}
      </Text>
    </Stack>
  );

  function stepName(step: string): string {
    switch (step) {
      case 'create':
      case 'health':
      case 'languages':
      case 'limits':
      case 'latency':
      case 'cases':
      case 'close':
        return t(`trial.steps.${step}`);
      default:
        return step;
    }
  }
}
