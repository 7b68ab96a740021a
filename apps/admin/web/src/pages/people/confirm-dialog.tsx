import { Button, Group, Text } from '@mantine/core';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Dialog } from '../../components/dialog.tsx';
import { ProblemAlert } from '../../components/problem-alert.tsx';

/** Asks before something is done that cannot be taken back. What it throws is told in the dialog. */
export function ConfirmDialog({
  title,
  text,
  act,
  onConfirm,
  onClose,
}: {
  readonly title: string;
  readonly text: string;
  /** What the button says. */
  readonly act: string;
  readonly onConfirm: () => Promise<unknown>;
  readonly onClose: () => void;
}): ReactNode {
  const { t } = useTranslation();
  const [isBusy, setIsBusy] = useState(false);
  const [problem, setProblem] = useState<unknown>();
  const confirm = async (): Promise<void> => {
    setIsBusy(true);
    setProblem(undefined);
    try {
      await onConfirm();
      onClose();
    } catch (error) {
      setProblem(error);
      setIsBusy(false);
    }
  };
  return (
    <Dialog title={title} onClose={onClose}>
      <Text className="wrapped-text">{text}</Text>
      {problem === undefined ? null : <ProblemAlert error={problem} />}
      <Group justify="flex-end">
        <Button variant="default" onClick={onClose} data-autofocus>
          {t('words.cancel')}
        </Button>
        <Button color="red" loading={isBusy} onClick={() => void confirm()}>
          {act}
        </Button>
      </Group>
    </Dialog>
  );
}
