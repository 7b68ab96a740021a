import { Button, Group, Text } from '@mantine/core';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { callApi } from '../../../api/api.ts';
import { Dialog } from '../../../components/dialog.tsx';
import { ProblemAlert } from '../../../components/problem-alert.tsx';
import { say } from '../../../components/say.ts';

/** Asks once more, and gives a draft up. */
export function DiscardDialog({
  number,
  onDiscarded,
  onClose,
}: {
  readonly number: number;
  readonly onDiscarded: () => void;
  readonly onClose: () => void;
}): ReactNode {
  const { t } = useTranslation();
  const [isBusy, setIsBusy] = useState(false);
  const [problem, setProblem] = useState<unknown>();
  const discard = async (): Promise<void> => {
    setIsBusy(true);
    setProblem(undefined);
    try {
      await callApi('discardDraft', { params: { version: number }, body: {} });
      say.done(t('acts.discarded', { number }));
      onDiscarded();
    } catch (error) {
      setProblem(error);
      setIsBusy(false);
    }
  };
  return (
    <Dialog title={t('acts.discardTitle', { number })} size="md" onClose={onClose}>
      <Text size="sm">{t('acts.discardHelp')}</Text>
      {problem === undefined ? null : <ProblemAlert error={problem} />}
      <Group justify="flex-end">
        <Button variant="default" onClick={onClose} data-autofocus>
          {t('words.cancel')}
        </Button>
        <Button color="red.9" onClick={() => void discard()} loading={isBusy}>
          {t('acts.discard')}
        </Button>
      </Group>
    </Dialog>
  );
}
