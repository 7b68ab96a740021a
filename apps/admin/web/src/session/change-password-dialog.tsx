import { Button, Group, PasswordInput, Stack, Text } from '@mantine/core';
import { useState, type SubmitEvent, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { callApi } from '../api/api.ts';
import { Dialog } from '../components/dialog.tsx';
import { ProblemAlert } from '../components/problem-alert.tsx';
import { say } from '../components/say.ts';
import { isUsable, NewPasswordFields, type NewPassword } from './new-password.tsx';

/** Changes the password of whoever is signed in. */
export function ChangePasswordDialog({ onClose }: { readonly onClose: () => void }): ReactNode {
  const { t } = useTranslation();
  const [current, setCurrent] = useState('');
  const [next, setNext] = useState<NewPassword>({ first: '', second: '' });
  const [isTried, setIsTried] = useState(false);
  const [isBusy, setIsBusy] = useState(false);
  const [problem, setProblem] = useState<unknown>();

  const submit = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    setIsTried(true);
    if (current === '' || !isUsable(next)) return;
    setIsBusy(true);
    setProblem(undefined);
    try {
      await callApi('changePassword', { body: { current, next: next.first } });
      say.done(t('session.passwordChanged'));
      onClose();
    } catch (error) {
      setProblem(error);
      setIsBusy(false);
    }
  };

  return (
    <Dialog title={t('session.changePasswordTitle')} size="md" onClose={onClose}>
      <form onSubmit={(event) => void submit(event)} noValidate>
        <Stack>
          <Text size="sm" c="dimmed">
            {t('session.changePasswordHelp')}
          </Text>
          {problem === undefined ? null : <ProblemAlert error={problem} />}
          <PasswordInput
            label={t('session.currentPassword')}
            value={current}
            onChange={(event) => setCurrent(event.currentTarget.value)}
            autoComplete="current-password"
            required
            data-autofocus
            error={isTried && current === '' ? t('session.passwordMissing') : undefined}
          />
          <NewPasswordFields value={next} onChange={setNext} isTried={isTried} />
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              {t('words.cancel')}
            </Button>
            <Button type="submit" loading={isBusy}>
              {t('session.setPassword')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Dialog>
  );
}
