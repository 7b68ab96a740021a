import { Alert, Button, Group, Text, TextInput } from '@mantine/core';
import { IconEyeOff } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Dialog } from '../../components/dialog.tsx';
import { CopyTextButton } from '../../components/copy-button.tsx';

/** Something secret that was made and is never shown again. */
export interface Once {
  readonly title: string;
  readonly label: string;
  readonly text: string;
  readonly help: string;
}

/** Shows it, until whoever made it says that it was taken. A click beside the dialog does not close it. */
export function ShownOnceDialog({ once, onClose }: { readonly once: Once; readonly onClose: () => void }): ReactNode {
  const { t } = useTranslation();
  return (
    <Dialog title={once.title}>
      <Alert color="yellow" icon={<IconEyeOff aria-hidden />}>
        {t('people.shownOnce')}
      </Alert>
      <TextInput
        label={once.label}
        value={once.text}
        readOnly
        data-autofocus
        onFocus={(event) => event.currentTarget.select()}
        autoComplete="off"
        spellCheck={false}
        styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)' } }}
      />
      <Text size="sm" c="dimmed">
        {once.help}
      </Text>
      <Group justify="space-between">
        <CopyTextButton text={once.text} />
        <Button onClick={onClose}>{t('people.taken')}</Button>
      </Group>
    </Dialog>
  );
}
